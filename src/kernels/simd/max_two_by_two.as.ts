// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y and, where asked for, argmax, for windows of 2x2 and of 2x2x2 that lie inside x and don't overlap, from four channels on
 * (2x2x2: of float32).
 * Every element is read once, so it pays to look for NaN in the same pass: a sum of them all becomes NaN where one is,
 * and stays so.
 */
import {
  channels, dCount, dDilation, dStep, dStride, dWindow, firstRowOffset, fitted, hCount, hDilation, hInput, hOutput, hPad, hStep, hStride,
  hWindow, outputRowBytes, pixel, wDilation, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { isInBytes, storeEight, storeTaps } from './kept_taps.as';
import { greater, larger, sum } from './lanes.as';

/** Whether {@link twoByTwoRow} can do the current output row, as far as its whole windows go. */
@inline
export function isTwoByTwo<T>(): bool {
  return wWindow == 2 && hWindow == 2 && wDilation == 1 && hDilation == 1 && wStride >= 2 && hStride >= 2 && channels >= 4 &&
    hCount == 2 && (dWindow == 1 || isFloat<T>() && isTwoDeep());
}

/** All rows of outputs or none: the other kernels count on it that rows of x are read in order, plane by plane. */
@inline
function isTwoDeep(): bool {
  return dWindow == 2 && dCount == 2 && dDilation == 1 && dStride >= 2 && hPad == 0 && (hOutput - 1) * hStride + 2 <= hInput;
}

/** Whether there is no NaN; else the outputs are garbage. Infinities of both signs also make it false. */
export function twoByTwoRow<T>(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): bool {
  const inBytes = isInBytes(argmaxOffset);
  if (!isFloat<T>()) {
    return argmaxOffset ? rowOf<T>(from, y, argmaxOffset, begin, end, true, false, inBytes) : rowOf<T>(from, y, 0, begin, end, false, false, false);
  }
  if (dWindow == 1) {
    if (!argmaxOffset) return rowOf<T>(from, y, 0, begin, end, false, false, false);
    return inBytes ? rowOf<T>(from, y, argmaxOffset, begin, end, true, false, true) : rowOf<T>(from, y, argmaxOffset, begin, end, true, false, false);
  }
  if (!argmaxOffset) return rowOf<T>(from, y, 0, begin, end, false, true, false);
  return inBytes ? rowOf<T>(from, y, argmaxOffset, begin, end, true, true, true) : rowOf<T>(from, y, argmaxOffset, begin, end, true, true, false);
}

@inline
function rowOf<T>(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, withArgmax: bool, twoDeep: bool, inBytes: bool): bool {
  // Locals, because the engine reads a global again after every store.
  const all = channels, bytes = pixel, right = wStep, below = hStep, behind = dStep, step = <usize>wStride * bytes;
  let origin = from + firstRowOffset() + <usize>(begin * wStride - wPad) * bytes;
  let first = y + <usize>begin * bytes;
  let s0 = i32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let ow = begin; ow < end; ow++, origin += step, first += bytes) {
    const last = first + bytes;
    let tap = origin, to = first;
    if (!twoDeep && all >= 16) {
      // The loops test at their end: only out of such a loop V8 moves what stays the same.
      do {
        if (to + 64 > last) { tap -= to + 64 - last; to = last - 64; }
        if (isFloat<T>() && inBytes) {
          s0 = largestEight(tap, right, below, to, argmaxOffset, s0);
          s1 = largestEight(tap + 32, right, below, to + 32, argmaxOffset, s1);
        } else {
          s0 = largest<T>(tap, right, below, behind, to, argmaxOffset, s0, withArgmax, twoDeep, inBytes);
          s1 = largest<T>(tap + 16, right, below, behind, to + 16, argmaxOffset, s1, withArgmax, twoDeep, inBytes);
          s2 = largest<T>(tap + 32, right, below, behind, to + 32, argmaxOffset, s2, withArgmax, twoDeep, inBytes);
          s3 = largest<T>(tap + 48, right, below, behind, to + 48, argmaxOffset, s3, withArgmax, twoDeep, inBytes);
        }
        to += 64; tap += 64;
      } while (to < last);
    } else if (isFloat<T>() && !twoDeep && inBytes && all >= 8) {
      do {
        if (to + 32 > last) { tap -= to + 32 - last; to = last - 32; }
        s0 = largestEight(tap, right, below, to, argmaxOffset, s0);
        to += 32; tap += 32;
      } while (to < last);
    } else {
      for (; to < last; to += 16, tap += 16) {
        if (to + 16 > last) { tap -= to + 16 - last; to = last - 16; }
        s0 = largest<T>(tap, right, below, behind, to, argmaxOffset, s0, withArgmax, twoDeep, inBytes);
      }
    }
  }
  if (!isFloat<T>()) return true;
  const total = sum<T>(sum<T>(s0, s1), sum<T>(s2, s3));
  return !v128.any_true(f32x4.ne(total, total));
}

/** Stores the largest of four vectors (of eight) and, where asked for, the number of the first that is so; adds all to `before`. */
@inline
function largest<T>(
  tap: usize, right: usize, below: usize, behind: usize, to: usize, argmaxOffset: usize, before: v128, withArgmax: bool, twoDeep: bool, inBytes: bool,
): v128 {
  const a = v128.load(tap), b = v128.load(tap + right), c = v128.load(tap + below), d = v128.load(tap + below + right);
  if (!twoDeep) {
    storeLargest<T>(a, b, c, d, to, argmaxOffset, withArgmax, inBytes);
    return isFloat<T>() ? sum<T>(before, sum<T>(sum<T>(a, b), sum<T>(c, d))) : before;
  }
  const next = tap + behind;
  const e = v128.load(next), f = v128.load(next + right), g = v128.load(next + below), h = v128.load(next + below + right);
  const front = larger<T>(larger<T>(a, b), larger<T>(c, d)), back = larger<T>(larger<T>(e, f), larger<T>(g, h));
  v128.store(to, larger<T>(front, back));
  if (withArgmax) {
    const inBack = i32x4.add(numberOf<T>(e, f, g, h), i32x4.splat(4));
    storeTaps(to, argmaxOffset, v128.bitselect(inBack, numberOf<T>(a, b, c, d), greater<T>(back, front)), inBytes);
  }
  if (!isFloat<T>()) return before;
  return sum<T>(before, sum<T>(sum<T>(sum<T>(a, b), sum<T>(c, d)), sum<T>(sum<T>(e, f), sum<T>(g, h))));
}

/** As {@link largest}, for two vectors of each, whose numbers are bytes: masks of both fit into one vector, and so do their numbers. */
@inline
function largestEight(tap: usize, right: usize, below: usize, to: usize, argmaxOffset: usize, before: v128): v128 {
  const under = tap + below, other = tap + right, last = under + right;
  const a = v128.load(tap), b = v128.load(other), c = v128.load(under), d = v128.load(last);
  const total = sum<f32>(sum<f32>(a, b), sum<f32>(c, d)), best = larger<f32>(larger<f32>(a, b), larger<f32>(c, d));
  const e = v128.load(tap, 16), f = v128.load(other, 16), g = v128.load(under, 16), h = v128.load(last, 16);
  const otherTotal = sum<f32>(sum<f32>(e, f), sum<f32>(g, h)), otherBest = larger<f32>(larger<f32>(e, f), larger<f32>(g, h));
  v128.store(to, best);
  v128.store(to, otherBest, 16);
  storeEight(to, argmaxOffset, numberOfTwo(a, b, c, d, e, f, g, h));
  return sum<f32>(before, sum<f32>(total, otherTotal));
}

/** {@link numberOf} a, b, c, d and of the others, in words of 16 bits. */
@inline
export function numberOfTwo(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128): v128 {
  const isLower = i16x8.narrow_i32x4_s(
    f32x4.gt(larger<f32>(c, d), larger<f32>(a, b)), f32x4.gt(larger<f32>(g, h), larger<f32>(e, f)));
  const below = i16x8.narrow_i32x4_s(f32x4.gt(d, c), f32x4.gt(h, g)), above = i16x8.narrow_i32x4_s(f32x4.gt(b, a), f32x4.gt(f, e));
  return i16x8.sub(v128.and(isLower, i32x4.splat(0x20002)), v128.bitselect(below, above, isLower));
}

@inline
function storeLargest<T>(
  a: v128, b: v128, c: v128, d: v128, to: usize, argmaxOffset: usize, withArgmax: bool, inBytes: bool,
): void {
  v128.store(to, larger<T>(larger<T>(a, b), larger<T>(c, d)));
  if (withArgmax) storeTaps(to, argmaxOffset, numberOf<T>(a, b, c, d), inBytes);
}

/** The number, 0 to 3, of the first of four vectors that is the largest. */
@inline
export function numberOf<T>(a: v128, b: v128, c: v128, d: v128): v128 {
  // Masks are -1 where the later one wins, and only a greater one does.
  const isLower = greater<T>(larger<T>(c, d), larger<T>(a, b));
  const isRight = v128.bitselect(greater<T>(d, c), greater<T>(b, a), isLower);
  return i32x4.sub(v128.and(isLower, i32x4.splat(2)), isRight);
}
