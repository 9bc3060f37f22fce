/** In the page: the threads of our own on the wasm backend. */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as plugin from '../../src/index';
import { LEAST } from '../../src/kernels/simd/threaded';
import { type Threads, threadsIn } from '../../src/kernels/simd/threads';
import { DONE, ENDED, WORD_BYTES } from '../../src/kernels/simd/worker';
import { memoryOf } from '../../src/kernels/wasm';

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
    const numbers = (shape: number[], by: number) => {
      const values = new Float32Array(tf.util.sizeFromShape(shape));
      // No number twice in a window; NaN and -0 among them.
      for (let i = 0; i < values.length; i++) values[i] = i % 9973 === 5 ? NaN : ((i * by) % 1009) - 504;
      return tf.tensor(values, shape);
    };
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

function hashOf(values: Float32Array | Int32Array | Uint8Array): number {
  let hash = 0;
  for (const bits of new Int32Array(values.buffer, values.byteOffset, values.length))
    hash = (Math.imul(hash, 31) + bits) | 0;
  return hash;
}
