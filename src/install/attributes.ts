/** What tfjs's pooling kernels are told (their attributes), in this package's terms. */
import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import { type PoolGeometry, poolGeometry } from '../geometry';
import { type PoolSpec, poolSpec, show } from '../spec';

/** The attributes of pooling kernels, their gradients, and MaxPoolWithArgmax, as tfjs-core's operations give them. */
export interface PoolAttrs {
  filterSize: number | number[];
  strides: number | number[];
  /** Explicit: one pair per axis of x, batch and channels included. */
  pad: 'valid' | 'same' | number | Array<[number, number]>;
  dimRoundingMode?: RoundingMode;
  includeBatchInIndex?: boolean;
}

/** How tfjs rounds sizes. */
export type RoundingMode = 'floor' | 'round' | 'ceil';

/** A max pooling, and what it makes of x. */
export interface Pooling {
  readonly geometry: PoolGeometry;
  /** As tfjs has it. */
  readonly yShape: readonly number[];
  /** For each axis of y: how many outputs tfjs has after those of the geometry. Their windows hold no element. */
  readonly empty: readonly number[];
}

/** Attributes as the kernels get them: the registry has no types for them. */
export function poolAttrs(attrs: NamedAttrMap | undefined): PoolAttrs {
  return attrs as unknown as PoolAttrs;
}

/**
 * The pooling that `attrs` ask for on an x of this shape. NaN is ignored, as tf.maxPool's users were promised.
 *
 * @throws Error as every operation of this package, beginning with the kernel's name
 */
export function poolingOf(kernelName: string, rank: 2 | 3, xShape: number[], attrs: PoolAttrs): Pooling {
  const given = specOf(kernelName, rank, attrs);
  const { spec, empty } = rounded(given, xShape.slice(-1 - rank, -1), attrs.dimRoundingMode ?? 'floor');
  const geometry = poolGeometry(kernelName, spec, xShape);
  if (!empty.some((count) => count > 0)) return { geometry, yShape: geometry.yShape, empty: [] };
  const emptyOfAll = [...xShape.slice(0, -1 - rank).fill(0), ...empty, 0];
  return { geometry, yShape: geometry.yShape.map((size, axis) => size + emptyOfAll[axis]), empty: emptyOfAll };
}

/**
 * The pooling of a gradient kernel, which is not always told how sizes were rounded: tfjs drops that on the way. The
 * shape of dy tells it.
 *
 * @param poolingWith the pooling that attributes ask for
 */
export function poolingOfGradient<T extends Pick<Pooling, 'yShape'>>(
  kernelName: string,
  dyShape: readonly number[],
  attrs: PoolAttrs,
  poolingWith: (attrs: PoolAttrs) => T,
): T {
  const modes =
    attrs.dimRoundingMode || typeof attrs.pad === 'string'
      ? [attrs.dimRoundingMode]
      : (['floor', 'ceil', 'round'] as const);
  const poolings = modes.map((dimRoundingMode) => poolingWith({ ...attrs, dimRoundingMode }));
  const found = poolings.find(({ yShape }) => yShape.join() === dyShape.join());
  if (found) return found;
  throw new Error(
    `${kernelName}: expected dy of shape ${show([...poolings[0].yShape])} for this x and these attributes; ` +
      `got ${show([...dyShape])}.`,
  );
}

/** Numeric padding: sizes as tfjs rounds them, told by padding after the axis alone. */
function rounded(spec: PoolSpec, sizes: number[], mode: RoundingMode): { spec: PoolSpec; empty: number[] } {
  const { poolSize, strides, padding } = spec;
  if (typeof padding === 'string') return { spec, empty: [] };
  const axes = sizes.map((input, i) => {
    const [window, stride, [before, after]] = [poolSize[i], strides[i], padding[i]];
    const outputs = Math[mode]((input + before + after - window) / stride) + 1;
    // Rounding up may make windows that start past the input; our geometry has none of those.
    const startsInside = Math.ceil((input + before) / stride);
    const real = mode === 'floor' ? outputs : Math.min(outputs, startsInside);
    const missing = (real - 1) * stride + window - (input + before + after);
    return { input, outputs, empty: outputs - real, padding: [before, after + Math.max(0, missing)] as const };
  });
  // To tfjs a window of one element is the identity wherever the shape stays, even if strides and padding say more.
  const isIdentity = poolSize.every((size) => size === 1) && axes.every(({ input, outputs }) => input === outputs);
  if (isIdentity) return { spec: Object.freeze({ ...spec, strides: sizes.map(() => 1), padding: 'valid' }), empty: [] };
  return {
    spec: Object.freeze({ ...spec, padding: axes.map((axis) => axis.padding) }),
    empty: axes.map((axis) => axis.empty),
  };
}

/** The spec that attributes give, before anything is rounded. */
export function specOf(kernelName: string, rank: 2 | 3, { filterSize, strides, pad }: PoolAttrs): PoolSpec {
  const padding = Array.isArray(pad) ? explicitPadding(kernelName, rank, pad) : pad;
  return poolSpec(kernelName, rank, { poolSize: filterSize, strides, padding, nan: 'ignore' });
}

/** Without the pairs of batch and channels, which must be empty. */
function explicitPadding(kernelName: string, rank: 2 | 3, pad: Array<[number, number]>): Array<[number, number]> {
  const isEmpty = (pair: unknown) => Array.isArray(pair) && pair.every((size) => size === 0);
  if (pad.length !== rank + 2 || !isEmpty(pad[0]) || !isEmpty(pad[rank + 1])) {
    throw new Error(
      `${kernelName}: expected explicit padding of ${rank + 2} pairs, with [0, 0] for batch and channels; ` +
        `got ${show(pad)}.`,
    );
  }
  return pad.slice(1, -1);
}
