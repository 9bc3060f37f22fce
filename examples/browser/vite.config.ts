/** Builds the page into out/demo: a plain folder for any static server, with relative paths and nothing from elsewhere. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { englishCharts } from './build/english_charts';
import { localFiles } from './build/local_files';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..', '..');

export default defineConfig({
  root: HERE,
  base: './',
  resolve: {
    alias: [
      { find: /^tfjs-im2col-pooling$/, replacement: join(ROOT, 'src', 'index.ts') },
      { find: /^tfjs-im2col-pooling\/(convert|compare|training)$/, replacement: join(ROOT, 'src', '$1', 'index.ts') },
    ],
  },
  plugins: [localFiles(), englishCharts()],
  worker: { format: 'es' },
  build: {
    outDir: join(ROOT, 'out', 'demo'),
    emptyOutDir: true,
    target: 'es2022',
    // No data: URLs, so that the content security policy needs none.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The workers carry TensorFlow.js, the page itself does not.
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
  },
  preview: { port: 4173, open: false },
});
