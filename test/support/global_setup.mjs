/**
 * Before all tests: bundles the page that browser tests load (test/support/page.ts) into .cache/page, finds
 * out which backends can be had, and tells the tests by environment variables. What is missing is
 * printed here once, by name and reason.
 */
import { build } from 'esbuild';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowsers } from '../../.ci/browsers.mjs';
import { CHROMIUM_ARGS, findChromium } from '../../.ci/chromium.mjs';
import { runtimePaths, tfjsFolders, webgpuInNode } from '../../.ci/from_npm.mjs';
import { tfjsNodePath } from '../../.ci/tfjs_node.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PAGE = join(ROOT, '.cache', 'page');
const WASM = join(ROOT, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist');

export default async function globalSetup() {
  process.env.TEST_CHROMIUM = (await findChromium()) ?? '';
  process.env.TEST_CHROMIUM_ARGS = JSON.stringify(CHROMIUM_ARGS);
  process.env.TEST_BROWSERS = JSON.stringify(findBrowsers());
  process.env.TEST_TFJS_NODE = (await tfjsNodePath()) ?? '';
  process.env.TEST_RUNTIMES = JSON.stringify(runtimePaths());
  process.env.TEST_WEBGPU_NODE = webgpuInNode()?.adapter ?? '';
  process.env.TEST_TFJS_VERSIONS = JSON.stringify(tfjsFolders());
  process.env.TEST_PAGE = PAGE;
  // libtensorflow tells of its own speed.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // TensorFlow decides by the processor whether oneDNN computes averages, which tells right from wrong in the built-in's.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  await bundlePage();
  const missing = await (await loadProbe())();
  if (!process.env.TEST_TFJS_NODE)
    missing.node = 'tfjs-node has no native part here: `node .ci/tfjs_node.mjs` says why';
  process.env.TEST_MISSING = JSON.stringify(missing);
  for (const [name, reason] of Object.entries(missing)) {
    process.stderr.write(`\n!!!! BACKEND NOT AVAILABLE, its tests will not run: ${name}\n!!!! ${reason}\n`);
  }
  for (const [name, { reason }] of Object.entries(findBrowsers())) {
    if (reason) process.stderr.write(`\n!!!! BROWSER NOT AVAILABLE, its tests will not run: ${name}: ${reason}\n`);
  }
}

async function bundlePage() {
  await mkdir(PAGE, { recursive: true });
  const made = join(PAGE, `page.${process.pid}.js`);
  await build({
    entryPoints: [join(ROOT, 'test', 'support', 'page.ts')],
    outfile: made,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    sourcemap: 'inline',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"test"' },
  });
  // In one step: another run of the tests may be reading it.
  await rename(made, join(PAGE, 'page.js'));
  await writeFile(
    join(PAGE, 'index.html'),
    '<!doctype html><meta charset="utf-8"><title>tests</title><link rel="icon" href="data:,"><script src="page.js"></script>',
  );
  for (const file of await readdir(WASM)) {
    if (file.endsWith('.wasm')) await copyFile(join(WASM, file), join(PAGE, file));
  }
}

async function loadProbe() {
  const outfile = join(ROOT, '.cache', `probe.${process.pid}.cjs`);
  await build({
    entryPoints: [join(ROOT, 'test', 'support', 'probe.ts')],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  const { missingInBrowser } = createRequire(import.meta.url)(outfile);
  await rm(outfile);
  return missingInBrowser;
}
