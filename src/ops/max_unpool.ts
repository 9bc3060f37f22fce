/**
 * Max unpooling: values go back to where their maxima stood. The routing of scatterArgmax, with the
 * number of axes in the name; or of PyTorch, where overlapping windows write over each other.
 */
import type { Tensor, TensorLike } from '@tensorflow/tfjs-core';
import { POOLING_OPTIONS, readOptions } from '../options';
import type { OrDefault, SpatialRank, UnpoolOptions } from '../spec';
import { write } from './overwriting';
import { scatter, scatterAs } from './routing';
import { geometryFor } from './x_shape';
import type { PoolingInput } from './pooling_input';

/**
 * Puts each value at the position that its argmax names; zeros elsewhere. Overlaps add up; with `overlaps: 'write'` the last
 * window in row-major order of the outputs writes the element, and it alone gets that element's gradient.
 *
 * @param values float32 or int32, [batch, length, channels] or without batch
 * @param argmax int32, same shape, from `maxPoolWithArgmax1d` with the same options, or from `indicesToArgmax`: tap
 *     numbers in [0, taps). A tap on padding routes nothing.
 * @param xShape the shape to restore: that pooling's input
 * @returns a tensor of shape `xShape`; differentiable in `values`, to any order
 * @throws Error on wrong options, dtypes, or shapes that do not belong together; on cpu, wasm and node also on a number
 *     that is no tap, which a GPU routes nowhere
 *
 * @example
 * ```js
 * const x = tf.tensor3d([1, 4, 3, 2], [1, 4, 1]);
 * const { values, argmax } = maxPoolWithArgmax1d(x);
 * maxUnpool1d(values, argmax, x.shape).print(); // 0, 4, 3, 0
 * ```
 * @see PyTorch's torch.nn.MaxUnpool1d and ONNX's MaxUnpool, which are `overlaps: 'write'`
 */
export function maxUnpool1d<T extends Tensor>(
  values: PoolingInput<T, 1>,
  argmax: Tensor | TensorLike,
  xShape: readonly number[],
  options?: OrDefault<UnpoolOptions<1>>,
): Tensor {
  return unpool('maxUnpool1d', 1, values, argmax, xShape, options);
}

/**
 * As {@link maxUnpool1d}, over height and width.
 *
 * @example
 * ```js
 * const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
 * const { values, argmax } = maxPoolWithArgmax2d(x);
 * maxUnpool2d(values, argmax, x.shape).print(); // 0, 0, 0, 4
 * ```
 */
export function maxUnpool2d<T extends Tensor>(
  values: PoolingInput<T, 2>,
  argmax: Tensor | TensorLike,
  xShape: readonly number[],
  options?: OrDefault<UnpoolOptions<2>>,
): Tensor {
  return unpool('maxUnpool2d', 2, values, argmax, xShape, options);
}

/**
 * As {@link maxUnpool1d}, over depth, height and width.
 *
 * @example
 * ```js
 * const x = tf.range(0, 8).reshape([1, 2, 2, 2, 1]);
 * const { values, argmax } = maxPoolWithArgmax3d(x);
 * maxUnpool3d(values, argmax, x.shape).print();
 * ```
 */
export function maxUnpool3d<T extends Tensor>(
  values: PoolingInput<T, 3>,
  argmax: Tensor | TensorLike,
  xShape: readonly number[],
  options?: OrDefault<UnpoolOptions<3>>,
): Tensor {
  return unpool('maxUnpool3d', 3, values, argmax, xShape, options);
}

function unpool(
  name: string,
  rank: SpatialRank,
  values: Tensor | TensorLike,
  argmax: Tensor | TensorLike,
  xShape: readonly number[],
  options: OrDefault<UnpoolOptions>,
): Tensor {
  const g = geometryFor(name, xShape, options, rank, POOLING_OPTIONS.unpooling);
  const { overlaps } = readOptions(name, rank, POOLING_OPTIONS.unpooling, options);
  return scatterAs(name, 'values', values, argmax, g, overlaps === 'write' ? write : scatter);
}
