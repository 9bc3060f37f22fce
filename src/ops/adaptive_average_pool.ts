/** Adaptive average pooling: average pooling over windows fitted to the output size. */
import { type Tensor, type TensorLike, tidy } from '@tensorflow/tfjs-core';
import { type AdaptivePoolOptions, adaptiveGeometry, hasOneOutput } from '../adaptive';
import { POOLING_OPTIONS, readOptions } from '../options';
import type { OrNull, SpatialRank } from '../spec';
import { average, toFloat } from './average_pool';
import { tensorArgument } from './canonical';
import type { PoolingInput } from './pooling_input';
import { averageOfAll } from './global_average_pool';

/**
 * Average pooling to a given output size: output `i` averages `[floor(i * in / out), ceil((i + 1) * in / out))`.
 *
 * Where `in` is a multiple of `out` this is average pooling with window and stride `in / out`. Derivatives of
 * every order exist.
 *
 * Sums are the same on every backend, as they have an order, in float32: a window's elements add up row by row, and are
 * then divided by their number. Backward, each gradient is divided first, and what an element gets from the windows that
 * hold it adds up in row-major order of the outputs.
 *
 * @param x float32, or int32, which is averaged as float32; [batch, length, channels] or [length, channels]
 * @param options `outputSize` is required
 * @returns the averages, float32, [batch, outputSize, channels] or without batch
 * @throws Error on wrong options, dtype or rank, or an image without elements
 *
 * @example
 * ```js
 * adaptiveAveragePool1d(tf.tensor3d([1, 4, 3, 2, 5], [1, 5, 1]), { outputSize: 3 }).print(); // 2.5, 3, 3.5
 * ```
 * @see PyTorch's torch.nn.AdaptiveAvgPool1d
 */
export function adaptiveAveragePool1d<T extends Tensor>(
  x: PoolingInput<T, 1>,
  options: OrNull<AdaptivePoolOptions<1>>,
): Tensor {
  return adaptiveAveragePool('adaptiveAveragePool1d', 1, x, options);
}

/**
 * As {@link adaptiveAveragePool1d}, over height and width: [batch, height, width, channels].
 *
 * @example
 * ```js
 * adaptiveAveragePool2d(tf.range(0, 9).reshape([1, 3, 3, 1]), { outputSize: 2 }).print(); // 2 3 5 6
 * ```
 * @see PyTorch's torch.nn.AdaptiveAvgPool2d
 */
export function adaptiveAveragePool2d<T extends Tensor>(
  x: PoolingInput<T, 2>,
  options: OrNull<AdaptivePoolOptions<2>>,
): Tensor {
  return adaptiveAveragePool('adaptiveAveragePool2d', 2, x, options);
}

/**
 * As {@link adaptiveAveragePool1d}, over depth, height and width: [batch, depth, height, width, channels].
 *
 * @example
 * ```js
 * adaptiveAveragePool3d(tf.range(0, 27).reshape([1, 3, 3, 3, 1]), { outputSize: 1 }).print(); // 13
 * ```
 * @see PyTorch's torch.nn.AdaptiveAvgPool3d
 */
export function adaptiveAveragePool3d<T extends Tensor>(
  x: PoolingInput<T, 3>,
  options: OrNull<AdaptivePoolOptions<3>>,
): Tensor {
  return adaptiveAveragePool('adaptiveAveragePool3d', 3, x, options);
}

function adaptiveAveragePool(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: OrNull<AdaptivePoolOptions>,
): Tensor {
  const spec = readOptions(name, rank, POOLING_OPTIONS.adaptiveAverage, options);
  return tidy(name, () => {
    const $x = tensorArgument(name, 'x', x);
    const g = adaptiveGeometry(name, spec, $x.shape);
    if (hasOneOutput(g)) return averageOfAll(name, { ...spec, keepDims: true }, toFloat($x));
    return average(toFloat($x), g, 'real');
  });
}
