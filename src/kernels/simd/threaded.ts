/** The SIMD kernels on several threads: pooling in chunks, which any thread may compute. The bits are those of one thread. */
import { type Chunk, chunksOf, gradientChunks } from './chunks';
import { isLowPower } from '../lp_loops';
import { type SimdKernels, kernelsOf } from './in_place';
import { MOST_CHUNKS } from './worker';
import type { PoolGeometry } from '../../geometry';
import type { Argmax, PoolKernels, Values } from '../pool_kernels';
import type { PoolModule } from './module';
import type { Crew } from './threads';

/** What is worth it; tests set it lower. */
export const LEAST = {
  /** Elements of x: to wake a worker takes as long as some ten thousand of them. */
  elements: 2 ** 16,
  /** Elements of a chunk, outputs included. */
  chunk: 2 ** 14,
};

/** So many chunks for each thread: whoever is held up leaves the others to the rest. */
const CHUNKS_PER_THREAD = 3;

function rangeOf<T extends Values | Argmax>(values: T, [first, end]: readonly [number, number]): T {
  return values.subarray(first, end) as T;
}

/** `alone`: the kernels of the main thread. */
export function threadedKernels(alone: SimdKernels, threads: Crew<PoolModule>): PoolKernels {
  const recorded = kernelsOf(threads.recorder);
  /** False where one thread is to do it, or must do it again. */
  const shared = (
    x: Values,
    y: Values,
    chunks: (limit: number, arrays: number) => readonly Chunk[] | undefined,
    outputArrays: number,
    record: (g: PoolGeometry, xs: Chunk['x'], ys: Chunk['y']) => void,
  ): boolean => {
    const { count } = threads;
    if (count === 1 || x.length < LEAST.elements) return false;
    const parts = Math.min(MOST_CHUNKS / 2, CHUNKS_PER_THREAD * count);
    const limit = Math.max(LEAST.chunk, Math.ceil((x.length + outputArrays * y.length) / parts));
    const list = chunks(limit, 1 + outputArrays);
    if (list === undefined || list.length < 2 || list.length > MOST_CHUNKS) return false;
    return threads.run(list, (chunk) => {
      record(chunk.geometry, chunk.x, chunk.y);
    });
  };
  return {
    ...alone,
    maxPool(g, x, y, argmax) {
      const done = shared(x, y, forward(g), argmax ? 2 : 1, (part, xs, ys) => {
        recorded.maxPool(part, rangeOf(x, xs), rangeOf(y, ys), argmax && rangeOf(argmax, ys));
      });
      if (!done) alone.maxPool(g, x, y, argmax);
    },
    scatterArgmax(g, dy, argmax, dx, overlaps) {
      const done = shared(dx, dy, backward(g), 2, (part, xs, ys) => {
        recorded.scatterArgmax(part, rangeOf(dy, ys), rangeOf(argmax, ys), rangeOf(dx, xs), overlaps);
      });
      if (!done) alone.scatterArgmax(g, dy, argmax, dx, overlaps);
    },
    gatherArgmax(g, x, argmax, y) {
      const done = shared(x, y, forward(g), 2, (part, xs, ys) => {
        recorded.gatherArgmax(part, rangeOf(x, xs), rangeOf(argmax, ys), rangeOf(y, ys));
      });
      if (!done) alone.gatherArgmax(g, x, argmax, y);
    },
    averagePool(g, x, y, divisor) {
      const done = shared(x, y, forward(g), 1, (part, xs, ys) => {
        recorded.averagePool(part, rangeOf(x, xs), rangeOf(y, ys), divisor);
      });
      if (!done) alone.averagePool(g, x, y, divisor);
    },
    averageSpread(g, dy, dx, divisor) {
      const done = shared(dx, dy, backward(g, divisor === 'real'), 1, (part, xs, ys) => {
        recorded.averageSpread(part, rangeOf(dy, ys), rangeOf(dx, xs), divisor);
      });
      if (!done) alone.averageSpread(g, dy, dx, divisor);
    },
    lpPool(g, x, y, p) {
      const done =
        isLowPower(p) &&
        shared(x, y, forward(g), 1, (part, xs, ys) => {
          recorded.lpPool(part, rangeOf(x, xs), rangeOf(y, ys), p);
        });
      if (!done) alone.lpPool(g, x, y, p);
    },
    lpPoolGradient(g, x, y, dy, dx, p) {
      const done =
        isLowPower(p) &&
        shared(dx, dy, backward(g), 2, (part, xs, ys) => {
          recorded.lpPoolGradient(part, rangeOf(x, xs), rangeOf(y, ys), rangeOf(dy, ys), rangeOf(dx, xs), p);
        });
      if (!done) alone.lpPoolGradient(g, x, y, dy, dx, p);
    },
  };
}

function forward(g: PoolGeometry) {
  return (limit: number, arrays: number): readonly Chunk[] => [...chunksOf(g, limit, arrays)];
}

function backward(g: PoolGeometry, countsTaps = false) {
  return (limit: number, arrays: number) => gradientChunks(g, limit, arrays, countsTaps);
}
