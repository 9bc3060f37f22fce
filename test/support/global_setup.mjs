/**
 * Before all tests: bundles the page that browser tests load (test/support/page.ts) into .cache/page, and
 * tells the tests by environment variables where Chromium and tfjs-node are, if they are.
 */
import { build } from 'esbuild';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHROMIUM_ARGS, findChromium } from '../../.ci/chromium.mjs';
import { tfjsNodePath } from '../../.ci/tfjs_node.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PAGE = join(ROOT, '.cache', 'page');
const WASM = join(ROOT, 'node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist');

export default async function globalSetup() {
  process.env.TEST_CHROMIUM = (await findChromium()) ?? '';
  process.env.TEST_CHROMIUM_ARGS = JSON.stringify(CHROMIUM_ARGS);
  process.env.TEST_TFJS_NODE = (await tfjsNodePath()) ?? '';
  await mkdir(PAGE, { recursive: true });
  await build({
    entryPoints: [join(ROOT, 'test', 'support', 'page.ts')],
    outfile: join(PAGE, 'page.js'),
    bundle: true,
    format: 'iife',
    platform: 'browser',
    sourcemap: 'inline',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"test"' },
  });
  await writeFile(join(PAGE, 'index.html'),
    '<!doctype html><meta charset="utf-8"><title>tests</title><script src="page.js"></script>');
  for (const file of await readdir(WASM)) {
    if (file.endsWith('.wasm')) await copyFile(join(WASM, file), join(PAGE, file));
  }
}
