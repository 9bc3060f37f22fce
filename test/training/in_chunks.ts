/** Kernels of training in Node, cut into chunks as threads share them, where the one thread does them all, the last chunk first. */
import * as tf from '@tensorflow/tfjs';
import { JOB, READY, WORD_BYTES } from '../../src/kernels/simd/worker';
import { LEAST } from '../../src/training/chunks';

let words: Int32Array | undefined;

/** A worker that has loaded a module as soon as it comes, and takes no chunk. */
class IdleWorker {
  private loaded = 0;

  postMessage({ shared }: { shared: SharedArrayBuffer }): void {
    words = new Int32Array(shared, 0, WORD_BYTES / 4);
    words[READY + this.loaded++]++;
  }
}

/** From now on the backend, which has run no kernel yet, counts as one with two threads. */
export function pretendThreads(): void {
  const { tfjs } = (tf.backend() as unknown as { wasm: { tfjs: { getThreadsCount: () => number } } }).wasm;
  tfjs.getThreadsCount = () => 2;
  Object.assign(globalThis, { Worker: IdleWorker });
}

/** What `compute` returns, which must be the same in chunks. */
export function bothWays<T>(compute: () => T): T {
  const { work } = LEAST;
  LEAST.work = Infinity;
  const alone = compute();
  LEAST.work = 1;
  expect(compute()).toEqual(alone);
  LEAST.work = work;
  return alone;
}

/** How many times chunks were handed out, loading the modules included. */
export function jobs(): number {
  return words?.[JOB] ?? 0;
}
