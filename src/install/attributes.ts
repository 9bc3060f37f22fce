/** What tfjs's pooling kernels are told (their attributes), in this package's options. */
import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import { type PoolGeometry, poolGeometry } from '../geometry';
import { type PoolOptions, type SpatialRank, poolSpec, show } from '../spec';

/** The attributes of MaxPool, MaxPool3D, their gradients, and MaxPoolWithArgmax, as tfjs-core's operations give them. */
export interface PoolAttrs {
  filterSize: number | number[];
  strides: number | number[];
  /** Explicit: one pair per axis of x, batch and channels included. */
  pad: 'valid' | 'same' | number | Array<[number, number]>;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  includeBatchInIndex?: boolean;
}

/** A pooling as this package's operations take it, and what it makes of x. */
export interface Pooling {
  readonly options: PoolOptions;
  readonly geometry: PoolGeometry;
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
export function poolingOf(kernelName: string, rank: SpatialRank, xShape: number[], attrs: PoolAttrs): Pooling {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const padding = Array.isArray(pad) ? explicitPadding(kernelName, rank, pad) : pad;
  const options: PoolOptions = { poolSize: filterSize, strides, padding, nan: 'ignore' };
  // tfjs rounds only where padding is a number: 'same' and 'valid' have sizes of their own.
  if (typeof padding === 'string' || dimRoundingMode === undefined || dimRoundingMode === 'floor') {
    return withGeometry(kernelName, rank, xShape, options);
  }
  const ceiled = withGeometry(kernelName, rank, xShape, { ...options, ceilMode: true });
  return dimRoundingMode === 'ceil' ? ceiled
    : withGeometry(kernelName, rank, xShape, { ...options, padding: roundedPadding(ceiled.geometry) });
}

/**
 * The same for a gradient kernel, which is not always told how sizes were rounded: tfjs drops that on the way. The
 * shape of dy tells it.
 */
export function poolingOfGradient(
  kernelName: string, rank: SpatialRank, xShape: number[], dyShape: number[], attrs: PoolAttrs,
): Pooling {
  const modes = attrs.dimRoundingMode ? [attrs.dimRoundingMode] : ['floor', 'ceil', 'round'] as const;
  for (const dimRoundingMode of modes) {
    const pooling = poolingOf(kernelName, rank, xShape, { ...attrs, dimRoundingMode });
    if (pooling.geometry.yShape.join() === dyShape.join()) return pooling;
  }
  const { yShape } = poolingOf(kernelName, rank, xShape, attrs).geometry;
  throw new Error(`${kernelName}: expected dy of shape ${show([...yShape])} for this x and these attributes; got ${show(dyShape)}.`);
}

function withGeometry(kernelName: string, rank: SpatialRank, xShape: number[], options: PoolOptions): Pooling {
  return { options, geometry: poolGeometry(kernelName, poolSpec(kernelName, rank, options), xShape) };
}

/** Without the pairs of batch and channels, which must be empty. */
function explicitPadding(kernelName: string, rank: SpatialRank, pad: Array<[number, number]>): Array<[number, number]> {
  const isEmpty = (pair: [number, number]) => Array.isArray(pair) && pair.every((size) => size === 0);
  if (pad.length !== rank + 2 || !isEmpty(pad[0]) || !isEmpty(pad[rank + 1])) {
    throw new Error(`${kernelName}: expected explicit padding of ${rank + 2} pairs, [0, 0] for batch and channels; got ${show(pad)}.`);
  }
  return pad.slice(1, -1);
}

/** Padding under which sizes that are rounded down come out as rounded to the nearest. */
function roundedPadding({ spec, depth, height, width }: PoolGeometry): Array<[number, number]> {
  return [depth, height, width].slice(3 - spec.rank).map(({ input, output, window, stride, padBefore, padAfter }) => {
    const steps = (input + padBefore + padAfter - window) / stride;
    const missing = (output - 1 - steps) * stride;
    // `output` is rounded up, so at most the half of a step is missing where the nearest is above.
    return [padBefore, padAfter + (missing > 0 && 2 * missing <= stride ? missing : 0)];
  });
}
