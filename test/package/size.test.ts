/** How many bytes an entry adds to a bundle, minified, without tfjs; and that what is not used is not in it. */
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Project, makeProject } from './project';
import { SCRIPTS } from './script_tags';

/** Program, and the most bytes that its bundle may have. Raise one only with a reason. */
const BUDGETS = {
  // 2,300 of these are windows fitted to the outputs, on the reference path; 1,700 are norms there. 5,700 are the readers of all kinds' options, and the names of other frameworks that errors answer to.
  // 2,200 are the steps of implementation: 'im2col', by kernels.
  'maxPool2d of ./base': ["import { maxPool2d } from 'tfjs-im2col-pooling/base'; maxPool2d([]);", 29_200],
  'maxPool2d of ./base, webgl kernels': [
    "import 'tfjs-im2col-pooling/backends/webgl'; import { maxPool2d } from 'tfjs-im2col-pooling/base'; maxPool2d([]);",
    59_900,
  ],
  // 10,000 of it are comparePooling's judge of sums, its counterparts and its 23 cases of max pooling's siblings; 1,900 are
  // what conversion knows of Keras' names and refuses to lose, and two cases of volumes.
  // 3,000 of it are the proof of tfjs-node's native kernels and what asks for them.
  // 4,700 of it are the threads of wasm: 500 serve any number of modules.
  './base, all of it': ["import * as all from 'tfjs-im2col-pooling/base'; console.log(all);", 301_800],
  '.': ["import * as all from 'tfjs-im2col-pooling'; console.log(all);", 302_500],
  // 4,000 of these are the averages' gradient over windows three wide that overlap, a third faster for it.
  './convert': ["import { convertPooling } from 'tfjs-im2col-pooling/convert'; console.log(convertPooling);", 70_000],
  './compare': ["import { comparePooling } from 'tfjs-im2col-pooling/compare'; console.log(comparePooling);", 70_000],
  // The filter gradient by core operations, for where WebAssembly must not be compiled, takes the kernels of wasm with it.
  // 4,400 of it are chunks, which threads share; 3,200 arithmetic of single elements, which tfjs wakes its threads for.
  './training': [
    "import { registerWasmTrainingKernels } from 'tfjs-im2col-pooling/training'; registerWasmTrainingKernels();",
    200_100,
  ],
  // 12,100 of each host's, and 3,000 of each GPU's, are norms and their gradients, 50 times faster for it.
  // 2,000 of each host's, and 3,000 of webgl's, are windows fitted to the outputs, which are as fast as others by it.
  // 2,900 of each host's are im2col and col2im in WebAssembly, 3 to 10 times faster for it.
  // 3,800 of each host's are windows whose elements are read once, up to three times as fast for it.
  // 500 of each host's are averages over wide windows of many channels, four times as fast by it.
  // 900 of each host's are windows of 2x2x2, a third to two fifths faster by it.
  // 4,300 of each host's are windows of 3x3 with their argmax, two fifths faster by it, and their gradient with a stride of 2.
  // 16,100 of each host's are adaptive pooling of one channel, up to eight times as fast by it; 4,000 of them are its integers.
  // 38,500 of each host's are kernels for one channel, that is for channels first: 5 to 40 times faster for it.
  // 1,700 of each host's are windows of 2x2 over integers, twice as fast for it.
  // 4,100 of each host's are volumes of one channel, and windows of four columns side by side, up to five times as fast by it.
  // 13,500 of each host's are windows of 3x3 and 2x2 of one channel, up to three times as fast by it, and their gradients.
  // 17,200 of each host's are an argmax of bytes: a quarter of what training keeps, and hot loops for it as fast as those for int32.
  // 2,500 of each host's are norms of one channel and their gradient, 3 to 7 times as fast by it.
  './backends/cpu': ["import 'tfjs-im2col-pooling/backends/cpu';", 156_200],
  // 6,700 of it are its threads: 500 serve a second module, 300 are a worker that stays awake for a while, and calls without arrays of arguments.
  './backends/wasm': ["import 'tfjs-im2col-pooling/backends/wasm';", 158_600],
  // 2,100 of it are 2x2 blocks of planes: channels first up to three times as fast, one-dimensional images up to ten times.
  './backends/webgl': ["import 'tfjs-im2col-pooling/backends/webgl';", 33_600],
  // 500 of it read tensors whose buffer holds another dtype, as a cast on webgpu leaves it.
  './backends/webgpu': ["import 'tfjs-im2col-pooling/backends/webgpu';", 23_900],
  // With the reading of options, by which TensorFlow's averages are put to the proof.
  './backends/node': ["import 'tfjs-im2col-pooling/backends/node';", 169_800],
  'nothing of ./base': ["import 'tfjs-im2col-pooling/base';", 0],
} as const satisfies Record<string, readonly [string, number]>;

/** Text that minifying leaves alone, of one backend's kernels each. */
const MARKS = { webgl: 'packedInputs', webgpu: 'workgroupSize', simd: '+!6!H!B' } as const;

let project: Project;
const bundles = new Map<string, string>();

beforeAll(async () => {
  project = makeProject(['tfjs-core', 'tfjs-layers']);
  for (const [name, [program]] of Object.entries(BUDGETS)) {
    const { outputFiles, warnings } = await build({
      stdin: { contents: program, resolveDir: project.folder },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      external: ['@tensorflow/*'],
      logLevel: 'silent',
    });
    // That the last of them imports for nothing, esbuild may well say.
    if (name !== 'nothing of ./base') expect(warnings).toEqual([]);
    bundles.set(name, outputFiles[0].text);
  }
});
afterAll(() => {
  if (!project) return;
  const scripts = Object.values(SCRIPTS).map((file) => [file, readFileSync(join(project.installed, file))] as const);
  const rows = [...bundles, ...scripts].map(
    ([name, code]) =>
      `${name.padEnd(42)} ${String(Buffer.byteLength(code)).padStart(7)} bytes, ${String(gzipSync(code).length).padStart(6)} gzipped`,
  );
  process.stdout.write(`\nSizes, minified, without tfjs:\n${rows.join('\n')}\n`);
  project.remove();
});

test.each(Object.entries(BUDGETS))('%s', (name, [, budget]) => {
  expect(Buffer.byteLength(bundles.get(name)!)).toBeLessThanOrEqual(budget);
});

test('operations do without the layers of tfjs', () => {
  expect(bundles.get('maxPool2d of ./base')).not.toContain('@tensorflow/tfjs-layers');
  expect(bundles.get('maxPool2d of ./base, webgl kernels')).not.toContain('@tensorflow/tfjs-layers');
  expect(bundles.get('./base, all of it')).toContain('@tensorflow/tfjs-layers');
});

/** The files for script tags, and the most bytes that each may have gzipped. The main one is for every page, and stays at 45,000. */
const SCRIPT_BUDGETS = {
  'im2col.js': 45_000,
  'simd.js': 49_600,
  'webgpu.js': 8_100,
} as const satisfies Record<keyof typeof SCRIPTS, number>;

const scriptFile = (name: keyof typeof SCRIPTS) => readFileSync(join(project.installed, SCRIPTS[name]));

test.each(Object.entries(SCRIPT_BUDGETS))('the script-tag file %s', (name, budget) => {
  expect(gzipSync(scriptFile(name as keyof typeof SCRIPTS)).length).toBeLessThanOrEqual(budget);
});

test('the main script-tag file is the one that content networks serve', () => {
  expect(project.manifest.unpkg).toBe(`./${SCRIPTS['im2col.js']}`);
});

test('each script-tag file has the kernels of its backends', () => {
  const found = (name: keyof typeof SCRIPTS) =>
    Object.entries(MARKS)
      .filter(([, mark]) => scriptFile(name).includes(mark))
      .map(([key]) => key);
  expect(found('im2col.js')).toEqual(['webgl']);
  expect(found('simd.js')).toEqual(['simd']);
  expect(found('webgpu.js')).toEqual(['webgpu']);
});

test('kernels that are not asked for are not in the bundle', () => {
  const found = (name: keyof typeof BUDGETS) =>
    Object.entries(MARKS)
      .filter(([, mark]) => bundles.get(name)!.includes(mark))
      .map(([key]) => key);
  expect(found('.')).toEqual(['webgl', 'webgpu', 'simd']);
  expect(found('maxPool2d of ./base')).toEqual([]);
  expect(found('maxPool2d of ./base, webgl kernels')).toEqual(['webgl']);
  expect(found('./backends/webgpu')).toEqual(['webgpu']);
  expect(found('./backends/cpu')).toEqual(['simd']);
});
