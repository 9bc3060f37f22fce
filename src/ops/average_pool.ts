/**
 * Average pooling. It is linear: forward sums windows and divides (A), backward divides and spreads (its
 * adjoint A*), and each is the other's gradient. So derivatives of every order exist and nothing is kept.
 */
import { type Tensor, type TensorLike, add, cast, customGrad, engine, tidy } from '@tensorflow/tfjs-core';
import { type AveragePoolOptions, type Divisor, averagePoolSpec } from '../average';
import { run } from '../dispatch';
import { type PoolGeometry, poolGeometry } from '../geometry';
import type { OrDefault, SpatialRank } from '../spec';
import { onTensor } from './canonical';
import type { PoolingInput } from './pooling_input';

/**
 * Average pooling over one spatial axis: `y[b, o, c] = sum over taps t of x[b, o * stride - before + t * dilation, c] / n[o]`.
 *
 * `n` is the number of real elements in the window; with `countIncludePad` that of its cells on the padded
 * input, which a last window of `ceilMode` may leave (PyTorch's and ONNX's rule).
 * Output size: `floor((in + before + after - span) / stride) + 1` (`ceil` with `ceilMode`), with
 * `span = (poolSize - 1) * dilationRate + 1`; for `'same'`, `ceil(in / stride)`.
 * Sums are float32, tap by tap in row-major order, so that backends agree; a GPU may divide less exactly
 * (by 2.5 units in the last place, say its standards). Derivatives of every order exist.
 *
 * @param x float32, or int32, which is averaged as float32; [batch, length, channels] or [length, channels]
 * @returns the averages, float32, in x's data format, batched as x is
 * @throws Error on wrong options, dtype or rank, or a window without a real element
 *
 * @example
 * ```js
 * averagePool1d(tf.tensor3d([1, 4, 3, 2], [1, 4, 1])).print(); // 2.5, 2.5
 * averagePool1d(tf.tensor3d([1, 4, 3], [1, 3, 1]), { padding: 'same' }).print(); // 2.5, 3
 * ```
 * @see tf.layers.averagePooling1d; PyTorch's torch.nn.AvgPool1d, whose count_include_pad is true by default
 */
export function averagePool1d<T extends Tensor>(x: PoolingInput<T, 1>, options?: OrDefault<AveragePoolOptions<1>>): T {
  return averagePool('averagePool1d', 1, x, options) as T;
}

/**
 * Average pooling over height and width. As {@link averagePool1d}, for [batch, height, width, channels] or
 * [height, width, channels].
 *
 * @example
 * ```js
 * const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
 * averagePool2d(x, { poolSize: 2, strides: 1 }).print(); // 3 4 6 7
 * averagePool2d(x, { poolSize: 3, padding: 1, countIncludePad: true }).print(); // 12 / 9, and so on
 * ```
 * @see tf.avgPool; PyTorch's torch.nn.AvgPool2d
 */
export function averagePool2d<T extends Tensor>(x: PoolingInput<T, 2>, options?: OrDefault<AveragePoolOptions<2>>): T {
  return averagePool('averagePool2d', 2, x, options) as T;
}

/**
 * Average pooling over depth, height and width. As {@link averagePool1d}, for
 * [batch, depth, height, width, channels] or [depth, height, width, channels].
 *
 * @example
 * ```js
 * averagePool3d(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 3.5
 * ```
 * @see tf.avgPool3d; PyTorch's torch.nn.AvgPool3d
 */
export function averagePool3d<T extends Tensor>(x: PoolingInput<T, 3>, options?: OrDefault<AveragePoolOptions<3>>): T {
  return averagePool('averagePool3d', 3, x, options) as T;
}

function averagePool(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: OrDefault<AveragePoolOptions>,
): Tensor {
  const { pool, divisor } = averagePoolSpec(name, rank, options);
  return onTensor(name, 'x', x, ($x) => {
    const g = poolGeometry(name, pool, $x.shape);
    return $x.dtype === 'float32' ? average($x, g, divisor) : tidy(name, () => average(toFloat($x), g, divisor));
  });
}

/** int32 as float32. A cast alone would only relabel the numbers, on cpu and webgpu. Call inside a tidy. */
export function toFloat(x: Tensor): Tensor {
  return x.dtype === 'float32' ? x : add(cast(x, 'float32'), 0);
}

/** x -> y; its gradient is {@link spread}. */
export function average(x: Tensor, g: PoolGeometry, divisor: Divisor): Tensor {
  return withAdjoint(
    x,
    (t) => run('averagePool', [t], { geometry: g, divisor })[0],
    (dy) => spread(dy, g, divisor),
  );
}

/** dy -> dx; its gradient is {@link average}. */
export function spread(dy: Tensor, g: PoolGeometry, divisor: Divisor): Tensor {
  return withAdjoint(
    dy,
    (t) => run('averageSpread', [t], { geometry: g, divisor })[0],
    (ddx) => average(ddx, g, divisor),
  );
}

/** A linear `f` and its gradient, which is asked for only where something is recorded. */
export function withAdjoint(t: Tensor, f: (t: Tensor) => Tensor, adjoint: (d: Tensor) => Tensor): Tensor {
  if (!engine().isTapeOn()) return f(t);
  return customGrad((input) => ({ value: f(input as Tensor), gradFunc: adjoint }))(t);
}
