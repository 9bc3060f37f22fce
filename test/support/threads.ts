/** In the page: the threads of our own on the wasm backend. */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as plugin from '../../src/index';
import { LEAST } from '../../src/kernels/simd/threaded';
import { type Threads, threadsIn } from '../../src/kernels/simd/threads';
import { DONE, ENDED, WORD_BYTES } from '../../src/kernels/simd/worker';
import { memoryOf } from '../../src/kernels/simd/wasm_backend';
import { trainingCode, trainingModule } from '../../src/training/module';

/** Those of the current backend, which one kernel has started. */
export function threads(): Threads {
  const backend = tf.backend() as BackendWasm;
  return threadsIn(memoryOf(backend)!, 2)!;
}

/** Until so many threads are there. */
export async function waitForThreads(count: number): Promise<void> {
  tf.tidy(() => {
    plugin.maxPool2d(tf.ones([2, 4, 4, 1]));
  });
  while (threads().count !== count) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Until so many threads have the kernels of training, which one of these has loaded. */
export async function waitForTrainingThreads(count: number): Promise<void> {
  const memory = memoryOf(tf.backend() as BackendWasm)!;
  const crew = threads().crew(trainingCode(memory)!, trainingModule(memory)!);
  while (crew.count !== count) await new Promise((resolve) => setTimeout(resolve, 5));
}

let jobs = 0;

/** From now on each pooling, however small, is shared, and a worker does at least one chunk of it. */
export async function shareAll(): Promise<void> {
  Object.assign(LEAST, { elements: 1, chunk: 1 });
  await waitForThreads(2);
  const notify = Atomics.notify.bind(Atomics);
  const waiting = (words: Int32Array, at: number, count?: number) => {
    const woken = notify(words, at, count);
    // Not tfjs's, whose words are its whole memory.
    if (words.byteLength !== WORD_BYTES || Atomics.load(words, ENDED) !== 0) return woken;
    jobs++;
    while (Atomics.load(words, DONE) === 0);
    return woken;
  };
  Atomics.notify = waiting as typeof Atomics.notify;
}

/** How many workers were asleep, some time after whatever was before, when `work` called them. */
export async function wokenBy(work: () => void): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  const { notify } = Atomics;
  let most = 0;
  Atomics.notify = ((words: Int32Array, at: number, count?: number) => {
    const woken = notify(words, at, count);
    if (words.byteLength === WORD_BYTES) most = Math.max(most, woken);
    return woken;
  }) as typeof Atomics.notify;
  work();
  Atomics.notify = notify;
  return most;
}

/** Since {@link shareAll}: how many poolings were shared, how many chunks workers have done, and how many threads are left. */
export function shared(): { jobs: number; served: number; count: number } {
  const { served, count } = threads();
  return { jobs, served, count };
}

/** Removes the backend and starts it anew; what `change` makes of the program is what our workers run. */
export async function restart(change: (program: string) => string = (program) => program): Promise<void> {
  const factory = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory, 3);
  await tf.setBackend('wasm');
  const Original = Blob;
  globalThis.Blob = class extends Original {
    constructor(parts?: BlobPart[], options?: BlobPropertyBag) {
      super(
        parts?.map((part) => (typeof part === 'string' ? change(part) : part)),
        options,
      );
    }
  };
  tf.tidy(() => {
    plugin.maxPool2d(tf.ones([2, 4, 4, 1]));
  });
  globalThis.Blob = Original;
}

/** Values, argmax and gradients of poolings that are large enough to be shared, as numbers to be compared. */
export function largePoolings(): string {
  return tf.tidy(() => {
    // No number twice in a window; NaN and -0 among them.
    const numbers = (shape: number[], by: number) =>
      tensorOf(shape, (i) => (i % 9973 === 5 ? NaN : ((i * by) % 1009) - 504));
    const results = [[4, 65, 63, 20] as const, [1, 257, 129, 8] as const, [40, 96, 97, 1] as const].flatMap((shape) => {
      const x = numbers([...shape], 31) as tf.Tensor4D;
      const options = { poolSize: 3, strides: 2, padding: 1 };
      const { values, argmax } = plugin.maxPoolWithArgmax2d(x, options);
      const dy = numbers(values.shape, 17);
      return [
        values,
        argmax,
        plugin.maxPool2d(x, options),
        plugin.scatterArgmax(dy, argmax, x.shape, options),
        plugin.gatherArgmax(x, argmax, options),
        plugin.averagePool2d(x, options),
        tf.grad((t) => plugin.averagePool2d(t as tf.Tensor4D, { ...options, countIncludePad: true }))(x, dy),
        tf.grad((t) => plugin.lpPool2d(t as tf.Tensor4D, { poolSize: 2 }))(x),
      ];
    });
    return results.map((result) => hashOf(result.dataSync())).join();
  });
}

/** What the kernels of training make of tensors that are large enough to be shared. */
export function largeTraining(): string {
  return tf.tidy(() => [...products(), ...convolutions()].map((result) => hashOf(result.dataSync())).join());
}

/** Sums of them depend on the order of additions. */
function fractions<R extends tf.Rank>(...shape: number[]): tf.Tensor<R> {
  return tensorOf(shape, (i) => ((i * 7919) % 10007) / 5003 - 1) as tf.Tensor<R>;
}

function* products(): Generator<tf.Tensor> {
  const [tall, square] = [fractions<tf.Rank.R2>(333, 130), fractions<tf.Rank.R2>(130, 130)];
  yield tf.matMul(tall, square);
  yield tf.matMul(tall, square, false, true);
  yield tf.matMul(square, tall, true, true);
  yield tf.matMul(tall, tall, true);
  const bias = fractions<tf.Rank.R1>(333);
  yield tf.fused.matMul({ a: square, b: tall, transposeA: true, transposeB: true, bias, activation: 'relu' });
  // Several matrices: some rows or columns of each, or some of them.
  yield tf.matMul(fractions<tf.Rank.R3>(3, 70, 90), fractions<tf.Rank.R3>(3, 90, 110));
  yield tf.matMul(fractions<tf.Rank.R3>(500, 16, 20), fractions<tf.Rank.R3>(500, 20, 11));
}

function* convolutions(): Generator<tf.Tensor> {
  // Images, and rows of one; filters, and taps.
  const shapes = [
    { x: [9, 30, 31, 4], filter: [5, 5, 4, 19], strides: [1, 2] },
    { x: [1, 70, 41, 21], filter: [3, 3, 21, 8], strides: [2, 1] },
  ] as const;
  for (const { x: xShape, filter: filterShape, strides } of shapes) {
    const [x, filter] = [fractions<tf.Rank.R4>(...xShape), fractions<tf.Rank.R4>(...filterShape)];
    const attrs = { strides: [...strides], pad: 'same', dataFormat: 'NHWC', dilations: 1 };
    const run = (kernel: string, inputs: tf.NamedTensorMap, more = {}) =>
      tf.engine().runKernel(kernel, inputs, { ...attrs, ...more }) as tf.Tensor4D;
    const y = run('Conv2D', { x, filter });
    yield y;
    const dy = fractions<tf.Rank.R4>(...y.shape);
    yield run('Conv2DBackpropFilter', { x, dy }, { filterShape: [...filterShape] });
    yield run('Conv2DBackpropInput', { dy, filter }, { inputShape: [...xShape] });
  }
  const [x, filter] = [fractions<tf.Rank.R4>(2, 60, 61, 40), fractions<tf.Rank.R4>(3, 3, 40, 1)];
  yield* tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same'))(
    [x, filter],
    fractions<tf.Rank.R4>(2, 60, 61, 40),
  );
  const rows = fractions<tf.Rank.R2>(30_000, 43);
  yield tf.sum(rows, 0);
  yield tf.add(rows, fractions<tf.Rank.R1>(43));
  yield tf.div(rows, tf.add(tf.sqrt(tf.relu(rows)), 0.1));
}

function tensorOf(shape: number[], value: (i: number) => number): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => value(i)),
    shape,
  );
}

function hashOf(values: Float32Array | Int32Array | Uint8Array): number {
  let hash = 0;
  for (const bits of new Int32Array(values.buffer, values.byteOffset, values.length))
    hash = (Math.imul(hash, 31) + bits) | 0;
  return hash;
}
