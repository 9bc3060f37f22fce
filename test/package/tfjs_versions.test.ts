/**
 * The packed package beside other versions of TensorFlow.js, pinned exactly: npm finds one copy of each part, and pooling runs on
 * our kernels, in Node on cpu and wasm, in Chromium by script tags on webgl and wasm. A release candidate may have no wasm backend.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserPage, openPage } from '../support/browser';
import { missingReason, DEVICES } from '../support/devices';
import { testsWith } from '../support/fetched';
import { packedTarball } from './packed';
import { type Project, REPORT, expectedReport, makeProject } from './project';
import { scriptFiles } from './script_tags';

const folders = JSON.parse(process.env.TEST_TFJS_VERSIONS!) as Record<string, string | null>;
const PARTS = ['tfjs', 'tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu', 'tfjs-backend-webgl', 'tfjs-backend-wasm'];
/** Computes on the backends and prints a line for each. */
const program = (backends: readonly string[]) => `import * as tf from '@tensorflow/tfjs';
  ${backends.includes('wasm') ? "import '@tensorflow/tfjs-backend-wasm';" : ''}
  import * as pooling from 'tfjs-im2col-pooling'; ${REPORT}
  for (const backend of ${JSON.stringify(backends)}) console.log(JSON.stringify(await report(tf, pooling, backend)));`;
const PAGE = `<!doctype html><meta charset="utf-8"><title>project</title><link rel="icon" href="data:,">
  <script src="tf.js"></script><script src="wasm.js"></script><script src="im2col.js"></script><script src="simd.js"></script>
  <script>tf.wasm?.setWasmPaths('/'); ${REPORT}</script>`;

const packageIn = (home: string, part: string) => join(home, 'node_modules', '@tensorflow', part);

/** Versions in a lock file that npm makes for the pinned project with this package in it, by part. */
function lockedVersions(home: string): Record<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'im2col-lock-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(home, file), join(folder, file));
    const flags = ['--package-lock-only', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    execFileSync('npm', ['install', ...flags, packedTarball()], { cwd: folder, stdio: 'pipe' });
    const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    const of = (part: string) =>
      Object.entries(packages)
        .filter(([path]) => path.endsWith(`node_modules/@tensorflow/${part}`))
        .map(([, { version }]) => version);
    return Object.fromEntries(
      PARTS.map((part) => [part, of(part)] as const).filter(([, versions]) => versions.length > 0),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(Object.entries(folders))('tfjs %s', (version, home) => {
  const { declare, note } = testsWith(`tfjs-${version}`, home !== null);
  const noChromium = missingReason(DEVICES.webgl);
  const parts = PARTS.filter((part) => home !== null && existsSync(packageIn(home, part)));
  const wasm = parts.includes('tfjs-backend-wasm') ? ['wasm'] : [];
  let project: Project | undefined;
  let page: BrowserPage | undefined;
  afterAll(async () => {
    await page?.close();
    project?.remove();
  });

  declare(`npm installs this package beside it, and no second copy of any part${note}`, () => {
    expect(home).not.toBeNull();
    expect(lockedVersions(home!)).toEqual(Object.fromEntries(parts.map((part) => [part, [version]])));
  });

  declare(`in Node, on cpu and wasm${note}`, () => {
    expect(home).not.toBeNull();
    project = makeProject(parts, {}, home!);
    const printed = project.node(['--input-type=module', '-e', program(['cpu', ...wasm])]).split('\n');
    const reports = printed.filter((line) => line.startsWith('{"backend"')).map((line) => JSON.parse(line) as unknown);
    expect(reports).toEqual(['cpu', ...wasm].map(expectedReport));
  });

  (noChromium === undefined ? declare : test.skip)(
    `in Chromium, on webgl and wasm${note || (noChromium ?? '')}`,
    async () => {
      expect(project).toBeDefined();
      const of = (part: string, file: string) => readFileSync(join(packageIn(home!, part), 'dist', file));
      const modules = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];
      page = await openPage({
        '/project.html': PAGE,
        '/tf.js': of('tfjs', 'tf.min.js'),
        '/wasm.js': wasm.length > 0 ? of('tfjs-backend-wasm', 'tf-backend-wasm.min.js') : '',
        ...scriptFiles(project!),
        ...Object.fromEntries(
          wasm.length > 0 ? modules.map((file) => [`/${file}`, of('tfjs-backend-wasm', file)]) : [],
        ),
      });
      await page.playwright.goto(`${page.url}project.html`);
      for (const backend of ['webgl', ...wasm]) {
        const found = await page.playwright.evaluate(`report(tf, im2colPooling, '${backend}')`);
        expect(found).toEqual(expectedReport(backend));
      }
    },
  );
});
