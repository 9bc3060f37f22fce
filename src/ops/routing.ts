/**
 * Argmax routing: scatterArgmax (dy -> dx) and its adjoint gatherArgmax (x -> y).
 *
 * Each is the gradient of the other, so derivatives of every order exist. Both follow the argmax
 * alone; no value is compared here. {@link scatter} and {@link gather} are what max pooling calls,
 * with a geometry instead of options.
 */
import { type Tensor, type TensorLike, customGrad, engine, tensor, tidy } from '@tensorflow/tfjs-core';
import { run } from '../dispatch';
import { type PoolGeometry, poolGeometry } from '../geometry';
import { POOLING_OPTIONS } from '../options';
import { type OrDefault, type PoolOptions, readOptionsFor } from '../spec';
import { checkShapeOf, tensorArgument } from './canonical';
import { argmaxArgument, checkTaps } from './checked_taps';
import { geometryFor } from './x_shape';

/**
 * Sends each gradient to the input that won its window: `dx[input of tap argmax[o]] += dy[o]`, over
 * all outputs `o` in row-major order, in float32.
 *
 * The number of spatial axes is the length of any option given per axis, else `xShape.length - 2`.
 *
 * @param dy float32 or int32, of the pooling's output shape
 * @param argmax int32, same shape: tap numbers in [0, taps), as `maxPoolWithArgmax` and `indicesToArgmax` give
 *     them. A tap on padding routes nothing.
 * @param xShape the shape of the pooling's input, [batch, ...spatial, channels] or without batch
 * @returns dx of shape `xShape`, zero where no argmax points
 * @throws Error on wrong options, dtypes, or shapes that do not belong together; on cpu, wasm and node also on a number
 *     that is no tap, which a GPU routes nowhere
 *
 * @example
 * ```js
 * const x = tf.tensor4d([1, 3, 2, 0], [1, 2, 2, 1]);
 * const { argmax } = maxPoolWithArgmax2d(x);
 * scatterArgmax(tf.tensor4d([5], [1, 1, 1, 1]), argmax, x.shape, { poolSize: [2, 2] }).print(); // 0 5 0 0
 * ```
 * @see JAX's select-and-scatter; PyTorch's `max_pool2d_with_indices_backward`
 */
export function scatterArgmax(
  dy: Tensor | TensorLike,
  argmax: Tensor | TensorLike,
  xShape: readonly number[],
  options?: OrDefault<PoolOptions>,
): Tensor {
  const name = 'scatterArgmax';
  return scatterAs(name, 'dy', dy, argmax, geometryFor(name, xShape, options), scatter);
}

/**
 * Reads each window's element at a given argmax: `y[o] = x[input of tap argmax[o]]`, the adjoint of
 * {@link scatterArgmax}. A tap on padding reads 0.
 *
 * @param x float32 or int32, [batch, ...spatial, channels] or without batch
 * @param argmax int32, of the pooling's output shape: tap numbers in [0, taps)
 * @returns y, of argmax's shape
 * @throws Error on wrong options, dtypes, or shapes that do not belong together; on cpu, wasm and node also on a number
 *     that is no tap, which reads 0 on a GPU
 *
 * @example
 * ```js
 * const x = tf.tensor4d([1, 3, 2, 0], [1, 2, 2, 1]);
 * gatherArgmax(x, tf.tensor4d([2], [1, 1, 1, 1], 'int32'), { poolSize: 2 }).print(); // 2
 * ```
 * @see JAX's select-and-gather-add
 */
export function gatherArgmax(
  x: Tensor | TensorLike,
  argmax: Tensor | TensorLike,
  options?: OrDefault<PoolOptions>,
): Tensor {
  const name = 'gatherArgmax';
  return tidy(name, () => {
    const $x = tensorArgument(name, 'x', x);
    const $argmax = argmaxArgument(name, argmax);
    const g = poolGeometry(name, readOptionsFor(name, $x.shape, POOLING_OPTIONS.max, options), $x.shape);
    checkShapeOf(name, 'argmax', $argmax.shape, g.yShape, 'for this x and these options');
    checkTaps(name, $argmax, g.taps);
    return gather($x, $argmax, g);
  });
}

/** Checks tensors that a user gives, and routes them. */
export function scatterAs(
  name: string,
  argument: string,
  values: Tensor | TensorLike,
  argmax: Tensor | TensorLike,
  g: PoolGeometry,
  route: (values: Tensor, argmax: Tensor, g: PoolGeometry) => Tensor,
): Tensor {
  return tidy(name, () => {
    const $values = tensorArgument(name, argument, values);
    const $argmax = argmaxArgument(name, argmax);
    checkShapeOf(name, argument, $values.shape, g.yShape, 'for this xShape and these options');
    checkShapeOf(name, 'argmax', $argmax.shape, g.yShape, 'for this xShape and these options');
    checkTaps(name, $argmax, g.taps);
    return route($values, $argmax, g);
  });
}

/** dy -> dx; its gradient is {@link gather} at the same argmax. Call inside a tidy. */
export function scatter(dy: Tensor, kept: Tensor, g: PoolGeometry): Tensor {
  const argmax = readable(kept);
  const forward = (t: Tensor) => run('scatterArgmax', [t, argmax], { geometry: g, overlaps: 'add' })[0];
  return withArgmaxSaved(dy, argmax, forward, (ddx, saved) => gather(ddx, saved, g));
}

/** x -> y; its gradient is {@link scatter} at the same argmax. Call inside a tidy. */
export function gather(x: Tensor, kept: Tensor, g: PoolGeometry): Tensor {
  const argmax = readable(kept);
  const forward = (t: Tensor) => run('gatherArgmax', [t, argmax], { geometry: g })[0];
  return withArgmaxSaved(x, argmax, forward, (dy, saved) => scatter(dy, saved, g));
}

/** An argmax in bytes as int32, if the backend was changed since: only that which has made the bytes is known to read them. */
function readable(argmax: Tensor): Tensor {
  const isOurs = argmax.dtype !== 'bool' || engine().state.tensorInfo.get(argmax.dataId)!.backend === engine().backend;
  return isOurs ? argmax : tensor(Int32Array.from(argmax.dataSync()), argmax.shape, 'int32');
}

/** A linear `f` at an argmax, which is saved where a gradient is recorded. */
export function withArgmaxSaved(
  t: Tensor,
  argmax: Tensor,
  f: (t: Tensor) => Tensor,
  adjoint: (d: Tensor, argmax: Tensor) => Tensor,
): Tensor {
  if (!engine().isTapeOn()) return f(t);
  return customGrad((input, save) => {
    (save as (tensors: Tensor[]) => void)([argmax]);
    return { value: f(input as Tensor), gradFunc: (d, [saved]) => adjoint(d, saved!) };
  })(t);
}
