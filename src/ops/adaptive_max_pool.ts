/** Adaptive max pooling: max pooling over windows fitted to the output size. */
import { type Tensor, type TensorLike, tidy } from '@tensorflow/tfjs-core';
import { type AdaptiveMaxPoolOptions, type AdaptiveMaxPoolSpec, adaptiveGeometry, hasOneOutput } from '../adaptive';
import { storesHalf } from '../half_precision';
import { POOLING_OPTIONS, readOptions } from '../options';
import type { OrNull, SpatialRank } from '../spec';
import { onTensor } from './canonical';
import type { PoolingInput } from './pooling_input';
import { maxOfAll } from './global_max_pool';
import { type ValuesAndArgmax, poolMax, poolMaxWithArgmax } from './max_pool';

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
export function adaptiveMaxPool1d<T extends Tensor>(
  x: PoolingInput<T, 1>,
  options: OrNull<AdaptiveMaxPoolOptions<1>>,
): Tensor {
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
export function adaptiveMaxPool2d<T extends Tensor>(
  x: PoolingInput<T, 2>,
  options: OrNull<AdaptiveMaxPoolOptions<2>>,
): Tensor {
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
export function adaptiveMaxPool3d<T extends Tensor>(
  x: PoolingInput<T, 3>,
  options: OrNull<AdaptiveMaxPoolOptions<3>>,
): Tensor {
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
export function adaptiveMaxPoolWithArgmax1d<T extends Tensor>(
  x: PoolingInput<T, 1>,
  options: OrNull<AdaptiveMaxPoolOptions<1>>,
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
export function adaptiveMaxPoolWithArgmax2d<T extends Tensor>(
  x: PoolingInput<T, 2>,
  options: OrNull<AdaptiveMaxPoolOptions<2>>,
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
export function adaptiveMaxPoolWithArgmax3d<T extends Tensor>(
  x: PoolingInput<T, 3>,
  options: OrNull<AdaptiveMaxPoolOptions<3>>,
): ValuesAndArgmax {
  return adaptiveMaxPoolWithArgmax('adaptiveMaxPoolWithArgmax3d', 3, x, options);
}

/** 16-bit textures count to 2048, so windows with more taps are pooled axis by axis there. */
const MOST_TAPS = 2048;

function adaptiveMaxPool(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: OrNull<AdaptiveMaxPoolOptions>,
): Tensor {
  const spec = readOptions(name, rank, POOLING_OPTIONS.adaptiveMax, options);
  return onTensor(name, 'x', x, ($x) => {
    const g = adaptiveGeometry(name, spec, $x.shape);
    if (!hasOneOutput(g) && (g.taps <= MOST_TAPS || !storesHalf())) return poolMax($x, g);
    return tidy(name, () =>
      hasOneOutput(g) ? maxOfAll(name, { ...spec, keepDims: true }, $x) : maxByAxes(name, spec, $x),
    );
  });
}

/** The first of equals along a row, then along columns of those, is the first of all. So the last axis goes first. */
function maxByAxes(name: string, spec: AdaptiveMaxPoolSpec, x: Tensor): Tensor {
  return spec.outputSize.reduceRight<Tensor>((image, output, axis) => {
    const outputSize = spec.outputSize.map((_, i) => (i === axis ? output : null));
    return poolMax(image, adaptiveGeometry(name, { ...spec, outputSize }, image.shape));
  }, x);
}

function adaptiveMaxPoolWithArgmax(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: OrNull<AdaptiveMaxPoolOptions>,
): ValuesAndArgmax {
  const spec = readOptions(name, rank, POOLING_OPTIONS.adaptiveMax, options);
  const [values, argmax] = onTensor(name, 'x', x, ($x) =>
    poolMaxWithArgmax($x, adaptiveGeometry(name, spec, $x.shape)),
  );
  return { values, argmax };
}
