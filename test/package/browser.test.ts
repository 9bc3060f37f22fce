/** The packed package in Chromium: built by Vite and by webpack, by script tags, and in Web Workers of both kinds. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BrowserPage, openPage } from '../support/browser';
import { describeDevice } from '../support/devices';
import { ROOT } from './packed';
import { type Project, REPORT, expectedReport, makeProject } from './project';
import { scriptTagTests } from './script_tag_tests';
import { SCRIPTS_PAGE, scriptFiles, tfjsFiles } from './script_tags';

const html = (script: string) =>
  `<!doctype html><meta charset="utf-8"><title>project</title><link rel="icon" href="data:,">${script}`;
const IMPORTS = "import * as tf from '@tensorflow/tfjs'; import * as pooling from 'tfjs-im2col-pooling';";
// One backend's kernels only; the page checks that they run.
const BASE_IMPORTS = `import * as tf from '@tensorflow/tfjs-core'; import '@tensorflow/tfjs-backend-webgl';
  import 'tfjs-im2col-pooling/backends/webgl'; 
  import { im2colMaxPooling2d, maxPool2d } from 'tfjs-im2col-pooling/base'; const pooling = { im2colMaxPooling2d, maxPool2d };`;
/** Text of our webgl kernels, and of the SIMD module for cpu and wasm. */
const KERNEL_MARKS = ['unpackedInputs', '+!6!H!B'];
const WORKER = "new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })";
const tell = (report: string) =>
  `${report}.then((r) => { globalThis.result = r; }, (error) => { globalThis.result = error.stack; });`;
const askWorker = (worker: string) =>
  `globalThis.result = undefined; ${worker}.onmessage = ({ data }) => { globalThis.result = data; };`;
const answer = (report: string) => `${report}.then(postMessage, (error) => postMessage(error.stack));`;

const FILES = {
  'index.html': html('<script type="module" src="./main.js"></script>'),
  'main.js': `${IMPORTS} ${REPORT} ${tell("report(tf, pooling, 'webgl')")}`,
  'base.html': html('<script type="module" src="./base.js"></script>'),
  'base.js': `${BASE_IMPORTS} ${REPORT} ${tell("report(tf, pooling, 'webgl')")}`,
  'ask.html': html('<script type="module" src="./ask.js"></script>'),
  'ask.js': askWorker(WORKER),
  'worker.js': `${IMPORTS} ${REPORT} ${answer("report(tf, pooling, 'cpu')")}`,
  'tags.html': html(`<script src="tf.min.js"></script><script src="im2col.js"></script>
    <script>${REPORT} ${tell("report(tf, im2colPooling, 'webgl')")}</script>`),
  'late.html': html(
    '<script>onerror = (message) => { globalThis.result = message; return true; };</script><script src="im2col.js"></script>',
  ),
  'tags_worker.html': html(`<script>${askWorker("new Worker('classic_worker.js')")}</script>`),
  'classic_worker.js': `importScripts('tf.min.js', 'im2col.js'); ${REPORT} ${answer("report(tf, im2colPooling, 'cpu')")}`,
};

const BUILD_BY_VITE = `
  import { build } from ${JSON.stringify(join(ROOT, 'node_modules/vite/dist/node/index.js'))};
  for (const [folder, input] of [['vite', ['index.html', 'ask.html']], ['vite_base', ['base.html']]]) {
    await build({
      root: process.cwd(), base: './', logLevel: 'warn', configFile: false, worker: { format: 'es' },
      build: { outDir: folder, chunkSizeWarningLimit: 10_000, rollupOptions: { input } },
    });
  }`;
const BUILD_BY_WEBPACK = `
  import webpack from ${JSON.stringify(join(ROOT, 'node_modules/webpack/lib/index.js'))};
  webpack({
    // Not minified, as Vite's is: that takes terser most of the time. What is not used is left out all the same.
    mode: 'production', optimization: { minimize: false }, context: process.cwd(), performance: false, entry: { main: './main.js', base: './base.js', ask: './ask.js' },
    output: { path: process.cwd() + '/webpack', filename: '[name].js', publicPath: '' },
  }, (error, stats) => {
    const problems = error ?? stats.toJson({ all: false, errors: true, warnings: true });
    if (error || stats.hasErrors() || stats.hasWarnings()) { console.error(JSON.stringify(problems)); process.exitCode = 1; }
  });`;

describeDevice('webgl', 'the packed package', () => {
  let project: Project;
  let page: BrowserPage;

  beforeAll(async () => {
    project = makeProject(['tfjs', 'tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu', 'tfjs-backend-webgl']);
    project.write({ ...FILES, 'vite.mjs': BUILD_BY_VITE, 'webpack.mjs': BUILD_BY_WEBPACK });
    for (const bundler of ['vite', 'webpack']) project.node([`${bundler}.mjs`]);
    project.write(
      Object.fromEntries(
        ['main', 'base', 'ask'].map((name) => [`webpack/${name}.html`, html(`<script src="${name}.js"></script>`)]),
      ),
    );
    const built = ['vite', 'vite_base', 'webpack'].flatMap((folder) => filesOf(join(project.folder, folder)));
    const files = {
      ...Object.fromEntries(built.map((file) => [`/${relative(project.folder, file)}`, readFileSync(file)])),
      ...Object.fromEntries(Object.entries(FILES).map(([name, text]) => [`/${name}`, text])),
      ...scriptFiles(project),
      ...tfjsFiles(),
      '/scripts.html': SCRIPTS_PAGE,
    };
    // tfjs's wasm backend takes half of them as threads.
    page = await openPage(files, { cores: 4 });
  });
  afterAll(async () => {
    await page?.close();
    project?.remove();
  });

  const resultOf = async (path: string): Promise<unknown> => {
    await page.playwright.goto(page.url + path);
    await page.playwright.waitForFunction(
      () => 'result' in globalThis && (globalThis as { result?: unknown }).result !== undefined,
    );
    return page.playwright.evaluate(() => (globalThis as { result?: unknown }).result);
  };

  test.each(['vite/index.html', 'webpack/main.html'])('%s', async (path) => {
    expect(await resultOf(path)).toEqual(expectedReport('webgl'));
  });

  test.each(['vite_base/base.html', 'webpack/base.html'])('%s: ./base and the kernels of one backend', async (path) => {
    expect(await resultOf(path)).toEqual(expectedReport('webgl'));
  });

  test.each(['vite/ask.html', 'webpack/ask.html'])('%s: a module in a Web Worker', async (path) => {
    expect(await resultOf(path)).toEqual(expectedReport('cpu'));
  });

  test('script tags', async () => {
    expect(await resultOf('tags.html')).toEqual(expectedReport('webgl'));
  });

  test('script tags in the wrong order say so', async () => {
    expect(await resultOf('late.html')).toContain(
      'expected the script tag of tf.min.js before this one; got no global tf.',
    );
  });

  scriptTagTests(() => page);

  test('importScripts in a Web Worker', async () => {
    expect(await resultOf('tags_worker.html')).toEqual(expectedReport('cpu'));
  });

  test('neither bundler puts kernels into ./base that were not asked for', () => {
    const marked = (files: string[]) => {
      const code = files
        .filter((file) => file.endsWith('.js'))
        .map((file) => readFileSync(file, 'utf8'))
        .join('\n');
      return KERNEL_MARKS.map((mark) => code.includes(mark));
    };
    const folder = (name: string) => join(project.folder, name);
    expect(marked(filesOf(folder('vite')))).toEqual([true, true]);
    expect(marked(filesOf(folder('vite_base')))).toEqual([true, false]);
    expect(marked([folder('webpack/main.js')])).toEqual([true, true]);
    expect(marked([folder('webpack/base.js')])).toEqual([true, false]);
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesOf(path) : [path]));
}
