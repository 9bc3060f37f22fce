/**
 * Lp pooling: the p-norm of each window, with signs as PyTorch has them. The derivatives are in ./lp_norms.
 */
import {
  type Tensor,
  type TensorLike,
  abs,
  cast,
  customGrad,
  greater,
  less,
  mul,
  sub,
  tidy,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { poolGeometry } from '../geometry';
import { type LpPoolOptions, lpPoolSpec } from '../lp';
import type { OrDefault, SpatialRank } from '../spec';
import { average, toFloat } from './average_pool';
import { tensorArgument } from './canonical';
import type { PoolingInput } from './pooling_input';
import { norms, withSaved } from './lp_norms';
import { poolMax } from './max_pool';

/**
 * Lp pooling over one spatial axis: `y = (sum of x^p over the window)^(1 / p)`.
 *
 * `p: 1` is the sum; a large p approaches the maximum, without overflow; `p: Infinity` is the maximum of
 * magnitudes. As in PyTorch, powers keep their signs: with an odd p negative elements count against positive
 * ones, and a negative sum (or a negative element, with a fractional p) gives NaN. Padding adds nothing.
 *
 * With `absolute: true` powers are those of magnitudes, |x|^p, as in ONNX; the gradient of a magnitude is 0 at 0.
 *
 * The gradient is `(x / y)^(p - 1)`, and 0 where y is 0. Derivatives of every order exist; one that would be infinite (at an
 * element of 0, with p < 1, or of a higher order than p) is taken to be 0, so that it spoils no others. x and y are kept for
 * the backward pass.
 *
 * @param x float32, or int32, which is pooled as float32; [batch, length, channels] or [length, channels]
 * @param options those of pooling, `p` and `absolute`
 * @returns the norms, float32, in x's data format, batched as x is
 * @throws Error on wrong options, dtype or rank, or a window without a real element
 *
 * @example
 * ```js
 * lpPool1d(tf.tensor3d([3, 4, 0, 2], [1, 4, 1]), { p: 2 }).print(); // 5, 2
 * lpPool1d(tf.tensor3d([1, -4], [1, 2, 1]), { p: 1, absolute: true }).print(); // 5
 * ```
 * @see PyTorch's torch.nn.LPPool1d. It scales the last windows of ceil mode up to the size of a whole one; here, and in
 *     ONNX's LpPool (whose powers are absolute), they are the norms of what is there
 */
export function lpPool1d<T extends Tensor>(x: PoolingInput<T, 1>, options?: OrDefault<LpPoolOptions<1>>): T {
  return lpPool('lpPool1d', 1, x, options) as T;
}

/**
 * As {@link lpPool1d}, over height and width: [batch, height, width, channels].
 *
 * @example
 * ```js
 * lpPool2d(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), { p: 1 }).print(); // 10
 * ```
 * @see PyTorch's torch.nn.LPPool2d
 */
export function lpPool2d<T extends Tensor>(x: PoolingInput<T, 2>, options?: OrDefault<LpPoolOptions<2>>): T {
  return lpPool('lpPool2d', 2, x, options) as T;
}

/**
 * As {@link lpPool1d}, over depth, height and width: [batch, depth, height, width, channels].
 *
 * @example
 * ```js
 * lpPool3d(tf.ones([1, 2, 2, 2, 1]), { p: 3 }).print(); // 2
 * ```
 * @see PyTorch's torch.nn.LPPool3d
 */
export function lpPool3d<T extends Tensor>(x: PoolingInput<T, 3>, options?: OrDefault<LpPoolOptions<3>>): T {
  return lpPool('lpPool3d', 3, x, options) as T;
}

function lpPool(name: string, rank: SpatialRank, x: Tensor | TensorLike, options: OrDefault<LpPoolOptions>): Tensor {
  const { pool, exponent: p, absolute } = lpPoolSpec(name, rank, options);
  return tidy(name, () => {
    const given = toFloat(tensorArgument(name, 'x', x));
    const g = poolGeometry(name, pool, given.shape);
    if (given.size === 0) return average(given, g, 'one');
    // Even powers have no signs.
    const $x = p === Infinity || (absolute && p % 2 !== 0) ? magnitude(given) : given;
    if (p === 1) return average($x, g, 'one');
    return p === Infinity ? poolMax($x, g) : norms($x, g, p);
  });
}

/** |x|, with the gradient 0 at 0, where that of core's abs is -1. */
function magnitude(x: Tensor): Tensor {
  return withSaved(x, abs, (dy, saved) => mul(dy, signOf(saved)));
}

/** -1, 0 or 1; its own gradient is 0. */
function signOf(x: Tensor): Tensor {
  return customGrad((xInput) => ({
    value: sub(cast(greater(xInput as Tensor, 0), 'float32'), cast(less(xInput as Tensor, 0), 'float32')),
    gradFunc: (dy) => zerosLike(dy),
  }))(x);
}
