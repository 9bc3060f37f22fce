// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy -> dx for one channel, a row of windows at a time: the gradient of an argmax, and of an average.
 *
 * A block is the elements from the start of one window to the start of the next. Four blocks are done at a time, each
 * with the windows that start there and in the (at most) two blocks before; the farthest comes first, so that what an
 * element gets is added up in the order of the outputs. The elements at both ends of the row are done one by one.
 */
import { columnCells, rowCells } from './divisor.as';
import {
  channels, dCount, dFirst, endTap, endWhole, firstRowOffset, firstTap, firstWhole, fitted, hCount, hFirst, hStep, hWindow, planeSkip,
  wDilation, wInput, wOutput, wPad, wStride, wWindow,
} from './geometry.as';
import { ANY, loadApart, storeApart, sum, unzip, zip } from './lanes.as';

/** The blocks that are done four at a time: they lie inside the row, and the windows that reach into them are there. */
let begin: i32 = 0;
let end: i32 = 0;
/** The elements of a block before `longer` are reached by `reach` windows, the others by one window less. */
let reach: i32 = 0;
let longer: i32 = 0;
/** The outputs whose windows lie inside the row. */
let wholeBegin: i32 = 0;
let wholeEnd: i32 = 0;

/** Whether the geometry is of this kind. To be called first. */
export function routesRows(): bool {
  if (fitted || channels != 1 || wDilation != 1 && wWindow != 1) return false;
  reach = (wWindow - 1) / wStride + 1;
  longer = (wWindow - 1) % wStride + 1;
  begin = max((wPad + wStride - 1) / wStride, reach - 1);
  end = min(wOutput, (wInput + wPad) / wStride);
  wholeBegin = firstWhole(0, wOutput);
  wholeEnd = endWhole(0, wOutput);
  return reach <= 3 && end - begin >= 4;
}

/** `from` is column 0 in the row of the windows' tap (0, 0). `adds`: to what dx holds. */
export function scatterRowOfOne<T>(from: usize, dy: usize, argmaxOffset: usize, adds: bool): void {
  // Integers are rare, and not worth the code.
  if (isInteger<T>()) anyRow<T>(from, dy, argmaxOffset, adds, false);
  else if (adds && wStride == 1 && wWindow == 3) rowOf<T>(from, dy, argmaxOffset, 1, 3, 1, true, false);
  else if (adds && wStride == 2 && wWindow == 3) rowOf<T>(from, dy, argmaxOffset, 2, 2, 1, true, false);
  else if (wStride == 2 && wWindow == 2) rowOf<T>(from, dy, argmaxOffset, 2, 1, 2, adds, false);
  else anyRow<T>(from, dy, argmaxOffset, adds, false);
}

export function spreadRowOfOne(from: usize, dy: usize, adds: bool): void {
  if (adds && wStride == 1 && wWindow == 3) rowOf<f32>(from, dy, 0, 1, 3, 1, true, true);
  else if (adds && wStride == 2 && wWindow == 3) rowOf<f32>(from, dy, 0, 2, 2, 1, true, true);
  else if (wStride == 2 && wWindow == 2) rowOf<f32>(from, dy, 0, 2, 1, 2, adds, true);
  else anyRow<f32>(from, dy, 0, adds, true);
}

@inline
function anyRow<T>(from: usize, dy: usize, argmaxOffset: usize, adds: bool, spreads: bool): void {
  rowOf<T>(from, dy, argmaxOffset, ANY, reach, longer, adds, spreads);
}

@inline
function rowOf<T>(
  from: usize, dy: usize, argmaxOffset: usize, known: i32, reach: i32, longer: i32, adds: bool, spreads: bool,
): void {
  const stride = known == ANY ? wStride : known, window = wWindow, pad = wPad, input = wInput, last = end;
  const to = from + firstRowOffset(), apart = <usize>stride << 2, zero = i32x4.splat(0);
  const rows = hCount, rowStep = hStep, planes = dCount, skip = planeSkip();
  const whole = spreads ? f32x4.splat(<f32>(rowCells() * columnCells(0, window))) : zero;
  const firstNumber = i32x4.splat((dFirst * hWindow + hFirst) * window), rowNumbers = i32x4.splat(window);
  const planeNumbers = i32x4.splat((hWindow - rows) * window), step = i32x4.splat(stride);
  routeElements<T>(to, 0, begin * stride - pad, dy, argmaxOffset, spreads, adds);
  for (let block = begin; block < last; block += 4) {
    const late = max(0, block + 4 - last);
    block -= late;
    const at = dy + (<usize>block << 2);
    let g0 = valuesAt(at, block, spreads, whole), g1 = zero, g2 = zero;
    let a0 = spreads ? zero : i32x4.sub(v128.load(at + argmaxOffset), firstNumber), a1 = zero, a2 = zero;
    if (reach > 1) {
      g1 = valuesAt(at - 4, block - 1, spreads, whole);
      if (!spreads) a1 = i32x4.sub(v128.load(at - 4 + argmaxOffset), i32x4.add(firstNumber, step));
    }
    if (reach > 2) {
      g2 = valuesAt(at - 8, block - 2, spreads, whole);
      if (!spreads) a2 = i32x4.sub(v128.load(at - 8 + argmaxOffset), i32x4.add(firstNumber, i32x4.add(step, step)));
    }
    if (adds && late > 0) {
      // The last four blocks may overlap those before: these have got theirs.
      const fresh = i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(late));
      g0 = v128.and(g0, fresh);
      g1 = v128.and(g1, fresh);
      g2 = v128.and(g2, fresh);
    }
    let p = to + <usize>block * apart - (<usize>pad << 2);
    if (!spreads && known != ANY && rows == 3 && planes == 1) {
      // The usual case without a loop, which takes a third longer.
      const three = rowNumbers, six = i32x4.add(rowNumbers, rowNumbers);
      blocksOf<T>(p, known, apart, stride, reach, longer, adds, g0, g1, g2, a0, a1, a2, zero, spreads);
      blocksOf<T>(p + rowStep, known, apart, stride, reach, longer, adds, g0, g1, g2, a0, a1, a2, three, false);
      blocksOf<T>(p + 2 * rowStep, known, apart, stride, reach, longer, adds, g0, g1, g2, a0, a1, a2, six, false);
      continue;
    }
    let number = zero;
    for (let d = planes; d > 0; d--, p += skip, number = i32x4.add(number, planeNumbers)) {
      for (let h = rows; h > 0; h--, p += rowStep, number = i32x4.add(number, rowNumbers)) {
        blocksOf<T>(p, known, apart, stride, reach, longer, adds, g0, g1, g2, a0, a1, a2, number, spreads);
      }
    }
  }
  routeElements<T>(to, last * stride - pad, input, dy, argmaxOffset, spreads, adds);
}

/** Four blocks in one row of dx; `number` is that of the row's first tap. */
@inline
function blocksOf<T>(
  p: usize, known: i32, apart: usize, stride: i32, reach: i32, longer: i32, adds: bool,
  g0: v128, g1: v128, g2: v128, a0: v128, a1: v128, a2: v128, number: v128, spreads: bool,
): void {
  const zero = i32x4.splat(0), one = i32x4.splat(1);
  if (known == 1) {
    v128.store(p, sums<T>(adds ? v128.load(p) : zero, reach, g0, g1, g2, a0, a1, a2, number, spreads));
  } else if (known == 2) {
    let l = zero, r = zero;
    if (adds) {
      const lower = v128.load(p), upper = v128.load(p, 16);
      l = unzip(lower, upper, false);
      r = unzip(lower, upper, true);
    }
    l = sums<T>(l, reach, g0, g1, g2, a0, a1, a2, number, spreads);
    const next = spreads ? zero : i32x4.add(number, one);
    r = sums<T>(r, longer == 2 ? reach : reach - 1, g0, g1, g2, a0, a1, a2, next, spreads);
    v128.store(p, zip(l, r, false));
    v128.store(p, zip(l, r, true), 16);
  } else {
    for (let phase = 0; phase < stride; phase++, p += 4, number = i32x4.add(number, one)) {
      const before = adds ? loadApart(p, apart) : zero, reached = phase < longer ? reach : reach - 1;
      storeApart(p, apart, sums<T>(before, reached, g0, g1, g2, a0, a1, a2, number, spreads));
    }
  }
}

/** Adds the values of the last `windows` of three windows whose argmax is `number`, or all values. */
@inline
function sums<T>(
  before: v128, windows: i32, g0: v128, g1: v128, g2: v128, a0: v128, a1: v128, a2: v128, number: v128, spreads: bool,
): v128 {
  if (windows > 2) before = sum<T>(before, spreads ? g2 : v128.and(g2, i32x4.eq(a2, number)));
  if (windows > 1) before = sum<T>(before, spreads ? g1 : v128.and(g1, i32x4.eq(a1, number)));
  if (windows > 0) before = sum<T>(before, spreads ? g0 : v128.and(g0, i32x4.eq(a0, number)));
  return before;
}

/** What the four windows from `output` on route: dy, or their shares of it. */
@inline
function valuesAt(at: usize, output: i32, spreads: bool, whole: v128): v128 {
  let values = v128.load(at);
  if (spreads) values = f32x4.div(values, output >= wholeBegin && output + 4 <= wholeEnd ? whole : countsOf(output));
  return values;
}

function countsOf(output: i32): v128 {
  const counts = f32x4.replace_lane(f32x4.splat(countOf(output)), 1, countOf(output + 1));
  return f32x4.replace_lane(f32x4.replace_lane(counts, 2, countOf(output + 2)), 3, countOf(output + 3));
}

function countOf(output: i32): f32 {
  const start = output * wStride - wPad, first = firstTap(start, wDilation);
  return <f32>(rowCells() * columnCells(start, endTap(start, wInput, wWindow, wDilation) - first));
}

/** Some columns, in all rows of dx that the windows see. */
function routeElements<T>(
  to: usize, column: i32, endColumn: i32, dy: usize, argmaxOffset: usize, spreads: bool, adds: bool,
): void {
  for (; column < endColumn; column++) {
    const p = to + (<usize>column << 2), end = column + wPad, last = min(wOutput - 1, end / wStride);
    if (!adds) visitRows<T>(p, <T>0, 0, true, false);
    for (let output = end < wWindow ? 0 : (end - wWindow) / wStride + 1; output <= last; output++) {
      const at = dy + (<usize>output << 2);
      if (spreads) visitRows<T>(p, <T>(load<f32>(at) / countOf(output)), 0, true, true);
      else {
        const number = (dFirst * hWindow + hFirst) * wWindow + end - output * wStride;
        visitRows<T>(p, load<T>(at), load<i32>(at + argmaxOffset) - number, false, true);
      }
    }
  }
}

/** Adds a value to all rows, or to the one that is `distance` tap numbers after the first; or writes it. */
@inline
function visitRows<T>(p: usize, value: T, distance: i32, toAll: bool, adds: bool): void {
  const rows = hCount, rowStep = hStep, skip = planeSkip(), window = wWindow;
  for (let d = dCount; d > 0; d--, p += skip, distance -= (hWindow - rows) * window) {
    for (let h = rows; h > 0; h--, p += rowStep, distance -= window) {
      if (toAll || distance == 0) store<T>(p, adds ? load<T>(p) + value : value);
    }
  }
}
