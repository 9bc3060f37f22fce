/**
 * Adaptive max pooling: uneven windows are laid side by side (even_windows.ts) and pooled by max pooling, whose
 * argmax routes the gradient; windows that divide the image evenly are pooled as they are.
 */
import { type Tensor, type TensorLike, tidy } from '@tensorflow/tfjs-core';
import {
  type AdaptiveAxis,
  type AdaptiveMaxPoolOptions,
  type AdaptiveMaxPoolSpec,
  adaptiveAxes,
  adaptiveMaxPoolSpec,
} from '../adaptive';
import { type PoolGeometry, poolGeometry } from '../geometry';
import { type OrNull, type SpatialRank, poolSpec } from '../spec';
import { tensorArgument } from './canonical';
import { layOut } from './even_windows';
import { maxOfAll } from './global_max_pool';
import { type ValuesAndArgmax, poolMax, poolMaxWithArgmax } from './max_pool';
import { ownTaps } from './own_taps';

/**
 * Max pooling to a given output size: output `i` is the maximum over `[floor(i * in / out), ceil((i + 1) * in / out))`.
 *
 * Rules as {@link maxPool1d} has them: the first of equal maxima alone receives the gradient, NaN wins unless
 * `nan: 'ignore'`, derivatives of every order exist. Where `in` is a multiple of `out` this is max pooling with
 * window and stride `in / out`.
 *
 * @param x float32 or int32, [batch, length, channels] or [length, channels]
 * @param options `outputSize` is required
 * @returns the maxima, in x's dtype, [batch, outputSize, channels] or without batch
 * @throws Error on wrong options, dtype or rank, or an image without elements
 *
 * @example
 * ```js
 * adaptiveMaxPool1d(tf.tensor3d([1, 4, 3, 2, 5], [1, 5, 1]), { outputSize: 3 }).print(); // 4, 4, 5
 * ```
 * @see PyTorch's torch.nn.AdaptiveMaxPool1d
 */
export function adaptiveMaxPool1d(x: Tensor | TensorLike, options: OrNull<AdaptiveMaxPoolOptions>): Tensor {
  return adaptiveMaxPool('adaptiveMaxPool1d', 1, x, options);
}

/**
 * As {@link adaptiveMaxPool1d}, over height and width: [batch, height, width, channels].
 *
 * @example
 * ```js
 * const x = tf.range(0, 35).reshape([1, 5, 7, 1]);
 * adaptiveMaxPool2d(x, { outputSize: [2, 3] }).print(); // 16 18 20, 30 32 34
 * ```
 * @see PyTorch's torch.nn.AdaptiveMaxPool2d
 */
export function adaptiveMaxPool2d(x: Tensor | TensorLike, options: OrNull<AdaptiveMaxPoolOptions>): Tensor {
  return adaptiveMaxPool('adaptiveMaxPool2d', 2, x, options);
}

/**
 * As {@link adaptiveMaxPool1d}, over depth, height and width: [batch, depth, height, width, channels].
 *
 * @example
 * ```js
 * adaptiveMaxPool3d(tf.range(0, 27).reshape([1, 3, 3, 3, 1]), { outputSize: 1 }).print(); // 26
 * ```
 * @see PyTorch's torch.nn.AdaptiveMaxPool3d
 */
export function adaptiveMaxPool3d(x: Tensor | TensorLike, options: OrNull<AdaptiveMaxPoolOptions>): Tensor {
  return adaptiveMaxPool('adaptiveMaxPool3d', 3, x, options);
}

/**
 * {@link adaptiveMaxPool1d} with the argmax (int32): the number of the winning tap in its own window, row-major
 * from 0; windows may differ in size.
 *
 * @example
 * ```js
 * const x = tf.tensor3d([1, 4, 3, 2, 5], [1, 5, 1]); // windows [1, 4], [4, 3, 2], [2, 5]
 * adaptiveMaxPoolWithArgmax1d(x, { outputSize: 3 }).argmax.print(); // 1, 0, 1
 * ```
 */
export function adaptiveMaxPoolWithArgmax1d(
  x: Tensor | TensorLike,
  options: OrNull<AdaptiveMaxPoolOptions>,
): ValuesAndArgmax {
  return adaptiveMaxPoolWithArgmax('adaptiveMaxPoolWithArgmax1d', 1, x, options);
}

/**
 * {@link adaptiveMaxPool2d} with the argmax; taps are numbered row by row.
 *
 * @example
 * ```js
 * const { argmax } = adaptiveMaxPoolWithArgmax2d(tf.range(0, 9).reshape([1, 3, 3, 1]), { outputSize: 2 });
 * argmax.print(); // 3 3 3 3
 * ```
 */
export function adaptiveMaxPoolWithArgmax2d(
  x: Tensor | TensorLike,
  options: OrNull<AdaptiveMaxPoolOptions>,
): ValuesAndArgmax {
  return adaptiveMaxPoolWithArgmax('adaptiveMaxPoolWithArgmax2d', 2, x, options);
}

/**
 * {@link adaptiveMaxPool3d} with the argmax; taps are numbered in (depth, height, width) order.
 *
 * @example
 * ```js
 * const { argmax } = adaptiveMaxPoolWithArgmax3d(tf.range(0, 8).reshape([1, 2, 2, 2, 1]), { outputSize: 1 });
 * argmax.print(); // 7
 * ```
 */
export function adaptiveMaxPoolWithArgmax3d(
  x: Tensor | TensorLike,
  options: OrNull<AdaptiveMaxPoolOptions>,
): ValuesAndArgmax {
  return adaptiveMaxPoolWithArgmax('adaptiveMaxPoolWithArgmax3d', 3, x, options);
}

/** Larger windows are pooled axis by axis: many small windows suit a GPU, and 16-bit textures count to 2048. */
const MOST_TAPS = 64;

function adaptiveMaxPool(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: OrNull<AdaptiveMaxPoolOptions>,
): Tensor {
  const spec = adaptiveMaxPoolSpec(name, rank, options);
  return tidy(name, () => {
    const $x = tensorArgument(name, 'x', x);
    const axes = adaptiveAxes(name, spec, $x.shape);
    if (spec.outputSize.every((size) => size === 1)) return maxOfAll(name, { ...spec, keepDims: true }, $x);
    const taps = axes.reduce((product, { longest }) => product * longest, 1);
    // The first of equals along a row, then along columns of those, is the first of all. The last axis goes first.
    const stages = taps <= MOST_TAPS ? [axes] : axes.map((axis) => [axis]).reverse();
    return stages.reduce((image, stage) => {
      const laidOut = sideBySide(image, stage, spec);
      return poolMax(laidOut, geometryOf(name, spec, stage, axes, laidOut.shape));
    }, $x);
  });
}

function adaptiveMaxPoolWithArgmax(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: OrNull<AdaptiveMaxPoolOptions>,
): ValuesAndArgmax {
  const spec = adaptiveMaxPoolSpec(name, rank, options);
  const [values, argmax] = tidy(name, () => {
    const $x = tensorArgument(name, 'x', x);
    const axes = adaptiveAxes(name, spec, $x.shape);
    const laidOut = sideBySide($x, axes, spec);
    const pooled = poolMaxWithArgmax(laidOut, geometryOf(name, spec, axes, axes, laidOut.shape));
    return [pooled[0], ownTaps(pooled[1], axes)];
  });
  return { values, argmax };
}

/** Windows of one size along the axes of this stage; the others are left alone. */
function sideBySide(x: Tensor, stage: readonly AdaptiveAxis[], { implementation }: AdaptiveMaxPoolSpec): Tensor {
  return stage.reduce((image, axis) => (axis.even ? image : layOut(image, axis, 'last', implementation)), x);
}

function geometryOf(
  name: string,
  { rank, dataFormat, nan, implementation }: AdaptiveMaxPoolSpec,
  stage: readonly AdaptiveAxis[],
  axes: readonly AdaptiveAxis[],
  shape: readonly number[],
): PoolGeometry {
  const poolSize = axes.map((axis) => (stage.includes(axis) ? axis.longest : 1));
  return poolGeometry(name, poolSpec(name, rank, { poolSize, dataFormat, nan, implementation }), shape);
}
