// The build: dist/ with ES modules and CommonJS for every entry of package.json's `exports`, their types, and one file for a script tag.
// Code that entries share lies in chunks, one per set of entries, so that a bundler can leave a backend out.
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

export const ENTRIES = {
  index: 'src/index.ts',
  base: 'src/base.ts',
  ...Object.fromEntries(['cpu', 'wasm', 'webgl', 'webgpu', 'node'].map((name) => [`backends/${name}`, `src/backends/${name}.ts`])),
};

/** TensorFlow.js as its script tag leaves it: one global object with the exports of core and layers. */
const tfGlobal = {
  name: 'tf-global',
  setup(build) {
    build.onResolve({ filter: /^@tensorflow\/tfjs-(core|layers)$/ }, () => ({ path: 'tf', namespace: 'global' }));
    build.onLoad({ filter: /.*/, namespace: 'global' }, () => ({
      contents: `
        if (!globalThis.tf) throw new Error('tfjs-im2col-pooling: expected the script tag of tf.min.js before this one; got no global tf.');
        module.exports = globalThis.tf;`,
    }));
  },
};

const common = { sourcemap: true, target: 'es2020', outDir: 'dist', tsconfig: 'tsconfig.json', silent: true };

export default [
  { ...common, entry: ENTRIES, format: ['cjs', 'esm'], platform: 'neutral', dts: true, splitting: true, treeshake: false },
  {
    ...common,
    entry: { 'tfjs-im2col-pooling.min': 'src/index.ts' },
    format: ['iife'],
    platform: 'browser',
    globalName: 'im2colPooling',
    minify: true,
    dts: false,
    banner: { js: `/*! tfjs-im2col-pooling ${version}, Apache-2.0 */` },
    outExtension: () => ({ js: '.js' }),
    esbuildPlugins: [tfGlobal],
  },
];
