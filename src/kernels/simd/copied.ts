/**
 * The SIMD kernels on arrays that lie anywhere: in chunks that stay in the processor's cache, each is copied
 * into a small memory of the module's own, pooled there, and copied out.
 */
import { type PoolGeometry, hasFitted } from '../../geometry';
import { sizeOf } from '../../layout';
import { LOOPS } from '../loops';
import { isLowPower } from '../lp_loops';
import type { Argmax, PoolKernels, Values } from '../pool_kernels';
import { type Chunk, chunksOf } from './chunks';
import { Scratch, dtypeOf } from './scratch';

/** Elements that a chunk aims at. */
const CHUNK_ELEMENTS = 2 ** 17;
/** What a chunk may have at most. What cannot be cut so small is left to the loops. */
const MAX_BYTES = 2 ** 24;

type AnyArrays = ReadonlyArray<Values | Argmax>;
/** For each of some arrays, the part that a chunk has of it. */
type Parts<Arrays extends AnyArrays> = { [I in keyof Arrays]: Arrays[I] extends Values ? Values : Argmax };

let kernels: PoolKernels | null | undefined;

/** Kernels for arrays of the host, or undefined where there is no SIMD. */
export function copiedSimdKernels(): PoolKernels | undefined {
  if (kernels === undefined) kernels = makeCopiedSimdKernels(CHUNK_ELEMENTS, MAX_BYTES) ?? null;
  return kernels ?? undefined;
}

/** As {@link copiedSimdKernels}, with chunks of another size; for tests. */
export function makeCopiedSimdKernels(chunkElements: number, maxBytes: number): PoolKernels | undefined {
  const scratch = Scratch.make(maxBytes);
  return scratch && kernelsOf(scratch, chunkElements, maxBytes / 8);
}

function kernelsOf(scratch: Scratch, chunkElements: number, mostElements: number): PoolKernels {
  /** Windows that are fitted to the outputs are found in four images of one channel at once, where these fit. */
  const limitOf = (g: PoolGeometry, outputArrays: number): number => {
    if (g.channels > 1 || !hasFitted(g)) return chunkElements;
    const { xShape, yShape } = g;
    const fourImages = Math.ceil((4 * (sizeOf(xShape) + outputArrays * sizeOf(yShape))) / Math.max(1, g.batch));
    return fourImages > mostElements ? chunkElements : Math.max(chunkElements, fourImages);
  };
  /**
   * Every chunk with arrays for its parts of those like x and then of those like y, which have `perOutput` elements for each
   * of y; or false, before the first, if one is too large.
   */
  const forEachChunk = <X extends AnyArrays, Y extends AnyArrays>(
    g: PoolGeometry,
    likeX: readonly [...X],
    likeY: readonly [...Y],
    visit: (chunk: Chunk, arrays: [...Parts<X>, ...Parts<Y>]) => void,
    perOutput = 1,
  ): boolean => {
    const dtypes = [...likeX, ...likeY].map(dtypeOf);
    const lengths = (chunk: Chunk) => [
      ...likeX.map(() => lengthOf(chunk.x)),
      ...likeY.map(() => lengthOf(chunk.y) * perOutput),
    ];
    const outputArrays = likeY.length * perOutput;
    const partsOf = (chunk: Chunk) => scratch.arrays(lengths(chunk), dtypes) as [...Parts<X>, ...Parts<Y>] | undefined;
    const chunks = [...chunksOf(g, limitOf(g, outputArrays), 1 + outputArrays)];
    const [only] = chunks;
    if (only && chunks.length === 1) {
      const arrays = partsOf(only);
      if (arrays) visit(only, arrays);
      return arrays !== undefined;
    }
    // Growing to the largest one first also keeps the views of all chunks in one buffer.
    const largest = chunks.reduce((a, b) => (lengthOf(a.x) + lengthOf(a.y) >= lengthOf(b.x) + lengthOf(b.y) ? a : b));
    if (!scratch.arrays(lengths(largest), dtypes)) return false;
    for (const chunk of chunks) visit(chunk, partsOf(chunk)!);
    return true;
  };
  /** As {@link forEachChunk}, for a dx, the first of `likeX`, that windows of several chunks add to: the sums before come first. */
  const addUpChunks = <X extends AnyArrays, Y extends AnyArrays>(
    g: PoolGeometry,
    likeX: readonly [Values, ...X],
    likeY: readonly [...Y],
    visit: (chunk: Chunk, arrays: [Values, ...Parts<X>, ...Parts<Y>], kept: number) => void,
    perOutput = 1,
  ): boolean => {
    const [dx, ...others] = likeX;
    let done = 0;
    const addUp = (chunk: Chunk, arrays: [Values, ...Parts<X>, ...Parts<Y>]) => {
      const [first, end] = chunk.x;
      const [sums, ...parts] = arrays;
      // Windows of the chunk before may have reached into this one.
      const kept = Math.max(0, done - first);
      sums.set(dx.subarray(first, first + kept));
      others.forEach((array, i) => parts[i].set(array.subarray(first, end)));
      const [from, to] = [chunk.y[0] * perOutput, chunk.y[1] * perOutput];
      likeY.forEach((array, i) => parts[others.length + i].set(array.subarray(from, to)));
      visit(chunk, arrays, kept);
      if (first > done) dx.fill(0, done, first);
      dx.set(sums, first);
      done = end;
    };
    const fits = forEachChunk(g, likeX, likeY, addUp, perOutput);
    if (fits) dx.fill(0, done);
    return fits;
  };
  return {
    ...LOOPS,
    variant: 'simd',
    maxPool(g, x, y, argmax) {
      const pool = (chunk: Chunk, [xs, ys, as]: [Values, Values, Argmax?]) => {
        xs.set(x.subarray(...chunk.x));
        scratch.kernels.maxPool(chunk.geometry, xs, ys, as);
        y.set(ys, chunk.y[0]);
        if (as) argmax?.set(as, chunk.y[0]);
      };
      const fits = argmax ? forEachChunk(g, [x], [y, argmax], pool) : forEachChunk(g, [x], [y], pool);
      if (!fits) LOOPS.maxPool(g, x, y, argmax);
    },
    scatterArgmax(g, dy, argmax, dx, overlaps) {
      const fits = addUpChunks(g, [dx], [dy, argmax], ({ geometry }, [dxs, dys, as], kept) => {
        scratch.kernels.scatterOnto(geometry, dys, as, dxs, overlaps, kept);
      });
      if (!fits) LOOPS.scatterArgmax(g, dy, argmax, dx, overlaps);
    },
    im2col(g, x, columns, padValue) {
      const layOut = (chunk: Chunk, [xs, cs]: [Values, Values]) => {
        xs.set(x.subarray(...chunk.x));
        scratch.kernels.im2col(chunk.geometry, xs, cs, padValue);
        columns.set(cs, chunk.y[0] * g.taps);
      };
      const fits = !hasFitted(g) && forEachChunk(g, [x], [columns], layOut, g.taps);
      if (!fits) LOOPS.im2col(g, x, columns, padValue);
    },
    col2im(g, columns, dx) {
      const addUp = ({ geometry }: Chunk, [dxs, cs]: [Values, Values], kept: number) => {
        scratch.kernels.col2imOnto(geometry, cs, dxs, kept);
      };
      const fits = !hasFitted(g) && addUpChunks(g, [dx], [columns], addUp, g.taps);
      if (!fits) LOOPS.col2im(g, columns, dx);
    },
    averagePool(g, x, y, divisor) {
      const fits = forEachChunk(g, [x], [y], (chunk, [xs, ys]) => {
        xs.set(x.subarray(...chunk.x));
        scratch.kernels.averagePool(chunk.geometry, xs, ys as Float32Array, divisor);
        y.set(ys, chunk.y[0]);
      });
      if (!fits) LOOPS.averagePool(g, x, y, divisor);
    },
    averageSpread(g, dy, dx, divisor) {
      const fits = addUpChunks(g, [dx], [dy], ({ geometry }, [dxs, dys], kept) => {
        scratch.kernels.spreadOnto(geometry, dys, dxs, divisor, kept);
      });
      if (!fits) LOOPS.averageSpread(g, dy, dx, divisor);
    },
    lpPool(g, x, y, p) {
      const fits =
        isLowPower(p) &&
        forEachChunk(g, [x], [y], (chunk, [xs, ys]) => {
          xs.set(x.subarray(...chunk.x));
          scratch.kernels.lpPool(chunk.geometry, xs, ys as Float32Array, p);
          y.set(ys, chunk.y[0]);
        });
      if (!fits) LOOPS.lpPool(g, x, y, p);
    },
    lpPoolGradient(g, x, y, dy, dx, p) {
      const fits =
        isLowPower(p) &&
        addUpChunks(g, [dx, x], [y, dy], ({ geometry }, [dxs, xs, ys, dys], kept) => {
          scratch.kernels.lpGradientOnto(geometry, xs, ys, dys, dxs, p, kept);
        });
      if (!fits) LOOPS.lpPoolGradient(g, x, y, dy, dx, p);
    },
    gatherArgmax(g, x, argmax, y) {
      const fits = forEachChunk(g, [x], [y, argmax], (chunk, [xs, ys, as]) => {
        xs.set(x.subarray(...chunk.x));
        as.set(argmax.subarray(...chunk.y));
        scratch.kernels.gatherArgmax(chunk.geometry, xs, as, ys);
        y.set(ys, chunk.y[0]);
      });
      if (!fits) LOOPS.gatherArgmax(g, x, argmax, y);
    },
  };
}

function lengthOf([first, end]: readonly [number, number]): number {
  return end - first;
}
