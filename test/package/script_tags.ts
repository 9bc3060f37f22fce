/** The files for script tags: where they are, and a page that adds their tags one by one and tells which kernels served. */
import type * as Tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Pooling from '../../src/index';
import { ROOT } from './packed';
import { type Project, REPORT } from './project';

/** By the names that the page has for them. */
export const SCRIPTS = {
  'im2col.js': 'dist/tfjs-im2col-pooling.min.js',
  'simd.js': 'dist/tfjs-im2col-pooling-simd.min.js',
  'webgpu.js': 'dist/tfjs-im2col-pooling-webgpu.min.js',
} as const;
const TFJS = {
  'tf.min.js': 'tfjs/dist/tf.min.js',
  'tf_wasm.js': 'tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
  'tf_webgpu.js': 'tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js',
  'tfjs-backend-wasm.wasm': 'tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm': 'tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm': 'tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm',
};

/** Files by the path that a page asks for. */
const contents = (files: Record<string, string>, folder: string): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(files).map(([name, file]) => [`/${name}`, readFileSync(join(folder, file))]));

/** This package's scripts, as installed in a project. */
export const scriptFiles = ({ installed }: Project) => contents(SCRIPTS, installed);

/** Those of this repository's tfjs. */
export const tfjsFiles = () => contents(TFJS, join(ROOT, 'node_modules', '@tensorflow'));

/** Poolings of every sort, and gradients, as plain arrays. Runs here and, as text, in the page. */
export async function poolings(
  tf: typeof Tf,
  pooling: typeof Pooling,
  backend: string,
): Promise<Record<string, number[]>> {
  await tf.setBackend(backend);
  const image = [2, 7, 6, 4] as [number, number, number, number];
  const x = tf.tensor4d(
    Array.from({ length: 2 * 7 * 6 * 4 }, (_, i) => (i * 7) % 11),
    image,
  );
  const options = { poolSize: 3, strides: 2, padding: 'same' } as const;
  const pool = (t: Tf.Tensor) => pooling.maxPool2d(t as Tf.Tensor4D, options);
  const { values, argmax } = pooling.maxPoolWithArgmax2d(x, options);
  const results: Record<string, Tf.Tensor> = { max: pool(x), argmax, gradient: tf.grad(pool)(x, values) };
  // A software GPU takes long to compile a program.
  if (backend !== 'webgl') {
    const columns = pooling.im2col(x, options);
    const norm = (t: Tf.Tensor) => pooling.lpPool2d(t as Tf.Tensor4D, options);
    const mean = (t: Tf.Tensor) => pooling.averagePool2d(t as Tf.Tensor4D, options);
    Object.assign(results, {
      channelsFirst: pooling.maxPool2d(x, { ...options, dataFormat: 'channelsFirst' }),
      adaptive: pooling.adaptiveMaxPool2d(x, { outputSize: 4 }),
      gathered: pooling.gatherArgmax(x, argmax, options),
      unpooled: pooling.maxUnpool2d(values, argmax, image, options),
      columns,
      added: pooling.col2im(columns, image, options),
      mean: mean(x),
      meanGradient: tf.grad(mean)(x, values),
      norm: norm(x),
      normGradient: tf.grad(norm)(x, values),
    });
  }
  const arrays: Record<string, number[]> = {};
  for (const [name, tensor] of Object.entries(results)) arrays[name] = Array.from(await tensor.data());
  return arrays;
}

/** `simdCalls`: the kernels of our SIMD module that have run; `warnings`: what the console was given; `workers`: how many have begun. */
export const SCRIPTS_PAGE = `<!doctype html><meta charset="utf-8"><title>scripts</title><link rel="icon" href="data:,"><script>
  globalThis.simdCalls = new Set();
  globalThis.warnings = [];
  console.warn = (...parts) => warnings.push(parts.join(' '));
  globalThis.workers = 0;
  globalThis.Worker = class extends Worker { constructor(...args) { super(...args); workers++; } };
  WebAssembly.Instance = class extends WebAssembly.Instance {
    get exports() {
      const found = super.exports;
      if (!('averageSpread' in found)) return found;
      const counted = ([name, f]) => [name, (...args) => { simdCalls.add(name); return f(...args); }];
      return Object.fromEntries(Object.entries(found).map(counted));
    }
  };
  ${REPORT}
  ${poolings.toString()}
</script>`;

/** The kernels of the SIMD module that {@link poolings} needs. */
export const SIMD_CALLS = [
  ...['maxPool', 'scatter', 'gather', 'im2col', 'col2im'],
  ...['averagePool', 'averageSpread', 'lpPool', 'lpPoolGradient'],
];
