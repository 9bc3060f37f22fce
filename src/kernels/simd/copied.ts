/**
 * The SIMD kernels on arrays that lie anywhere: in chunks that stay in the processor's cache, each is copied
 * into a small memory of the module's own, pooled there, and copied out.
 */
import type { PoolGeometry } from '../../geometry';
import { LOOPS } from '../loops';
import type { PoolKernels, Values } from '../pool_kernels';
import { type Chunk, chunksOf } from './chunks';
import { Scratch, dtypeOf } from './scratch';

/** Elements that a chunk aims at. */
const CHUNK_ELEMENTS = 2 ** 17;
/** What a chunk may have at most. What cannot be cut so small is left to the loops. */
const MAX_BYTES = 2 ** 24;

let kernels: PoolKernels | null | undefined;

/** Kernels for arrays of the host, or undefined where there is no SIMD. */
export function copiedSimdKernels(): PoolKernels | undefined {
  if (kernels === undefined) kernels = makeCopiedSimdKernels(CHUNK_ELEMENTS, MAX_BYTES) ?? null;
  return kernels ?? undefined;
}

/** As {@link copiedSimdKernels}, with chunks of another size; for tests. */
export function makeCopiedSimdKernels(chunkElements: number, maxBytes: number): PoolKernels | undefined {
  const scratch = Scratch.make(maxBytes);
  return scratch && kernelsOf(scratch, chunkElements);
}

function kernelsOf(scratch: Scratch, chunkElements: number): PoolKernels {
  /** Every chunk with arrays for its part of x and (two) of y; or false, before the first, if one is too large. */
  const forEachChunk = (
    g: PoolGeometry,
    x: Values,
    y: Values,
    argmax: Values | undefined,
    visit: (chunk: Chunk, arrays: Values[]) => void,
  ): boolean => {
    const parts = argmax ? [x, y, argmax] : [x, y];
    const dtypes = parts.map(dtypeOf);
    const lengths = (chunk: Chunk) => parts.map((_, i) => lengthOf(i === 0 ? chunk.x : chunk.y));
    const chunks = [...chunksOf(g, chunkElements, parts.length)];
    // Growing to the largest one first also keeps the views of all chunks in one buffer.
    const largest = chunks.reduce((a, b) => (lengthOf(a.x) + lengthOf(a.y) >= lengthOf(b.x) + lengthOf(b.y) ? a : b));
    if (!scratch.arrays(lengths(largest), dtypes)) return false;
    for (const chunk of chunks) visit(chunk, scratch.arrays(lengths(chunk), dtypes)!);
    return true;
  };
  return {
    ...LOOPS,
    variant: 'simd',
    maxPool(g, x, y, argmax) {
      const fits = forEachChunk(g, x, y, argmax, (chunk, [xs, ys, as]) => {
        xs.set(x.subarray(...chunk.x));
        scratch.kernels.maxPool(chunk.geometry, xs, ys, as as Int32Array | undefined);
        y.set(ys, chunk.y[0]);
        argmax?.set(as, chunk.y[0]);
      });
      if (!fits) LOOPS.maxPool(g, x, y, argmax);
    },
    scatterArgmax(g, dy, argmax, dx) {
      let done = 0;
      const fits = forEachChunk(g, dx, dy, argmax, (chunk, [dxs, dys, as]) => {
        const [first, end] = chunk.x;
        dys.set(dy.subarray(...chunk.y));
        as.set(argmax.subarray(...chunk.y));
        // Windows of the chunk before may have reached into this one: their sums come first.
        const kept = Math.max(0, done - first);
        dxs.set(dx.subarray(first, first + kept));
        scratch.kernels.scatterOnto(chunk.geometry, dys, as as Int32Array, dxs, kept);
        if (first > done) dx.fill(0, done, first);
        dx.set(dxs, first);
        done = end;
      });
      if (fits) dx.fill(0, done);
      else LOOPS.scatterArgmax(g, dy, argmax, dx);
    },
    averagePool(g, x, y, divisor) {
      const fits = forEachChunk(g, x, y, undefined, (chunk, [xs, ys]) => {
        xs.set(x.subarray(...chunk.x));
        scratch.kernels.averagePool(chunk.geometry, xs, ys as Float32Array, divisor);
        y.set(ys, chunk.y[0]);
      });
      if (!fits) LOOPS.averagePool(g, x, y, divisor);
    },
    averageSpread(g, dy, dx, divisor) {
      let done = 0;
      const fits = forEachChunk(g, dx, dy, undefined, (chunk, [dxs, dys]) => {
        const [first, end] = chunk.x;
        dys.set(dy.subarray(...chunk.y));
        const kept = Math.max(0, done - first);
        dxs.set(dx.subarray(first, first + kept));
        scratch.kernels.spreadOnto(chunk.geometry, dys, dxs, divisor, kept);
        if (first > done) dx.fill(0, done, first);
        dx.set(dxs, first);
        done = end;
      });
      if (fits) dx.fill(0, done);
      else LOOPS.averageSpread(g, dy, dx, divisor);
    },
    gatherArgmax(g, x, argmax, y) {
      const fits = forEachChunk(g, x, y, argmax, (chunk, [xs, ys, as]) => {
        xs.set(x.subarray(...chunk.x));
        as.set(argmax.subarray(...chunk.y));
        scratch.kernels.gatherArgmax(chunk.geometry, xs, as as Int32Array, ys);
        y.set(ys, chunk.y[0]);
      });
      if (!fits) LOOPS.gatherArgmax(g, x, argmax, y);
    },
  };
}

function lengthOf([first, end]: readonly [number, number]): number {
  return end - first;
}
