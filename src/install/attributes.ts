/** What tfjs's pooling kernels are told (their attributes): what maxima and averages have in common. */
import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import { sameShape } from '../layout';
import { type Recent, recently } from '../recent';
import { show } from '../show';
import { type PoolSpec, poolSpec } from '../spec';

/** The attributes of pooling kernels, their gradients, and MaxPoolWithArgmax, as tfjs-core's operations give them. */
export interface PoolAttrs {
  filterSize: number | number[];
  strides: number | number[];
  /** Explicit: one pair per axis of x, batch and channels included. */
  pad: 'valid' | 'same' | number | Array<[number, number]>;
  dimRoundingMode?: RoundingMode | undefined;
  includeBatchInIndex?: boolean;
}

/** How tfjs rounds sizes. */
export type RoundingMode = 'floor' | 'round' | 'ceil';

/** Attributes as the kernels get them: the registry has no types for them. */
export function poolAttrs(attrs: NamedAttrMap | undefined): PoolAttrs {
  return attrs as unknown as PoolAttrs;
}

/** What attributes ask for on an x of this shape; errors begin with the kernel's name. */
export type PoolingOf<T> = (kernelName: string, rank: 2 | 3, xShape: readonly number[], attrs: PoolAttrs) => T;

/** More than any known network has different poolings of one kind: Inception V3 has six. */
const MOST_POOLINGS = 16;

/** The same, which remembers recent answers: a model asks for the poolings of its layers again and again. */
export function remembering<T>(poolingOf: PoolingOf<T>): PoolingOf<T> {
  const recent: Recent<T> = [];
  return (kernelName, rank, xShape, attrs) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs;
    const values = [xShape, rank, filterSize, strides, pad, dimRoundingMode];
    return recently(recent, values, () => poolingOf(kernelName, rank, xShape, attrs), MOST_POOLINGS);
  };
}

/** The spec that attributes give, before anything is rounded. NaN is ignored, as tf.maxPool's users were promised. */
export function specOf(kernelName: string, rank: 2 | 3, { filterSize, strides, pad }: PoolAttrs): PoolSpec {
  const padding = Array.isArray(pad) ? explicitPadding(kernelName, rank, pad) : pad;
  return poolSpec(kernelName, rank, { poolSize: filterSize, strides, padding, nan: 'ignore' });
}

/**
 * The pooling of a gradient kernel, which is not always told how sizes were rounded: tfjs drops that on the way. The
 * shape of dy tells it.
 *
 * @param poolingWith the pooling that attributes ask for
 */
export function poolingOfGradient<T extends { readonly yShape: readonly number[] }>(
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
  const found = poolings.find(({ yShape }) => sameShape(yShape, dyShape));
  if (found) return found;
  throw new Error(
    `${kernelName}: expected dy of shape ${show([...poolings[0]!.yShape])} for this x and these attributes; ` +
      `got ${show([...dyShape])}.`,
  );
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
