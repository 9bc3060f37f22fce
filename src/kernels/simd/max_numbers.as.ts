// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y where few windows share an element, and for windows of 3x3, from four channels on: x is read in order and looked at for NaN
 * in the same pass. A sum of all elements becomes NaN where one is, and stays so.
 */
import {
  channels, dCount, dStride, dWindow, endTap, endWhole, firstRowOffset, firstTap, firstWhole, fitted, hCount, hStep, hStride, hWindow,
  pixel, planeSkip, wDilation, wInput, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { larger, lowest, sum } from './lanes.as';

/** Whether {@link numbersRow} takes less time than to look for NaN before. */
export function isReadOnce(): bool {
  if (fitted || channels < 4) return false;
  return isNine() || dWindow * hWindow * wWindow <= 3 * dStride * hStride * wStride;
}

@inline
function isNine(): bool {
  return dWindow == 1 && hWindow == 3 && wWindow == 3 && wStride < 3 && wDilation == 1;
}

/** Whether there is no NaN in the windows of the outputs [begin, end) of a row; else these are garbage. Infinities of both signs also make it false. */
export function numbersRow<T>(from: usize, y: usize, begin: i32, end: i32): bool {
  if (!isNine() || hCount != 3) return anyRow<T>(from, y, begin, end);
  const first = firstWhole(begin, end), last = first + (max(0, endWhole(begin, end) - first) & ~1);
  const left = anyRow<T>(from, y, begin, first);
  const middle = first == last || (wStride == 1 ? ninesRow<T>(from, y, first, last, 1) : ninesRow<T>(from, y, first, last, 2));
  return anyRow<T>(from, y, last, end) && left && middle;
}

function anyRow<T>(from: usize, y: usize, begin: i32, end: i32): bool {
  // Locals, because the engine reads a global again after every store.
  const bytes = pixel, window = wWindow, stride = wStride, dilation = wDilation, input = wInput;
  const columnStep = wStep, rowStep = hStep, rows = hCount, planes = dCount, skip = planeSkip(), inLine = rows * planes == 1;
  let start = begin * stride - wPad, origin = from + firstRowOffset() + <usize>start * bytes;
  let to = y + <usize>begin * bytes, total = i32x4.splat(0), s0 = total, s1 = total;
  for (let ow = begin; ow < end; ow++, start += stride, origin += <usize>stride * bytes) {
    const firstColumn = firstTap(start, dilation);
    const columns = endTap(start, input, window, dilation) - firstColumn, last = to + bytes;
    let tap = origin + <usize>firstColumn * columnStep;
    if (inLine && columns == 4) {
      for (; to + 32 <= last; to += 32, tap += 32) {
        s0 = largestOfFour<T>(tap, columnStep, to, s0);
        s1 = largestOfFour<T>(tap + 16, columnStep, to + 16, s1);
      }
    }
    for (; to + 64 <= last; to += 64, tap += 64) {
      let m0 = lowest<T>(), m1 = m0, m2 = m0, m3 = m0, row = tap;
      let t0 = i32x4.splat(0), t1 = t0, t2 = t0, t3 = t0;
      for (let d = planes; d > 0; d--, row += skip) {
        for (let h = rows; h > 0; h--, row += rowStep) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep) {
            const v0 = v128.load(p), v1 = v128.load(p, 16), v2 = v128.load(p, 32), v3 = v128.load(p, 48);
            m0 = larger<T>(m0, v0); m1 = larger<T>(m1, v1); m2 = larger<T>(m2, v2); m3 = larger<T>(m3, v3);
            if (isFloat<T>()) { t0 = sum<T>(t0, v0); t1 = sum<T>(t1, v1); t2 = sum<T>(t2, v2); t3 = sum<T>(t3, v3); }
          }
        }
      }
      total = sum<T>(total, sum<T>(sum<T>(t0, t1), sum<T>(t2, t3)));
      v128.store(to, m0); v128.store(to, m1, 16); v128.store(to, m2, 32); v128.store(to, m3, 48);
    }
    // The last vector ends with the last channel, and may overlap the one before.
    for (; to < last; to += 16, tap += 16) {
      if (to + 16 > last) { tap -= to + 16 - last; to = last - 16; }
      let m0 = lowest<T>(), row = tap;
      for (let d = planes; d > 0; d--, row += skip) {
        for (let h = rows; h > 0; h--, row += rowStep) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep) {
            const v0 = v128.load(p);
            m0 = larger<T>(m0, v0);
            if (isFloat<T>()) total = sum<T>(total, v0);
          }
        }
      }
      v128.store(to, m0);
    }
  }
  return isNumber<T>(sum<T>(total, sum<T>(s0, s1)));
}

/** Stores the largest of four in a line, and adds them to `before`. */
@inline
function largestOfFour<T>(tap: usize, right: usize, to: usize, before: v128): v128 {
  const a = v128.load(tap), b = v128.load(tap + right), c = v128.load(tap + 2 * right), d = v128.load(tap + 3 * right);
  v128.store(to, larger<T>(larger<T>(a, b), larger<T>(c, d)));
  return isFloat<T>() ? sum<T>(before, sum<T>(sum<T>(a, b), sum<T>(c, d))) : before;
}

@inline
function isNumber<T>(total: v128): bool {
  return !isFloat<T>() || !v128.any_true(f32x4.ne(total, total));
}

/** Outputs of 3x3 inside x, two at a time, as they share columns. */
@inline
function ninesRow<T>(from: usize, y: usize, begin: i32, end: i32, stride: i32): bool {
  const bytes = pixel, right = wStep, below = hStep, step = 2 * <usize>stride * bytes;
  let origin = from + firstRowOffset() + <usize>(begin * stride - wPad) * bytes, to = y + <usize>begin * bytes;
  let s0 = i32x4.splat(0), s1 = s0;
  for (let ow = begin; ow < end; ow += 2, origin += step, to += bytes) {
    const last = to + bytes;
    let tap = origin;
    for (; to + 32 <= last; to += 32, tap += 32) {
      s0 = largestOf<T>(tap, right, below, to, bytes, s0, stride);
      s1 = largestOf<T>(tap + 16, right, below, to + 16, bytes, s1, stride);
    }
    for (; to < last; to += 16, tap += 16) {
      if (to + 16 > last) { tap -= to + 16 - last; to = last - 16; }
      s0 = largestOf<T>(tap, right, below, to, bytes, s0, stride);
    }
  }
  if (isFloat<T>()) {
    // The columns of the last windows that the next ones would have added.
    for (let column = 0; column < 3 - stride; column++) {
      for (let tap = origin + <usize>column * right, last = tap + bytes; tap < last; tap += 16) {
        if (tap + 16 > last) tap = last - 16;
        s0 = sum<T>(s0, sum<T>(sum<T>(v128.load(tap), v128.load(tap + below)), v128.load(tap + 2 * below)));
      }
    }
  }
  return isNumber<T>(sum<T>(s0, s1));
}

/** Stores the largest of two windows that begin `stride` columns apart, and adds the columns that the next two have not to `before`. */
@inline
function largestOf<T>(tap: usize, right: usize, below: usize, to: usize, bytes: usize, before: v128, stride: i32): v128 {
  let a = v128.load(tap), b = v128.load(tap + below), c = v128.load(tap + 2 * below), p = tap + right;
  const m0 = larger<T>(larger<T>(a, b), c);
  let total = isFloat<T>() ? sum<T>(before, sum<T>(sum<T>(a, b), c)) : before;
  a = v128.load(p); b = v128.load(p + below); c = v128.load(p + 2 * below); p += right;
  const m1 = larger<T>(larger<T>(a, b), c);
  if (isFloat<T>()) total = sum<T>(total, sum<T>(sum<T>(a, b), c));
  a = v128.load(p); b = v128.load(p + below); c = v128.load(p + 2 * below); p += right;
  const m2 = larger<T>(larger<T>(a, b), c), both = larger<T>(m1, m2);
  v128.store(to, larger<T>(m0, both));
  if (isFloat<T>() && stride == 2) total = sum<T>(total, sum<T>(sum<T>(a, b), c));
  a = v128.load(p); b = v128.load(p + below); c = v128.load(p + 2 * below); p += right;
  const m3 = larger<T>(larger<T>(a, b), c);
  if (stride == 1) {
    v128.store(to + bytes, larger<T>(both, m3));
  } else {
    if (isFloat<T>()) total = sum<T>(total, sum<T>(sum<T>(a, b), c));
    a = v128.load(p); b = v128.load(p + below); c = v128.load(p + 2 * below);
    v128.store(to + bytes, larger<T>(larger<T>(m2, m3), larger<T>(larger<T>(a, b), c)));
  }
  return total;
}
