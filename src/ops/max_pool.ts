/**
 * Max pooling with an explicit gradient: forward finds each window's maximum and argmax, backward
 * sends the gradient to the argmax (src/ops/routing.ts). Of a forward pass only the argmax is kept.
 */
import { type Tensor, type TensorLike, customGrad, engine, keep } from '@tensorflow/tfjs-core';
import { run } from '../dispatch';
import { type PoolGeometry, poolGeometry } from '../geometry';
import { type OrDefault, type PoolOptions, type SpatialRank, poolSpec } from '../spec';
import { onTensor } from './canonical';
import type { PoolingInput } from './pooling_input';
import { trustTaps } from './checked_taps';
import { scatter } from './routing';
import { saveOnTape } from './saved_on_tape';

/** What `maxPoolWithArgmax` returns: two tensors of the same shape. */
export interface ValuesAndArgmax<T extends Tensor = Tensor> {
  /** The maxima; differentiable. */
  values: T;
  /** int32: the number of the winning tap in its window, row-major from 0. */
  argmax: T;
}

/**
 * Max pooling over one spatial axis: `y[b, o, c] = max over taps t of x[b, o * stride - before + t * dilation, c]`.
 *
 * Output size: `floor((in + before + after - span) / stride) + 1` (`ceil` with `ceilMode`), with
 * `span = (poolSize - 1) * dilationRate + 1`; for `'same'`, `ceil(in / stride)`.
 * The first of equal maxima wins and alone receives the gradient; padding never wins; NaN wins unless
 * `nan: 'ignore'`. Derivatives of every order exist.
 *
 * @param x float32 or int32, [batch, length, channels] or [length, channels]
 * @returns the maxima, in x's dtype and data format, batched as x is
 * @throws Error on wrong options, dtype or rank, or a window without a real element
 *
 * @example
 * ```js
 * maxPool1d(tf.tensor3d([1, 4, 3, 2], [1, 4, 1]), { poolSize: 2 }).print(); // 4, 3
 * ```
 * @see tf.layers.maxPooling1d; PyTorch's torch.nn.MaxPool1d
 */
export function maxPool1d<T extends Tensor>(x: PoolingInput<T, 1>, options?: OrDefault<PoolOptions<1>>): T {
  return maxPool('maxPool1d', 1, x, options) as T;
}

/**
 * Max pooling over height and width. As {@link maxPool1d}, for [batch, height, width, channels] or
 * [height, width, channels].
 *
 * @example
 * ```js
 * const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
 * maxPool2d(x, { poolSize: 2, strides: 1 }).print(); // 5 6 8 9
 * ```
 * @see tf.maxPool; PyTorch's torch.nn.MaxPool2d
 */
export function maxPool2d<T extends Tensor>(x: PoolingInput<T, 2>, options?: OrDefault<PoolOptions<2>>): T {
  return maxPool('maxPool2d', 2, x, options) as T;
}

/**
 * Max pooling over depth, height and width. As {@link maxPool1d}, for
 * [batch, depth, height, width, channels] or [depth, height, width, channels].
 *
 * @example
 * ```js
 * maxPool3d(tf.range(0, 8).reshape([1, 2, 2, 2, 1]), { poolSize: 2 }).print(); // 7
 * ```
 * @see tf.maxPool3d; PyTorch's torch.nn.MaxPool3d
 */
export function maxPool3d<T extends Tensor>(x: PoolingInput<T, 3>, options?: OrDefault<PoolOptions<3>>): T {
  return maxPool('maxPool3d', 3, x, options) as T;
}

/**
 * {@link maxPool1d} with the argmax: `values` are differentiable; `argmax` (int32) numbers the winning
 * tap of each window, for {@link scatterArgmax}, `maxUnpool1d` and `argmaxToIndices`.
 *
 * @example
 * ```js
 * const { values, argmax } = maxPoolWithArgmax1d(tf.tensor3d([1, 4, 3, 2], [1, 4, 1]));
 * argmax.print(); // 1, 0
 * ```
 */
export function maxPoolWithArgmax1d<T extends Tensor>(
  x: PoolingInput<T, 1>,
  options?: OrDefault<PoolOptions<1>>,
): ValuesAndArgmax<T> {
  return maxPoolWithArgmax('maxPoolWithArgmax1d', 1, x, options) as ValuesAndArgmax<T>;
}

/**
 * {@link maxPool2d} with the argmax; taps are numbered row by row.
 *
 * @example
 * ```js
 * const { argmax } = maxPoolWithArgmax2d(tf.tensor4d([-4, -3, -2, -1], [1, 2, 2, 1]));
 * argmax.print(); // 3
 * ```
 * @see tf.maxPoolWithArgmax, whose indices are flat; `argmaxToIndices` gives those
 */
export function maxPoolWithArgmax2d<T extends Tensor>(
  x: PoolingInput<T, 2>,
  options?: OrDefault<PoolOptions<2>>,
): ValuesAndArgmax<T> {
  return maxPoolWithArgmax('maxPoolWithArgmax2d', 2, x, options) as ValuesAndArgmax<T>;
}

/**
 * {@link maxPool3d} with the argmax; taps are numbered in (depth, height, width) order.
 *
 * @example
 * ```js
 * const { argmax } = maxPoolWithArgmax3d(tf.range(0, 8).reshape([1, 2, 2, 2, 1]));
 * argmax.print(); // 7
 * ```
 */
export function maxPoolWithArgmax3d<T extends Tensor>(
  x: PoolingInput<T, 3>,
  options?: OrDefault<PoolOptions<3>>,
): ValuesAndArgmax<T> {
  return maxPoolWithArgmax('maxPoolWithArgmax3d', 3, x, options) as ValuesAndArgmax<T>;
}

function maxPool(name: string, rank: SpatialRank, x: Tensor | TensorLike, options: OrDefault<PoolOptions>): Tensor {
  const spec = poolSpec(name, rank, options);
  return onTensor(name, 'x', x, ($x) => poolMax($x, poolGeometry(name, spec, $x.shape)));
}

/** x -> y with a geometry instead of options, for operations made of max pooling. */
export function poolMax(x: Tensor, g: PoolGeometry): Tensor {
  return engine().isTapeOn() ? recorded(x, g, true)[0] : run('maxPool', [x], { geometry: g })[0];
}

function maxPoolWithArgmax(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: OrDefault<PoolOptions>,
): ValuesAndArgmax {
  const spec = poolSpec(name, rank, options);
  const [values, argmax] = onTensor(name, 'x', x, ($x) => {
    const g = poolGeometry(name, spec, $x.shape);
    const pooled = poolMaxWithArgmax($x, g);
    trustTaps(pooled[1], g.taps);
    return pooled;
  });
  return { values, argmax };
}

/** As {@link poolMax}, with the argmax. */
export function poolMaxWithArgmax(x: Tensor, g: PoolGeometry): [values: Tensor, argmax: Tensor] {
  if (!engine().isTapeOn()) return [...run('maxPoolArgmax', [x], { geometry: g, kept: false })];
  const [values, kept] = recorded(x, g, false);
  // The tape's argmax ends with the tape; its clone belongs to the caller, as the values do.
  return [values, kept.clone()];
}

/** Off the tape, with an argmax that only {@link scatter} and gather may read: it may be in bytes. */
export function poolMaxForGradient(x: Tensor, g: PoolGeometry): [values: Tensor, argmax: Tensor] {
  return [...run('maxPoolArgmax', [x], { geometry: g, kept: true })];
}

/** Forward on the tape: the argmax is kept for the gradient (`alone`: for nothing else), and nothing else is. */
function recorded(x: Tensor, g: PoolGeometry, alone: boolean): [values: Tensor, kept: Tensor] {
  let kept: Tensor | undefined;
  const values = customGrad((xInput) => {
    const [y, argmax] = run('maxPoolArgmax', [xInput as Tensor], { geometry: g, kept: alone });
    kept = keep(argmax);
    return { value: y, gradFunc: (dy) => scatter(dy, argmax, g) };
  })(x);
  saveOnTape(values, [kept!]);
  return [values, kept!];
}
