/** Bundles run_upstream.ts and all that it needs into one file, so that there is one copy of tfjs-core. */
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const CACHE = join(__dirname, '..', '..', '..', '.cache');

/** The bundle's path, and how to remove it. */
export async function bundleUpstream(where: 'node' | 'browser'): Promise<{ path: string; remove(): Promise<void> }> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'upstream-'));
  const path = join(folder, where === 'node' ? 'upstream.cjs' : 'upstream.js');
  await build({
    entryPoints: [join(__dirname, `${where === 'node' ? 'node' : 'page'}_entry.ts`)],
    outfile: path,
    bundle: true,
    platform: where,
    format: where === 'node' ? 'cjs' : 'iife',
    mainFields: ['module', 'main'],
    // tfjs-core declares that its tests have no side effects.
    ignoreAnnotations: true,
    // Jasmine, as a module, knows Node's name for the global object alone.
    define: { 'process.env.NODE_ENV': '"test"', ...(where === 'browser' ? { global: 'globalThis' } : {}) },
    logLevel: 'error',
  });
  if (where === 'node') await copyWasm(folder);
  return { path, remove: () => rm(folder, { recursive: true }) };
}

/** The wasm backend looks for its binaries beside the script that it is in. */
async function copyWasm(folder: string): Promise<void> {
  const from = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
  for (const file of await readdir(from)) {
    if (file.endsWith('.wasm')) await copyFile(join(from, file), join(folder, file));
  }
}
