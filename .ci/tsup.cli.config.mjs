// The command, dist/cli.js, with everything in it but tfjs and the package itself, which it loads when it needs them; and the page that
// it opens for webgl and webgpu, dist/compare_page.js, with tfjs in it. Runs after the package's own build, and leaves that alone.
import { licensesOf } from './licenses.mjs';

const common = {
  outDir: 'dist',
  clean: false,
  dts: false,
  sourcemap: false,
  splitting: false,
  minify: true,
  tsconfig: 'tsconfig.json',
  silent: true,
};
const CLI = 'src/cli/main.ts';
const PAGE = 'src/cli/compare_page.ts';

export default [
  {
    ...common,
    entry: { cli: CLI },
    format: ['cjs'],
    platform: 'node',
    target: 'node18',
    noExternal: ['commander', 'cli-table3', 'cli-progress', 'picocolors', 'jsonc-parser'],
    banner: { js: '#!/usr/bin/env node' },
    footer: { js: await licensesOf({ entryPoints: [CLI], platform: 'node', external: ['@tensorflow/*'] }) },
  },
  {
    ...common,
    entry: { compare_page: PAGE },
    format: ['iife'],
    platform: 'browser',
    target: 'es2020',
    noExternal: [/.*/],
    define: { 'process.env.NODE_ENV': '"production"' },
    outExtension: () => ({ js: '.js' }),
    footer: { js: await licensesOf({ entryPoints: [PAGE], platform: 'browser' }) },
  },
];
