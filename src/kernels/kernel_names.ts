/**
 * The kernels of this package: names, inputs, attributes. A backend's file implements them all;
 * the dispatch calls them by these names, or the reference path where a backend has none.
 *
 * Inputs and outputs have the canonical rank 5 [batch, depth, height, width, channels], where channels first are
 * batch * channels images of one channel; columns are the article's matrix [batch * ...out, channels * taps]. Kernels on
 * arrays of the host ({@link takesAnyShape}) take and give any shape, as long as the elements are in that order. TAKE alone
 * is another matter: it knows no geometry.
 */
import type { Divisor } from '../average';
import type { PoolGeometry } from '../geometry';

/** x -> y. Values alone, for when no gradient is recorded. */
export const MAX_POOL = 'Im2ColMaxPool';
/** x -> [y, argmax]. argmax is int32: the number of the winning tap. */
export const MAX_POOL_ARGMAX = 'Im2ColMaxPoolArgmax';
/** dy, argmax -> dx. Overlaps add up in row-major order of the outputs. */
export const SCATTER_ARGMAX = 'Im2ColScatterArgmax';
/** x, argmax -> y. The adjoint of SCATTER_ARGMAX. */
export const GATHER_ARGMAX = 'Im2ColGatherArgmax';
/** x -> columns. Padding reads as padValue. */
export const IM2COL = 'Im2ColColumns';
/** columns -> x. The adjoint of IM2COL: overlaps add up in row-major order of the outputs. */
export const COL2IM = 'Im2ColImage';
/** x -> y: the sum of each window in row-major tap order, over its divisor. float32. */
export const AVERAGE_POOL = 'Im2ColAveragePool';
/** dy -> dx: the adjoint of AVERAGE_POOL. Each gradient over its divisor, added to all of its window, in row-major order. */
export const AVERAGE_SPREAD = 'Im2ColAverageSpread';

/**
 * x -> y: slices along an axis, as a Take of src/slices says, which is its attributes; any shape, in x's dtype. On arrays
 * of the host alone: few large copies by core operations suit a GPU.
 */
export const TAKE = 'Im2ColTake';

/** The kernels with a geometry. */
export type KernelName =
  | typeof MAX_POOL
  | typeof MAX_POOL_ARGMAX
  | typeof SCATTER_ARGMAX
  | typeof GATHER_ARGMAX
  | typeof IM2COL
  | typeof COL2IM
  | typeof AVERAGE_POOL
  | typeof AVERAGE_SPREAD;

/** The inputs of the kernels, all together. */
export type KernelInput = 'x' | 'dy' | 'argmax' | 'columns';

/** Whether this package's kernels see no shapes there, but arrays: then nobody need reshape for them. */
export function takesAnyShape(backendName: string): boolean {
  return backendName === 'cpu' || backendName === 'wasm' || backendName === 'tensorflow';
}

/** Their attributes. `nan` and `implementation` are in `geometry.spec`. */
export interface KernelAttrs {
  readonly geometry: PoolGeometry;
  /** Read by IM2COL alone. */
  readonly padValue: number;
  /** Read by AVERAGE_POOL and AVERAGE_SPREAD alone. */
  readonly divisor: Divisor;
}
