// The build. dist/: a file per module, as ES modules and as CommonJS, with types, so that a bundler can leave out whatever a program
// does not import; files for script tags; the command; and the page that the command opens for webgl and webgpu.
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licensesOf } from './licenses.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
const CLI = 'src/cli/main.ts';

/** The entries that package.json's `exports` names. */
const ENTRIES = {
  index: 'src/index.ts',
  base: 'src/base.ts',
  convert: 'src/convert/index.ts',
  compare: 'src/compare/index.ts',
  training: 'src/training/index.ts',
  keras: 'src/keras/index.ts',
  ...Object.fromEntries(
    ['cpu', 'wasm', 'webgl', 'webgpu', 'node'].map((name) => [`backends/${name}`, `src/backends/${name}.ts`]),
  ),
};

const common = {
  cwd: ROOT,
  outDir: 'dist',
  clean: false,
  target: 'es2020',
  tsconfig: 'tsconfig.json',
  logLevel: 'error',
  dts: false,
};
/** Which file `#native` is, package.json says to whoever imports the package. */
const modules = { ...common, entry: ENTRIES, unbundle: true, platform: 'neutral', deps: { neverBundle: ['#native'] } };
const types = { ...modules, dts: { emitDtsOnly: true } };
// Documentation lies in the types; a bundler needs the annotations.
const code = { ...modules, outputOptions: { comments: { annotation: true, jsdoc: false, legal: true } } };
/** Beside the script tag of TensorFlow.js, which leaves one global object with the exports of core and layers. */
const script = {
  ...common,
  format: 'iife',
  platform: 'browser',
  minify: true,
  banner: {
    js: `/*! tfjs-im2col-pooling ${version}, Apache-2.0 */
if (!globalThis.tf) throw new Error('tfjs-im2col-pooling: expected the script tag of tf.min.js before this one; got no global tf.');`,
  },
  outputOptions: {
    entryFileNames: '[name].js',
    globals: { '@tensorflow/tfjs-core': 'tf', '@tensorflow/tfjs-layers': 'tf' },
  },
};

/** A line of Python that begins with `import` would make tools take the command for an ES module: no line begins one here. */
const PYTHON_AS_TEXT = {
  name: 'python-as-text',
  load(id) {
    if (!id.endsWith('.py')) return null;
    const lines = readFileSync(id, 'utf8').split('\n');
    return { code: `export default ${JSON.stringify(lines)}.join('\\n');`, moduleType: 'js' };
  },
};

/**
 * The main file for a script tag has the kernels of webgl, and loops for cpu and wasm. SIMD and webgpu have files of their own, as
 * the backends of tfjs have; TensorFlow cannot be had in a browser.
 */
const MAIN_SCRIPT = {
  name: 'main-script',
  resolveId(source, importer = '') {
    const file = relative(ROOT, importer);
    if (file === 'src/kernels/register.ts' && /^\.\/(node|webgpu\/index)$/.test(source)) return NO_KERNELS;
    if (/^src\/kernels\/(cpu|wasm)\.ts$/.test(file) && source.startsWith('./simd/')) return IN_ITS_PLACE('no_simd');
    if (file === 'src/dispatch.ts' && source === './kernels/reference') return IN_ITS_PLACE('reference');
    return null;
  },
  load: (id) => (id === NO_KERNELS ? 'export const nodeKernels = [], webgpuKernels = [];' : null),
};
const NO_KERNELS = '\0no-kernels';
const IN_ITS_PLACE = (name) => join(ROOT, 'src', 'script_tags', `${name}.ts`);

/** Further files, which register kernels with the global tf; whichever tag comes first. */
const SCRIPTS = { simd: 'src/script_tags/simd.ts', webgpu: 'src/backends/webgpu.ts' };

export default [
  { ...code, format: 'esm', outExtensions: () => ({ js: '.mjs' }) },
  { ...code, format: 'cjs', outExtensions: () => ({ js: '.js' }) },
  { ...types, format: 'esm', outExtensions: () => ({ dts: '.d.mts' }) },
  { ...types, format: 'cjs', outExtensions: () => ({ dts: '.d.ts' }) },
  {
    ...script,
    entry: { 'tfjs-im2col-pooling.min': 'src/index.ts' },
    globalName: 'im2colPooling',
    plugins: [MAIN_SCRIPT],
    sourcemap: true,
  },
  ...Object.entries(SCRIPTS).map(([name, source]) => ({
    ...script,
    entry: { [`tfjs-im2col-pooling-${name}.min`]: source },
    sourcemap: true,
  })),
  { ...script, entry: { compare_page: 'src/cli/compare_page.ts' } },
  {
    ...common,
    entry: { cli: CLI },
    format: 'cjs',
    platform: 'node',
    target: 'node18',
    minify: true,
    plugins: [PYTHON_AS_TEXT],
    deps: {
      alwaysBundle: [
        'commander',
        'cli-table3',
        'string-width',
        'cli-progress',
        'picocolors',
        'jsonc-parser',
        'fflate',
        'jsfive',
      ],
      onlyBundle: false,
    },
    outExtensions: () => ({ js: '.js' }),
    // The CommonJS of some requires its parts by names that only run time knows.
    inputOptions: { resolve: { mainFields: ['module', 'main'] } },
    banner: { js: '#!/usr/bin/env node' },
    footer: {
      js: await licensesOf({
        entryPoints: [CLI],
        platform: 'node',
        external: ['@tensorflow/*'],
        loader: { '.py': 'text' },
      }),
    },
  },
];
