/**
 * The reference path: the textbook's algorithm in core operations, step by step.
 *
 * im2col -> one row per window and channel -> argmax and max along it; backward, the gradient goes to
 * the argmax of an all-zero matrix and col2im adds it up. It is the fallback on a backend without kernels of ours, and
 * the second opinion on those that have them, where `implementation: 'im2col'` takes these steps by kernels (matrix.ts).
 * Slow and literal on purpose; runs off the tape, its derivatives are those of src/ops.
 *
 * Care is taken with what some backends get wrong: no arithmetic with infinities (0 * Infinity), no
 * `max` (starts at -1e20 on webgl), no indices above `taps` (16-bit textures), no rank above 5,
 * no `where` on booleans and no comparison of different shapes (both write or read out of bounds on wasm),
 * no `pad` (keeps NaN on wasm for the rest of the program), no comparison and no sum of denormal numbers on node
 * (exact_order.ts), no sum in 16 bit that is divided afterwards.
 */
import {
  type Tensor,
  abs,
  add,
  any,
  argMax,
  cast,
  div,
  equal,
  fill,
  greater,
  logicalAnd,
  logicalNot,
  logicalOr,
  max,
  mul,
  notEqual,
  onesLike,
  range,
  reshape,
  scalar,
  slice,
  stack,
  sub,
  sum,
  tensor,
  tile,
  where,
} from '@tensorflow/tfjs-core';
import { alongAxis, extended } from '../along_axis';
import {
  type AxisGeometry,
  type PoolGeometry,
  canonicalXShape,
  canonicalYShape,
  columnsShape,
  hasFitted,
} from '../geometry';
import { type Divisor, divisorTable, uniformDivisor } from '../average';
import { storesHalf } from '../half_precision';
import { elementOfEachRow, inExactOrder } from './exact_order';
import { rawPower } from '../power';
import { LARGEST_FLOAT } from './power_code';
import type { Overlaps } from '../spec';
import { fittedColumns, fittedImage, fittedNumbers } from './reference_fitted';
import type { AttrsOf, InputsOf, KernelKey, OutputsOf } from './signatures';

type Reference = {
  readonly [K in KernelKey]: (inputs: InputsOf<K, Tensor>, attrs: AttrsOf<K>) => OutputsOf<K, Tensor>;
};

/** The kernels in core operations, on tensors of rank 5. */
export const REFERENCE: Reference = {
  maxPool: ([x], { geometry }) => [maxPool(x, geometry)[0]],
  maxPoolArgmax: ([x], { geometry }) => maxPool(x, geometry),
  scatterArgmax: ([dy, argmax], { geometry, overlaps }) => [scatterArgmax(dy, argmax, geometry, overlaps)],
  gatherArgmax: ([x, argmax], { geometry }) => [gatherArgmax(x, argmax, geometry)],
  im2col: ([x], { geometry, padValue }) => [im2col(x, geometry, padValue)],
  col2im: ([columns], { geometry }) => [col2im(columns, geometry)],
  averagePool: ([x], { geometry, divisor }) => [averagePool(x, geometry, divisor)],
  averageSpread: ([dy], { geometry, divisor }) => [averageSpread(dy, geometry, divisor)],
  lpPool: ([x], { geometry, p }) => [lpPool(x, geometry, p)],
  lpPoolGradient: ([x, y, dy], { geometry, p }) => [lpPoolGradient(x, y, dy, geometry, p)],
};

/** The textbook's im2col: for each tap one strided slice of the padded image; the slices are the columns. */
function im2col(x: Tensor, g: PoolGeometry, padValue: number): Tensor {
  if (hasFitted(g)) return fittedColumns(x, g, padValue);
  const axes = axesOf(g);
  const padded = padAxes(x, axes, padValue);
  const [rows] = columnsShape(g);
  const slices = forEachTap(g, (taps) => {
    const slice5 = axes.reduce((image, axis, i) => takeAxisTap(image, axis, i + 1, taps[i]!), padded);
    return reshape(slice5, [rows, g.channels]);
  });
  return reshape(stack(slices, 2), columnsShape(g));
}

/**
 * The textbook's col2im: each tap's column is placed on an empty padded image, and the images add up.
 * For one pixel, later taps belong to earlier outputs; so taps in reverse order add up the outputs in
 * row-major order, as the contract asks.
 */
function col2im(columns: Tensor, g: PoolGeometry): Tensor {
  if (hasFitted(g)) return fittedImage(columns, g);
  return imagesOfTaps(columns, g).reduceRight((total, image) => add(total, image));
}

/** Each tap's column on an empty image. */
function imagesOfTaps(columns: Tensor, g: PoolGeometry): Tensor[] {
  const axes = axesOf(g);
  const matrix = reshape(columns, [columnsShape(g)[0], g.channels, g.taps]);
  return forEachTap(g, (taps, tap) => {
    const column: Tensor = reshape(slice(matrix, [0, 0, tap], [-1, -1, 1]), canonicalYShape(g));
    return axes.reduce((image, axis, i) => placeAxisTap(image, axis, i + 1, taps[i]!), column);
  });
}

/** Forward: argmax and max along each row of the matrix, padding and (if ignored) NaN left out. */
function maxPool(x: Tensor, g: PoolGeometry): [Tensor, Tensor] {
  const rows = windowRows(im2col(x, g, 0), g);
  const ordered = inExactOrder(rows);
  const real = cast(windowRows(im2col(onesLike(x), g, 0), g), 'bool');
  const isNumber = logicalAnd(real, equal(rows, rows));
  const isNan = logicalAnd(real, notEqual(rows, rows));
  // The greatest number of each row, then every tap that has it. What is no number is overwritten by the
  // row's first one: no sentinel is below all int32, and some 16-bit textures turn -Infinity into NaN.
  const someNumber = takeTap(ordered, firstTap(isNumber, g), g);
  const numbers = where(isNumber, ordered, acrossTaps(someNumber, g));
  const greatest = takeTap(numbers, argMax(numbers, 1), g);
  const hits = logicalAnd(isNumber, equal(ordered, acrossTaps(greatest, g)));
  // Rows that NaN decides: any NaN if it propagates; otherwise only those without a number.
  const propagate = g.spec.nan === 'propagate';
  const decided = acrossTaps(propagate ? any(isNan, 1) : logicalNot(any(isNumber, 1)), g);
  const winners = logicalOr(logicalAnd(decided, propagate ? isNan : real), logicalAnd(logicalNot(decided), hits));
  const column = firstTap(winners, g);
  const argmax = hasFitted(g) ? takeTap(fittedNumbers(g), column, g) : column;
  return [reshape(takeTap(rows, column, g), canonicalYShape(g)), reshape(argmax, canonicalYShape(g))];
}

/** Backward: dy at the argmax of an all-zero matrix, then col2im. */
function scatterArgmax(dy: Tensor, argmax: Tensor, g: PoolGeometry, overlaps: Overlaps): Tensor {
  const isNamed = isTap(columnOf(argmax, g), g);
  const placed = reshape(where(isNamed, reshape(dy, [-1, 1]), scalar(0, dy.dtype)), columnsShape(g));
  return overlaps === 'add' ? col2im(placed, g) : written(placed, reshape(cast(isNamed, 'int32'), columnsShape(g)), g);
}

/** As col2im, with each tap's image written over those of earlier outputs, where its marks are. */
function written(columns: Tensor, marks: Tensor, g: PoolGeometry): Tensor {
  // GPUs choose in tensors of low rank only.
  const flat = (image: Tensor): Tensor => reshape(image, [-1, g.channels]);
  const [images, isWritten] = [imagesOfTaps(columns, g).map(flat), imagesOfTaps(marks, g).map(flat)];
  const dx = images.reduceRight((before, image, tap) => where(cast(isWritten[tap]!, 'bool'), image, before));
  return reshape(dx, canonicalXShape(g));
}

/** The adjoint of scatterArgmax: what stands at the argmax of each row of the matrix. */
function gatherArgmax(x: Tensor, argmax: Tensor, g: PoolGeometry): Tensor {
  return reshape(takeTap(windowRows(im2col(x, g, 0), g), columnOf(argmax, g), g), canonicalYShape(g));
}

/** The column of the tap that an argmax names. */
function columnOf(argmax: Tensor, g: PoolGeometry): Tensor {
  return hasFitted(g) ? firstTap(equal(acrossTaps(argmax, g), fittedNumbers(g)), g) : argmax;
}

/** The columns of the windows' rows added up, one tap after the other: a sum along the row may add in any order. */
function averagePool(x: Tensor, g: PoolGeometry, divisor: Divisor): Tensor {
  const rows = windowRows(im2col(x, g, 0), g);
  if (!storesHalf() || divisor === 'one') return divided(sumOfRows(rows, g), g, divisor);
  // The greatest of each row becomes 1, so that 16 bit holds every sum.
  const magnitudes = abs(rows);
  const scale = orOne(takeTap(magnitudes, argMax(magnitudes, 1), g));
  const averages = divided(sumOfRows(div(rows, acrossTaps(scale, g)), g), g, divisor);
  return mul(averages, reshape(scale, canonicalYShape(g)));
}

function sumOfRows(rows: Tensor, g: PoolGeometry): Tensor {
  const columns: Tensor[] = Array.from({ length: g.taps }, (_, tap) => slice(rows, [0, tap], [-1, 1]));
  return reshape(
    columns.reduce((total, column) => add(total, column)),
    canonicalYShape(g),
  );
}

/** Backward: every tap of a window's row gets the same, and col2im adds it up. */
function averageSpread(dy: Tensor, g: PoolGeometry, divisor: Divisor): Tensor {
  const spread = (t: Tensor) => col2im(reshape(acrossTaps(divided(t, g, divisor), g), columnsShape(g)), g);
  if (!storesHalf() || divisor === 'one') return spread(dy);
  // Shares as large as sums of them allow, so that 16 bit holds the smallest as well.
  const scale = orOne(max(abs(dy)));
  const room = 2 ** 15 / g.taps;
  return mul(div(spread(mul(div(dy, scale), room)), room), scale);
}

/** Each row over its greatest magnitude, so that no power overflows; an infinite one leaves the others' powers finite. */
function lpPool(x: Tensor, g: PoolGeometry, p: number): Tensor {
  const rows = windowRows(im2col(x, g, 0), g);
  const magnitudes = abs(rows);
  const greatest = takeTap(magnitudes, argMax(magnitudes, 1), g);
  const orLargest = where(equal(greatest, Infinity), fill(greatest.shape, LARGEST_FLOAT, 'float32'), greatest);
  const scale = where(equal(greatest, 0), onesLike(greatest), orLargest);
  const total = reshape(sumOfRows(rawPower(div(rows, acrossTaps(scale, g)), p), g), scale.shape);
  // 1 where the sum is 0, whose root a GPU may not take for 0.
  const isZero = cast(equal(total, 0), 'float32');
  const y = mul(mul(scale, rawPower(add(total, isZero), 1 / p)), sub(1, isZero));
  return reshape(y, canonicalYShape(g));
}

/** Backward: the matrix of slopes, each row of them times its gradient, then col2im. */
function lpPoolGradient(x: Tensor, y: Tensor, dy: Tensor, g: PoolGeometry, p: number): Tensor {
  const rows = windowRows(im2col(x, g, 0), g);
  const isZero = cast(equal(y, 0), 'float32');
  const ratios = mul(div(rows, acrossTaps(add(y, isZero), g)), acrossTaps(sub(1, isZero), g));
  return col2im(reshape(mul(acrossTaps(dy, g), rawPower(ratios, p - 1)), columnsShape(g)), g);
}

/** Magnitudes to divide by: 1 in place of 0, NaN and infinities, which 16 bit may not hold to compare with. */
function orOne(magnitudes: Tensor): Tensor {
  const isUsable = logicalAnd(greater(magnitudes, 0), equal(sub(magnitudes, magnitudes), 0));
  return where(isUsable, magnitudes, onesLike(magnitudes));
}

/** y, or dy, over what its windows count. */
export function divided(y: Tensor, g: PoolGeometry, divisor: Divisor): Tensor {
  const uniform = uniformDivisor(g, divisor);
  if (uniform !== undefined) return div(y, uniform);
  const cells = divisorTable(g, divisor);
  const divisors = new Float32Array(y.size);
  for (let i = 0; i < divisors.length; i++) divisors[i] = cells[Math.floor(i / g.channels) % cells.length]!;
  return div(reshape(y, canonicalYShape(g)), tensor(divisors, canonicalYShape(g)));
}

/** The textbook's reshape to (-1, taps): one row per window and channel. */
function windowRows(columns: Tensor, g: PoolGeometry): Tensor {
  return reshape(columns, [-1, g.taps]);
}

/** The first tap of each row that is true, if one is. Taps score differently: WebGPU's argMax takes any of equals. */
function firstTap(rows: Tensor, g: PoolGeometry): Tensor {
  const scores = tile(reshape(range(g.taps, 0, -1, 'int32'), [1, g.taps]), [rows.shape[0], 1]);
  return argMax(where(rows, scores, scalar(0, 'int32')), 1);
}

/** One element of each row: the others become 0 and the row is added up. */
function takeTap(rows: Tensor, argmax: Tensor, g: PoolGeometry): Tensor {
  return elementOfEachRow(rows, argmax) ?? sum(where(isTap(argmax, g), rows, scalar(0, rows.dtype)), 1);
}

/** The one-hot matrix of argmax, as booleans: `where` with it is safe, 0 * Infinity would not be. */
function isTap(argmax: Tensor, g: PoolGeometry): Tensor {
  const numbers = reshape(range(0, g.taps, 1, 'int32'), [1, g.taps]);
  return equal(acrossTaps(argmax, g), tile(numbers, [argmax.size, 1]));
}

/** One value per row, repeated for each tap. */
function acrossTaps(values: Tensor, g: PoolGeometry): Tensor {
  return tile(reshape(values, [-1, 1]), [1, g.taps]);
}

function forEachTap(g: PoolGeometry, visit: (taps: [number, number, number], tap: number) => Tensor): Tensor[] {
  const { height, width } = g;
  return Array.from({ length: g.taps }, (_, tap) => {
    const row = Math.floor(tap / width.window);
    return visit([Math.floor(row / height.window), row % height.window, tap % width.window], tap);
  });
}

/** The spatial axes. The step from an only window on is never taken: 1, so that no room is made for it. */
function axesOf({ depth, height, width }: PoolGeometry): AxisGeometry[] {
  return [depth, height, width].map((axis) => (axis.output === 1 ? { ...axis, stride: 1 } : axis));
}

/** Pads each spatial axis, with room for every tap's slice of `output * stride` elements. */
function padAxes(x: Tensor, axes: AxisGeometry[], padValue: number): Tensor {
  return axes.reduce((padded, { input, output, window, stride, dilation, padBefore }, i) => {
    const after = Math.max(0, (window - 1) * dilation + output * stride - padBefore - input);
    return alongAxis(padded, i + 1, (x3) => extended(x3, 1, padBefore, after, padValue));
  }, x);
}

/** Every stride-th element of a padded axis, from one tap's first position on. */
function takeAxisTap(padded: Tensor, { output, stride, dilation }: AxisGeometry, index: number, tap: number): Tensor {
  return alongAxis(padded, index, (x3) => {
    const [outer, , inner] = x3.shape;
    const run = slice(x3, [0, tap * dilation, 0], [outer, output * stride, inner]);
    return slice(reshape(run, [outer, output, stride * inner]), [0, 0, 0], [outer, output, inner]);
  });
}

/** The adjoint of taking a tap: zeros between its outputs (stride) and around them; padding is cut off. */
function placeAxisTap(
  outputs: Tensor,
  { input, output, stride, dilation, padBefore }: AxisGeometry,
  index: number,
  tap: number,
): Tensor {
  const offset = tap * dilation - padBefore;
  const cut = Math.max(0, -offset);
  const before = Math.max(0, offset);
  const taken = Math.min(output * stride - cut, input - before);
  return alongAxis(outputs, index, (x3) => {
    const [outer, , inner] = x3.shape;
    if (taken <= 0) return fill([outer, input, inner], 0, x3.dtype as 'float32');
    const groups = extended(x3, 2, 0, (stride - 1) * inner, 0);
    const run = slice(reshape(groups, [outer, output * stride, inner]), [0, cut, 0], [outer, taken, inner]);
    return extended(run, 1, before, input - before - taken, 0);
  });
}
