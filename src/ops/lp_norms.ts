/**
 * p-norms of windows and their derivatives. The first one is a kernel that reads x and y; those of higher order are composed of
 * operations on the im2col matrix, which can be differentiated again and again.
 */
import {
  type Tensor,
  add,
  cast,
  customGrad,
  div,
  engine,
  equal,
  keep,
  mul,
  neg,
  onesLike,
  reshape,
  sub,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { run } from '../dispatch';
import { type PoolGeometry, columnsShape, geometryFrom } from '../geometry';
import { rawPower } from '../power';
import { sizeOf } from '../layout';
import { average } from './average_pool';
import { viewAs } from './canonical';
import { fromColumns, toColumns } from './columns';
import { saveOnTape } from './saved_on_tape';

type Save = (tensors: Tensor[]) => void;

/** x -> y, for p other than 1 and Infinity. Call inside a tidy. */
export function norms(x: Tensor, g: PoolGeometry, p: number): Tensor {
  return engine().isTapeOn() ? recorded(x, g, p) : run('lpPool', [x], { geometry: g, p })[0];
}

/** Forward on the tape: x and y are kept for the gradient, as views. */
function recorded(x: Tensor, g: PoolGeometry, p: number): Tensor {
  const view = keep(viewOf(x));
  let kept: Tensor | undefined;
  const y = customGrad((xInput) => {
    const value = run('lpPool', [xInput as Tensor], { geometry: g, p })[0];
    const norm = keep(reshape(value, value.shape));
    kept = norm;
    return { value, gradFunc: (dy) => gradient(view, norm, dy, g, p) };
  })(view);
  saveOnTape(y, [view, kept!]);
  return y;
}

/** The same elements as a tensor of its own. On the tape core's reshape saves its input, as a clone. */
function viewOf(t: Tensor): Tensor {
  return customGrad((input) => ({
    value: reshape(input as Tensor, t.shape),
    gradFunc: (dy) => viewOf(dy),
  }))(t);
}

/** x, y, dy -> dx. tfjs does not see that y depends on x; the derivatives of this know it. */
function gradient(x: Tensor, y: Tensor, dy: Tensor, g: PoolGeometry, p: number): Tensor {
  const backward = (xs: Tensor, dys: Tensor) => run('lpPoolGradient', [xs, y, dys], { geometry: g, p })[0];
  if (!engine().isTapeOn()) return backward(x, dy);
  return customGrad((xInput, dyInput, save) => {
    const [given, gradients] = [xInput as Tensor, dyInput as Tensor];
    (save as Save)([given, gradients]);
    return {
      value: backward(given, gradients),
      gradFunc: (ddx, [xs, dys]) => secondGradients(xs!, dys!, ddx, g, p),
    };
  })(x, dy);
}

/**
 * x, dy, ddx -> the gradients of `sum(ddx * dx)` by x and by dy, on the matrix: with `r = x / y` and `dx = dy * r^(p - 1)` in a
 * window's row, `d r[i] / d x[j] = ((i == j) - r[i] * r[j]^(p - 1)) / y`.
 */
function secondGradients(x: Tensor, dy: Tensor, ddx: Tensor, g: PoolGeometry, p: number): [Tensor, Tensor] {
  const count = sizeOf(g.yShape);
  const rowsOf = (t: Tensor) => viewAs(toColumns(t, g, 0), [count, g.taps]);
  const wholeRow = rowGeometry(g, count);
  const y = viewAs(norms(x, g, p), [count, 1]);
  const isZero = zeroes(y);
  const isOther = sub(1, isZero);
  const divisor = add(y, isZero);
  const ratios = mul(quotient(rowsOf(x), divisor, wholeRow), isOther);
  const [slopes, given] = [power(ratios, p - 1), rowsOf(ddx)];
  // Divided first, so that 16 bit holds what products of gradients would pass.
  const shares = mul(mul(quotient(given, divisor, wholeRow), isOther), viewAs(dy, [count, 1]));
  const bends = mul(shares, mul(p - 1, power(ratios, p - 2)));
  const byNorm = mul(slopes, sumOfRow(mul(bends, ratios), wholeRow));
  return [
    fromColumns(viewAs(sub(bends, byNorm), columnsShape(g)), g),
    viewAs(sumOfRow(mul(given, slopes), wholeRow), g.yShape),
  ];
}

/** 1 where y is 0, else 0; its own gradient is 0. */
function zeroes(y: Tensor): Tensor {
  return customGrad((yInput) => ({
    value: cast(equal(yInput as Tensor, 0), 'float32'),
    gradFunc: (dy) => zerosLike(dy),
  }))(y);
}

/** a / b for b of shape [rows, 1]. The gradient of core's div squares b, which may overflow where the quotient doesn't. */
function quotient(a: Tensor, b: Tensor, wholeRow: PoolGeometry): Tensor {
  return customGrad((aInput, bInput, save) => {
    const [given, divisor] = [aInput as Tensor, bInput as Tensor];
    (save as Save)([given, divisor]);
    return {
      value: div(given, divisor),
      gradFunc: (dy, [as, bs]) => {
        const perA = quotient(dy, bs!, wholeRow);
        return [perA, neg(sumOfRow(mul(perA, quotient(as!, bs!, wholeRow)), wholeRow))];
      },
    };
  })(a, b);
}

/** A row as one window: this package's kernels add up in order, and on GPUs much faster than core's do short rows. */
function rowGeometry({ taps, spec }: PoolGeometry, count: number): PoolGeometry {
  return geometryFrom({
    xShape: [count, taps, 1],
    axes: [{ window: taps }],
    implementation: spec.implementation,
  });
}

function sumOfRow(rows: Tensor, wholeRow: PoolGeometry): Tensor {
  return viewAs(average(viewAs(rows, wholeRow.xShape), wholeRow, 'one'), [rows.shape[0], 1]);
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

/** `f` of a tensor, which is kept for the gradient. */
export function withSaved(
  t: Tensor,
  f: (t: Tensor) => Tensor,
  derivative: (dy: Tensor, saved: Tensor) => Tensor,
): Tensor {
  return customGrad((input, save) => {
    (save as Save)([input as Tensor]);
    return { value: f(input as Tensor), gradFunc: (dy, [saved]) => derivative(dy, saved!) };
  })(t);
}
