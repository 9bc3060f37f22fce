// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y and, where asked for, argmax, for one channel, for windows of 3x3 that overlap, on a plane. Strips of four outputs are followed
 * downwards: each row of x is loaded once, and the largest of three neighbours, with its column, serves up to three rows of windows.
 * A sum of all elements becomes NaN where one is.
 */
import {
  dInput, dOutput, dWindow, fitted, hDilation, hInput, hPad, hStride, hWindow, outputRowBytes, wDilation, wInput, wOutput, wPad, wStride, wWindow,
} from './geometry.as';
import { isInBytes, storeTaps } from './kept_taps.as';
import { greater, larger, lowest } from './lanes.as';

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

/** What comes next, of x, y and argmax, is read ahead, to have it in the cache in order, which is faster than strip by strip. */
let ahead: usize = 0;
let limit: usize = 0;
let nextY: usize = 0;
let bytesOfY: usize = 0;
let lastOfY: usize = 0;
let apart: usize = 0;
let touched: v128 = i32x4.splat(0);
/** The sum of all that was read. */
let total: v128 = i32x4.splat(0);

/**
 * The rows [begin, end) of the outputs of an image. Whether there is no NaN; else they are garbage. Infinities of both signs also make it
 * false. Nothing is read from the ends of x and y on.
 */
export function threesOfOne(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, endOfX: usize, endOfY: usize): bool {
  const last = wOutput - 4, rowBytes = <usize>wInput << 2, until = x + <usize>min(hInput, (end - 1) * hStride - hPad + 3) * rowBytes;
  ahead = min(until, endOfX - 16);
  limit = min(until + <usize>((end - begin) * hStride) * rowBytes, endOfX - 16);
  bytesOfY = <usize>(end - begin) * outputRowBytes();
  nextY = y + <usize>end * outputRowBytes();
  lastOfY = endOfY - 16;
  // Bytes are few.
  apart = isInBytes(argmaxOffset) ? 0 : argmaxOffset;
  total = i32x4.splat(0);
  endStrip(x, y, argmaxOffset, begin, end, 0);
  if (last > 0) endStrip(x, y, argmaxOffset, begin, end, last);
  if (last > 4) {
    if (wStride == 1) {
      if (argmaxOffset) argmaxOfOnes(x, y, argmaxOffset, begin, end);
      else valuesOfOnes(x, y, begin, end);
    } else if (argmaxOffset) argmaxOfTwos(x, y, argmaxOffset, begin, end);
    else valuesOfTwos(x, y, begin, end);
  }
  return !v128.any_true(f32x4.ne(total, total));
}

/** A strip at an end of the rows: a single function for all, to save code. */
function endStrip(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ow: i32): void {
  strips(x, y, argmaxOffset, begin, end, ow, ow + 1, wStride, argmaxOffset != 0, true, isInBytes(argmaxOffset));
}
function valuesOfOnes(x: usize, y: usize, begin: i32, end: i32): void { strips(x, y, 0, begin, end, 4, wOutput - 4, 1, false, false, false); }
function valuesOfTwos(x: usize, y: usize, begin: i32, end: i32): void { strips(x, y, 0, begin, end, 4, wOutput - 4, 2, false, false, false); }
function argmaxOfOnes(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): void {
  if (isInBytes(argmaxOffset)) strips(x, y, argmaxOffset, begin, end, 4, wOutput - 4, 1, true, false, true);
  else strips(x, y, argmaxOffset, begin, end, 4, wOutput - 4, 1, true, false, false);
}
function argmaxOfTwos(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): void {
  if (isInBytes(argmaxOffset)) strips(x, y, argmaxOffset, begin, end, 4, wOutput - 4, 2, true, false, true);
  else strips(x, y, argmaxOffset, begin, end, 4, wOutput - 4, 2, true, false, false);
}

/**
 * Two rows of x at a time: what the first two give is garbage, and written again. Tap numbers are negative until the end: so the masks of
 * comparisons are some.
 */
@inline
function strips(
  x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ow: i32, last: i32, stride: i32, withArgmax: bool, edge: bool, inBytes: bool,
): void {
  // Locals, because the engine reads a global again after every store.
  const rowBytes = <usize>wInput << 2, outputBytes = outputRowBytes(), left = ow * stride - wPad, firstRow = begin * stride - hPad;
  const none = lowest<f32>(), three = i32x4.splat(3), zero = i32x4.splat(0), isLeft = edge && left < 0;
  const isRight = edge && ow + 4 == wOutput && cutColumns() == 1, firstColumn = isLeft ? i32x4(-1, 0, 0, 0) : zero;
  const toLastRow = <usize>(hInput - 1) * rowBytes, toLast = <usize>(end - begin - 1) * outputBytes;
  let column = x + (<usize>left << 2), top = y + <usize>begin * outputBytes + (<usize>ow << 2), next = ahead, stop = limit, sum = total, seen = zero;
  for (; ow < last; ow += 4, column += stride << 4, top += 16) {
    if (next == stop) {
      next = min(nextY, lastOfY);
      stop = min(nextY + bytesOfY, lastOfY);
      nextY += apart;
      lastOfY += apart;
      if (apart == 0) bytesOfY = 0;
      apart = 0;
    }
    const lastRow = column + toLastRow, lastTo = top + toLast;
    // A row in the padding is the same as the next one, whose tap numbers are three more, or as the last one.
    let p = column + <usize>max(firstRow, 0) * rowBytes, q = stride == 1 ? min(column + <usize>(firstRow + 1) * rowBytes, lastRow) : p;
    let to = top, step: usize = 0, count = 1, h0 = none, h1 = none, k0 = zero, k1 = zero;
    for (;;) {
      do {
        seen = v128.or(seen, v128.load(next));
        next = min(next + 64, stop);
        const a = v128.load(p + 4), A = v128.load(q + 4);
        let l: v128, m = a, r: v128, L: v128, M = A, R: v128;
        sum = f32x4.add(sum, f32x4.add(a, A));
        if (stride == 1) {
          l = isLeft ? v128.shuffle<i32>(none, a, 3, 4, 5, 6) : v128.load(p);
          L = isLeft ? v128.shuffle<i32>(none, A, 3, 4, 5, 6) : v128.load(q);
          r = isRight ? v128.shuffle<i32>(a, none, 1, 2, 3, 4) : v128.load(p + 8);
          R = isRight ? v128.shuffle<i32>(A, none, 1, 2, 3, 4) : v128.load(q + 8);
        } else {
          const b = isRight ? v128.shuffle<i32>(v128.load(p + 16), none, 1, 2, 3, 4) : v128.load(p + 20);
          const B = isRight ? v128.shuffle<i32>(v128.load(q + 16), none, 1, 2, 3, 4) : v128.load(q + 20);
          sum = f32x4.add(sum, f32x4.add(b, B));
          m = v128.shuffle<i32>(a, b, 0, 2, 4, 6); M = v128.shuffle<i32>(A, B, 0, 2, 4, 6);
          r = v128.shuffle<i32>(a, b, 1, 3, 5, 7); R = v128.shuffle<i32>(A, B, 1, 3, 5, 7);
          l = isLeft ? v128.shuffle<i32>(none, r, 3, 4, 5, 6) : v128.shuffle<i32>(v128.load(p), v128.load(p + 12), 0, 2, 5, 7);
          L = isLeft ? v128.shuffle<i32>(none, R, 3, 4, 5, 6) : v128.shuffle<i32>(v128.load(q), v128.load(q + 12), 0, 2, 5, 7);
        }
        if (edge) sum = f32x4.add(sum, f32x4.add(f32x4.add(l, r), f32x4.add(L, R)));
        const lm = larger<f32>(l, m), h2 = larger<f32>(lm, r), LM = larger<f32>(L, M), h3 = larger<f32>(LM, R);
        const h12 = larger<f32>(h1, h2), other = stride == 1 ? min(to + outputBytes, lastTo) : to;
        v128.store(other, larger<f32>(h12, h3));
        if (stride == 1) v128.store(to, larger<f32>(h0, h12));
        if (withArgmax) {
          let k2 = firstOfThree(l, m, lm, r), k3 = firstOfThree(L, M, LM, R);
          if (edge) { k2 = i32x4.min_s(k2, firstColumn); k3 = i32x4.min_s(k3, firstColumn); }
          storeTaps(other, argmaxOffset, tapOf(h1, h2, h12, h3, k1, k2, k3, three), inBytes);
          if (stride == 1) storeTaps(to, argmaxOffset, tapOf(h0, h1, larger<f32>(h0, h1), h2, k0, k1, k2, three), inBytes);
          k0 = k2; k1 = k3;
        }
        h0 = h2; h1 = h3;
        to += step;
        p = min(p + 2 * rowBytes, lastRow);
        q = min(q + 2 * rowBytes, lastRow);
      } while (--count > 0);
      if (step) break;
      step = stride == 1 ? 2 * outputBytes : outputBytes;
      count = stride == 1 ? (end - begin + 1) >> 1 : end - begin;
      p = min(column + <usize>(firstRow + 3 - stride) * rowBytes, lastRow);
      q = min(p + rowBytes, lastRow);
      if (withArgmax && firstRow < 0) {
        if (stride == 1) k0 = i32x4.sub(k0, three);
        else k1 = i32x4.sub(k1, three);
      }
    }
  }
  ahead = next;
  limit = stop;
  touched = seen;
  total = sum;
}

/** The number of the first that is the largest of three, negative; `lm` is the larger of both before the last. */
@inline
export function firstOfThree(l: v128, m: v128, lm: v128, r: v128): v128 {
  const isLast = greater<f32>(r, lm);
  return i32x4.min_s(greater<f32>(m, l), i32x4.add(isLast, isLast));
}

/** The tap number of the largest of three rows. */
@inline
function tapOf(h0: v128, h1: v128, h01: v128, h2: v128, k0: v128, k1: v128, k2: v128, three: v128): v128 {
  const below = v128.and(greater<f32>(h1, h0), i32x4.sub(k1, three));
  const bottom = v128.and(greater<f32>(h2, h01), i32x4.sub(i32x4.sub(k2, three), three));
  return i32x4.abs(i32x4.min_s(i32x4.min_s(k0, below), bottom));
}
