// The build: dist/ with ES modules and CommonJS for every entry of package.json's `exports`, their types, and one file for a script tag.
// Code that entries share lies in chunks, one per set of entries, so that a bundler can leave a backend out.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

export const ENTRIES = {
  index: 'src/index.ts',
  base: 'src/base.ts',
  ...Object.fromEntries(
    ['cpu', 'wasm', 'webgl', 'webgpu', 'node'].map((name) => [`backends/${name}`, `src/backends/${name}.ts`]),
  ),
};

/**
 * Entries for the sake of the chunks: code lies in one chunk with what the same entries use, so each folder is used by one of its
 * own. Else operations would lie with the layers, and whoever bundles an operation would get tfjs-layers. Not published.
 */
const SPLIT = 'split';
const splitEntries = Object.fromEntries(
  ['ops', 'conv', 'layers', 'install', 'convert', 'compare']
    .filter((folder) => existsSync(`src/${folder}`))
    .map((folder) => {
      const files = readdirSync(`src/${folder}`).filter((name) => name.endsWith('.ts'));
      const file = `.cache/${SPLIT}/${folder}.ts`;
      mkdirSync(`.cache/${SPLIT}`, { recursive: true });
      const lines = files
        .sort()
        .map((name, i) => `export * as n${i} from '../../src/${folder}/${basename(name, '.ts')}';\n`);
      writeFileSync(file, lines.join(''));
      return [`${SPLIT}/${folder}`, file];
    }),
);
/** Each format deletes its own: both are written at the same time. */
const withoutSplit = {
  name: 'without-split',
  buildEnd({ writtenFiles }) {
    for (const { name } of writtenFiles.filter((file) => file.name.includes(`dist/${SPLIT}/`))) rmSync(name);
  },
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

/** What the step to CommonJS adds, its source maps call by the absolute path of the file that they are for. */
const relativeMaps = {
  name: 'relative-maps',
  buildEnd({ writtenFiles }) {
    for (const { name } of writtenFiles.filter((file) => file.name.endsWith('.map'))) {
      const map = JSON.parse(readFileSync(name, 'utf8'));
      map.sources = map.sources.map((source) => (isAbsolute(source) ? basename(source) : source));
      map.file = basename(name, '.map');
      writeFileSync(name, JSON.stringify(map));
    }
  },
};

const common = { sourcemap: true, target: 'es2020', outDir: 'dist', tsconfig: 'tsconfig.json', silent: true };

export default [
  {
    ...common,
    entry: { ...ENTRIES, ...splitEntries },
    format: ['cjs', 'esm'],
    platform: 'neutral',
    dts: { entry: ENTRIES },
    splitting: true,
    plugins: [relativeMaps, withoutSplit],
  },
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
