/**
 * Lp pooling on the article's matrix: one row per window and channel, and its p-norm along the row, with signs as
 * PyTorch has them. Each row is scaled by its greatest magnitude, so that no power overflows.
 */
import {
  type Tensor,
  type TensorLike,
  abs,
  add,
  cast,
  customGrad,
  div,
  equal,
  fill,
  greater,
  less,
  mul,
  neg,
  notEqual,
  onesLike,
  pow,
  sqrt,
  sub,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { type PoolGeometry, poolGeometry } from '../geometry';
import { sizeOf } from '../layout';
import { type LpPoolOptions, lpPoolSpec } from '../lp';
import { type OrDefault, type Implementation, type SpatialRank, poolSpec } from '../spec';
import { average, toFloat } from './average_pool';
import { tensorArgument, viewAs } from './canonical';
import { toColumns } from './columns';
import { poolMax } from './max_pool';

/**
 * Lp pooling over one spatial axis: `y = (sum of x^p over the window)^(1 / p)`.
 *
 * `p: 1` is the sum; a large p approaches the maximum, without overflow; `p: Infinity` is the maximum of
 * magnitudes. As in PyTorch, powers keep their signs: with an odd p negative elements count against positive
 * ones, and a negative sum (or a negative element, with a fractional p) gives NaN. Padding adds nothing.
 *
 * The gradient is `(x / y)^(p - 1)`, and 0 where y is 0. Derivatives of every order exist; one that would be infinite (at an
 * element of 0, with p < 1, or of a higher order than p) is taken to be 0, so that it spoils no others. The matrix is kept
 * for the backward pass.
 *
 * @param x float32, or int32, which is pooled as float32; [batch, length, channels] or [length, channels]
 * @param options those of pooling, and `p`
 * @returns the norms, float32, in x's data format, batched as x is
 * @throws Error on wrong options, dtype or rank, or a window without a real element
 *
 * @example
 * ```js
 * lpPool1d(tf.tensor3d([3, 4, 0, 2], [1, 4, 1]), { p: 2 }).print(); // 5, 2
 * ```
 * @see PyTorch's torch.nn.LPPool1d. It scales the last windows of ceil mode up to the size of a whole one; here, and in
 *     ONNX's LpPool (which takes magnitudes), they are the norms of what is there
 */
export function lpPool1d<T extends Tensor>(x: T | TensorLike, options?: OrDefault<LpPoolOptions>): T {
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
export function lpPool2d<T extends Tensor>(x: T | TensorLike, options?: OrDefault<LpPoolOptions>): T {
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
export function lpPool3d<T extends Tensor>(x: T | TensorLike, options?: OrDefault<LpPoolOptions>): T {
  return lpPool('lpPool3d', 3, x, options) as T;
}

function lpPool(name: string, rank: SpatialRank, x: Tensor | TensorLike, options: OrDefault<LpPoolOptions>): Tensor {
  const { pool, exponent: p } = lpPoolSpec(name, rank, options);
  return tidy(name, () => {
    const $x = toFloat(tensorArgument(name, 'x', x));
    const g = poolGeometry(name, pool, $x.shape);
    if (p === 1 || $x.size === 0) return average($x, g, 'one');
    return p === Infinity ? poolMax(magnitude($x), g) : normsOfWindows($x, g, p);
  });
}

function normsOfWindows(x: Tensor, g: PoolGeometry, p: number): Tensor {
  const rows = viewAs(toColumns(x, g, 0), [sizeOf(g.yShape), g.taps]);
  return viewAs(norms(rows, p, g.spec.implementation), g.yShape);
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

/** [rows, taps] -> [rows, 1]. Its gradient is made of what can be differentiated again, so derivatives go on from there. */
function norms(rows: Tensor, p: number, implementation: Implementation): Tensor {
  return customGrad((rowsInput, save) => {
    const x = rowsInput as Tensor;
    const wholeRow = rowGeometry(x, implementation);
    const scale = scaleOf(x, wholeRow);
    const total = sumOfRow(rawPower(div(x, scale), p), wholeRow);
    // 1 where the sum is 0, whose root a GPU may not take for 0; and to be added to y before it divides.
    const isZero = cast(equal(total, 0), 'float32');
    const y = mul(mul(scale, rawPower(add(total, isZero), 1 / p)), sub(1, isZero));
    (save as (tensors: Tensor[]) => void)([x, isZero]);
    return {
      value: y,
      gradFunc: (dy, saved) => {
        const [xs, zeroes] = saved;
        // y anew: tfjs does not see that a saved result depends on x, which second derivatives need.
        const ratios = quotient(xs, add(norms(xs, p, implementation), zeroes), wholeRow);
        return mul(mul(dy, sub(1, zeroes)), power(ratios, p - 1));
      },
    };
  })(rows);
}

/** a / b for b of shape [rows, 1]. The gradient of core's div squares b, which may overflow where the quotient doesn't. */
function quotient(a: Tensor, b: Tensor, wholeRow: PoolGeometry): Tensor {
  return customGrad((aInput, bInput, save) => {
    const [given, divisor] = [aInput as Tensor, bInput as Tensor];
    (save as (tensors: Tensor[]) => void)([given, divisor]);
    return {
      value: div(given, divisor),
      gradFunc: (dy, [as, bs]) => {
        const perA = quotient(dy, bs, wholeRow);
        return [perA, neg(sumOfRow(mul(perA, quotient(as, bs, wholeRow)), wholeRow))];
      },
    };
  })(a, b);
}

/** a^b, with derivatives of every order. Where they are infinite, at an a of 0, they are taken to be 0. */
function power(a: Tensor, b: number): Tensor {
  if (b === 0) return onesLike(a);
  return b === 1
    ? a
    : withSaved(
        a,
        (t) => rawPower(t, b),
        (dy, saved) => mul(dy, mul(b, power(saved, b - 1))),
      );
}

/** a^b, and 0 for 0 to a negative power. A GPU's pow takes NaN for some number, and squares and roots less exactly. */
function rawPower(a: Tensor, b: number): Tensor {
  if (b === 2) return mul(a, a);
  if (b > 0) return where(notEqual(a, a), a, b === 0.5 ? sqrt(a) : pow(a, b));
  const isZero = cast(equal(a, 0), 'float32');
  return where(notEqual(a, a), a, mul(pow(add(a, isZero), b), sub(1, isZero)));
}

/** `f` of a tensor, which is kept for the gradient. */
function withSaved(t: Tensor, f: (t: Tensor) => Tensor, gradient: (dy: Tensor, saved: Tensor) => Tensor): Tensor {
  return customGrad((input, save) => {
    (save as (tensors: Tensor[]) => void)([input as Tensor]);
    return { value: f(input as Tensor), gradFunc: (dy, [saved]) => gradient(dy, saved) };
  })(t);
}

/** A row as one window: this package's kernels add up in order, and on GPUs much faster than core's do short rows. */
function rowGeometry(t: Tensor, implementation: Implementation): PoolGeometry {
  const [rows, taps] = t.shape as [number, number];
  return poolGeometry('lpPool', poolSpec('lpPool', 1, { poolSize: taps, implementation }), [rows, taps, 1]);
}

function sumOfRow(rows: Tensor, wholeRow: PoolGeometry): Tensor {
  return acrossRow(rows, wholeRow, (windows) => average(windows, wholeRow, 'one'));
}

function acrossRow(rows: Tensor, g: PoolGeometry, f: (windows: Tensor) => Tensor): Tensor {
  return viewAs(f(viewAs(rows, g.xShape)), [rows.shape[0], 1]);
}

const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** The greatest magnitude of each row; 1 where that is 0, and for Infinity what leaves the others' powers finite. */
function scaleOf(rows: Tensor, wholeRow: PoolGeometry): Tensor {
  const greatest = acrossRow(abs(rows), wholeRow, (magnitudes) => poolMax(magnitudes, wholeRow));
  const orOne = where(equal(greatest, 0), onesLike(greatest), greatest);
  return where(equal(orOne, Infinity), fill(greatest.shape, LARGEST_FLOAT, 'float32'), orOne);
}
