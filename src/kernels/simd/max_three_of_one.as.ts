// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y and, where asked for, argmax, for one channel, for windows of 3x3 that overlap, on a plane. A row of outputs is found four at a
 * time: the largest of each column comes first, with its row, then the largest of three columns side by side. A sum of all elements
 * becomes NaN where one is.
 */
import {
  dInput, dOutput, dWindow, fitted, hDilation, hInput, hPad, hStride, hWindow, outputRowBytes, wDilation, wInput, wOutput, wPad, wStride, wWindow,
} from './geometry.as';
import { isInBytes, storeTaps } from './kept_taps.as';
import { larger, lowest, unzip } from './lanes.as';
import { hasNan } from './nan.as';

/** Whether the geometry is of this kind: windows reach into the padding by one column at most. */
export function isThreeOfOne(): bool {
  return !fitted && hWindow == 3 && wWindow == 3 && hDilation == 1 && wDilation == 1 && hStride == wStride && wStride < 3 && hPad < 2 &&
    wPad < 2 && dInput == 1 && dOutput == 1 && dWindow == 1 && wOutput >= 4 && cutColumns() < 2;
}

/** How many columns the last window has after the end of a row. */
@inline
function cutColumns(): i32 {
  return (wOutput - 1) * wStride - wPad + 3 - wInput;
}

/** The number of a tap that is not there: greater than any. */
const ABSENT: i32 = 255;

/** The sum of all that was read. */
let total: v128 = i32x4.splat(0);

/** What is read ahead, with a stride of 2, for each four outputs: a line here, then one in the other place, by turns. */
let ahead: usize = 0;
let move: usize = 0;
let step: usize = 0;
let touched: v128 = i32x4.splat(0);

/** To be called first: x is read ahead from here and, `apart` bytes after, in another place; or, with 0, not at all. */
export function readAhead(from: usize, apart: usize): void {
  ahead = from;
  move = apart;
  step = apart ? 64 : 0;
}

/**
 * The rows [begin, end) of the outputs of an image. Whether there is no NaN; else they are garbage. Infinities of both signs also make it
 * false.
 */
export function threesOfOne(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): bool {
  const rowBytes = <usize>wInput << 2, first = max(0, begin * hStride - hPad), next = min(hInput, (begin + 1) * hStride - hPad + 1);
  // The rows that a row of outputs has in common with the one before are only looked at here.
  if (hasNan<f32>(x + <usize>first * rowBytes, x + <usize>next * rowBytes)) return false;
  total = i32x4.splat(0);
  if (wStride == 1) {
    if (argmaxOffset) argmaxOfOnes(x, y, argmaxOffset, begin, end);
    else valuesOfOnes(x, y, begin, end);
  } else if (argmaxOffset) argmaxOfTwos(x, y, argmaxOffset, begin, end);
  else valuesOfTwos(x, y, begin, end);
  return !v128.any_true(f32x4.ne(total, total));
}

function valuesOfOnes(x: usize, y: usize, begin: i32, end: i32): void { ones(x, y, 0, begin, end, false); }
function argmaxOfOnes(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): void { ones(x, y, argmaxOffset, begin, end, true); }
function valuesOfTwos(x: usize, y: usize, begin: i32, end: i32): void { twos(x, y, 0, begin, end, false); }
function argmaxOfTwos(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): void { twos(x, y, argmaxOffset, begin, end, true); }

/** Strides of 2. Four windows are nine columns, the last of which is the first of the next four. */
@inline
function twos(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, withArgmax: bool): void {
  // Locals, because the engine reads a global again after every store.
  const inBytes = isInBytes(argmaxOffset), rowBytes = <usize>wInput << 2, outputs = wOutput, pad = wPad, rows = hInput;
  const none = lowest<f32>(), isCut = cutColumns() == 1, whole = <usize>((isCut ? outputs - 1 : outputs) & ~3) << 2;
  const two = step;
  let sum = total, seen = total, to = y + <usize>begin * outputRowBytes(), next = ahead, away = move;
  for (let oh = begin; oh < end; oh++) {
    const start = 2 * oh - hPad, isAbove = start < 0, number = i32x4.splat(isAbove ? 3 : 0), numbers = i32x4.add(number, i32x4(1, 2, 1, 2));
    const row = x + (<usize>(1 - pad) << 2), top = row + <usize>max(0, start) * rowBytes, last = row + <usize>(rows - 1) * rowBytes;
    const middle = min(last, top + rowBytes), below = min(last, middle + (isAbove ? 0 : rowBytes)) - top, under = middle - top;
    let p = top, before = none, beforeNumber = i32x4.splat(ABSENT);
    if (!pad) {
      const a = v128.load32_splat(p - 4), b = v128.load32_splat(p + under - 4), c = v128.load32_splat(p + below - 4);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(a, b), c));
      before = highest(a, b, c);
      if (withArgmax) beforeNumber = rowOf(a, b, c, i32x4.add(number, i32x4.splat(2)));
    }
    const wholeEnd = to + whole, rowEnd = to + (<usize>outputs << 2);
    while (to < wholeEnd) {
      seen = v128.or(seen, v128.load(next));
      next += away; away = two - away;
      const a = v128.load(p), b = v128.load(p + under), c = v128.load(p + below);
      const d = v128.load(p, 16), e = v128.load(p + under, 16), f = v128.load(p + below, 16);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(b, c), f32x4.add(e, f)));
      const g = highest(a, b, c), h = highest(d, e, f), m = rowOf(a, b, c, numbers), n = rowOf(d, e, f, numbers);
      storeTwos(to, argmaxOffset, before, g, h, beforeNumber, m, n, withArgmax, inBytes);
      before = unzip(g, h, true);
      if (withArgmax) beforeNumber = unzip(m, n, true);
      to += 16; p += 32;
    }
    if (to < rowEnd) {
      // The last four windows, which may overlap those before.
      const late = to + 16 - rowEnd;
      p -= late << 1;
      to -= late;
      if (late) {
        const a = v128.load32_splat(p - 4), b = v128.load32_splat(p + under - 4), c = v128.load32_splat(p + below - 4);
        before = highest(a, b, c);
        if (withArgmax) beforeNumber = rowOf(a, b, c, i32x4.add(number, i32x4.splat(2)));
      }
      const a = v128.load(p), b = v128.load(p + under), c = v128.load(p + below), q = isCut ? p + 12 : p + 16;
      let d = v128.load(q), e = v128.load(q + under), f = v128.load(q + below);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(b, c), f32x4.add(e, f)));
      if (isCut) {
        d = v128.shuffle<i32>(d, none, 1, 2, 3, 4);
        e = v128.shuffle<i32>(e, none, 1, 2, 3, 4);
        f = v128.shuffle<i32>(f, none, 1, 2, 3, 4);
      }
      const n = i32x4.max_s(rowOf(d, e, f, numbers), isCut ? i32x4(0, 0, 0, ABSENT) : number);
      storeTwos(to, argmaxOffset, before, highest(a, b, c), highest(d, e, f), beforeNumber, rowOf(a, b, c, numbers), n, withArgmax, inBytes);
      to += 16;
    }
  }
  ahead = next; move = away;
  touched = seen;
  total = sum;
}

/** Strides of 1. */
@inline
function ones(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, withArgmax: bool): void {
  const inBytes = isInBytes(argmaxOffset), rowBytes = <usize>wInput << 2, outputs = wOutput, pad = wPad, rows = hInput;
  const none = lowest<f32>(), isCut = cutColumns() == 1, one = i32x4.splat(1);
  let sum = total, to = y + <usize>begin * outputRowBytes();
  for (let oh = begin; oh < end; oh++) {
    const start = oh - hPad, isAbove = start < 0, number = i32x4.splat(isAbove ? 3 : 0);
    const top = x + <usize>max(0, start) * rowBytes, last = x + <usize>(rows - 1) * rowBytes, endOfRow = top + rowBytes;
    const middle = min(last, top + rowBytes), below = min(last, middle + (isAbove ? 0 : rowBytes)) - top, under = middle - top;
    const rowEnd = to + (<usize>outputs << 2);
    // The first of the three columns of four windows, and their rows.
    let p = top, left = highest(v128.load(p), v128.load(p + under), v128.load(p + below)), leftNumber = number;
    if (withArgmax) leftNumber = rowOf(v128.load(p), v128.load(p + under), v128.load(p + below), number);
    sum = f32x4.add(sum, v128.load(p + below));
    if (pad) {
      left = v128.shuffle<i32>(none, left, 3, 4, 5, 6);
      leftNumber = v128.shuffle<i32>(i32x4.splat(ABSENT), leftNumber, 3, 4, 5, 6);
      p -= 4;
    }
    while (p + 32 <= endOfRow) {
      const a = v128.load(p, 16), b = v128.load(p + under, 16), c = v128.load(p + below, 16);
      sum = f32x4.add(sum, c);
      const next = highest(a, b, c);
      let nextNumber = number;
      if (withArgmax) nextNumber = rowOf(a, b, c, number);
      const m = v128.shuffle<i32>(left, next, 1, 2, 3, 4), r = v128.shuffle<i32>(left, next, 2, 3, 4, 5);
      storeLargest(
        to, argmaxOffset, left, m, r, leftNumber, i32x4.add(v128.shuffle<i32>(leftNumber, nextNumber, 1, 2, 3, 4), one),
        i32x4.add(v128.shuffle<i32>(leftNumber, nextNumber, 2, 3, 4, 5), i32x4.splat(2)), withArgmax, inBytes);
      left = next; leftNumber = nextNumber;
      to += 16; p += 16;
    }
    // The windows that are left, up to six; the last four may overlap those before.
    for (let isNext = true; to < rowEnd; isNext = false, to += 16, p += 16) {
      const late = <usize>max(0, <i32>(to + 16 - rowEnd));
      to -= late;
      p -= late;
      if (late || !isNext) {
        const a = v128.load(p), b = v128.load(p + under), c = v128.load(p + below);
        left = highest(a, b, c);
        if (withArgmax) leftNumber = rowOf(a, b, c, number);
      }
      const isLast = isCut && to + 16 == rowEnd, q = isLast ? p + 4 : p + 8;
      const a = v128.load(q), b = v128.load(q + under), c = v128.load(q + below), next = highest(a, b, c);
      sum = f32x4.add(sum, c);
      let nextNumber = number;
      if (withArgmax) nextNumber = rowOf(a, b, c, number);
      let m = next, r = v128.shuffle<i32>(next, none, 1, 2, 3, 4), mNumber = nextNumber;
      let rNumber = v128.shuffle<i32>(nextNumber, i32x4.splat(ABSENT), 1, 2, 3, 4);
      if (!isLast) {
        m = v128.shuffle<i32>(left, next, 1, 2, 3, 6); r = next;
        mNumber = v128.shuffle<i32>(leftNumber, nextNumber, 1, 2, 3, 6); rNumber = nextNumber;
      }
      storeLargest(
        to, argmaxOffset, left, m, r, leftNumber, i32x4.add(mNumber, one), i32x4.add(rNumber, i32x4.splat(2)), withArgmax, inBytes);
    }
  }
  total = sum;
}

@inline
function highest(a: v128, b: v128, c: v128): v128 {
  return larger<f32>(larger<f32>(a, b), c);
}

/** `first`, or three more for each row before the first that has the largest of a column. */
@inline
function rowOf(a: v128, b: v128, c: v128, first: v128): v128 {
  const isMiddle = f32x4.gt(b, a), isLast = f32x4.gt(c, larger<f32>(a, b));
  return i32x4.add(first, i32x4.max_s(v128.and(isMiddle, i32x4.splat(3)), v128.and(isLast, i32x4.splat(6))));
}

/** Four outputs of the column before, the last of `before`, and the eight columns g and h. */
@inline
function storeTwos(
  to: usize, argmaxOffset: usize, before: v128, g: v128, h: v128, beforeNumber: v128, m: v128, n: v128, withArgmax: bool, inBytes: bool,
): void {
  const odd = unzip(g, h, true), oddNumber = unzip(m, n, true);
  const leftNumber = i32x4.sub(v128.shuffle<i32>(beforeNumber, oddNumber, 3, 4, 5, 6), i32x4.splat(2));
  storeLargest(
    to, argmaxOffset, v128.shuffle<i32>(before, odd, 3, 4, 5, 6), unzip(g, h, false), odd, leftNumber, unzip(m, n, false), oddNumber,
    withArgmax, inBytes);
}

/** Stores the largest of three columns and, where asked for, the lowest of the numbers of those that are so. */
@inline
function storeLargest(
  to: usize, argmaxOffset: usize, l: v128, m: v128, r: v128, lNumber: v128, mNumber: v128, rNumber: v128, withArgmax: bool, inBytes: bool,
): void {
  const best = highest(l, m, r);
  v128.store(to, best);
  if (!withArgmax) return;
  const number = i32x4.min_u(v128.or(lNumber, f32x4.ne(l, best)), v128.or(mNumber, f32x4.ne(m, best)));
  storeTaps(to, argmaxOffset, i32x4.min_u(number, v128.or(rNumber, f32x4.ne(r, best))), inBytes);
}
