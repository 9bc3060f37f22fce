// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y where few windows share an element, and x -> y, argmax for windows of 3x3, from four channels on: x is read in order and looked at
 * for NaN in the same pass. Float32 alone: integers are rare, and not worth the code. A sum of all elements becomes NaN where one is, and stays so.
 */
import {
  channels, dCount, dStride, dWindow, endTap, endWhole, firstRowOffset, firstTap, firstWhole, fitted, hCount, hStep, hStride, hWindow,
  hDilation, pixel, planeSkip, wDilation, wInput, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { larger, lowest, sum } from './lanes.as';
import { argmaxRow } from './max_argmax.as';
import { argmaxOfNines } from './max_argmax_nine.as';
import { hasNan } from './nan.as';

/** Whether {@link numbersRow} takes less time than to look for NaN before. */
export function isReadOnce(withArgmax: bool): bool {
  if (fitted || channels < 4) return false;
  if (withArgmax) return isNine();
  return isNine() || dWindow * hWindow * wWindow <= 3 * dStride * hStride * wStride;
}

/**
 * Windows of 3x3. Whole ones are looked at for NaN only in the rows of x that the next row of outputs does not have, so whatever is found
 * in that one concerns this one as well.
 */
@inline
export function isNine(): bool {
  return dWindow == 1 && hWindow == 3 && wWindow == 3 && wStride < 3 && hStride == wStride && wDilation == 1 && hDilation == 1;
}

/**
 * Whether there is no NaN in the windows of the outputs [begin, end) of a row, as far as that is looked for; else these are garbage.
 * Infinities of both signs also make it false.
 */
export function numbersRow(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): bool {
  if (!isNine() || hCount != 3) return someRow(from, y, argmaxOffset, begin, end);
  const first = firstWhole(begin, end), whole = max(0, endWhole(begin, end) - first);
  const last = first + (wStride == 1 ? whole & ~1 : whole);
  const left = someRow(from, y, argmaxOffset, begin, first);
  const middle = first == last || (argmaxOffset ? argmaxOfNines(from, y, argmaxOffset, first, last) : wStride == 1 ? ninesByOne(from, y, first, last) : ninesByTwo(from, y, first, last));
  return someRow(from, y, argmaxOffset, last, end) && left && middle;
}

@inline
function someRow(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): bool {
  return argmaxOffset ? argmaxOfSome(from, y, argmaxOffset, begin, end) : anyRow(from, y, begin, end);
}

/** Values and argmax of windows that are cut by the edge of x. */
function argmaxOfSome(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): bool {
  if (begin == end) return true;
  argmaxRow<f32>(from, y, argmaxOffset, begin, end);
  const left = <usize>max(0, begin * wStride - wPad) * pixel, right = <usize>min(wInput, (end - 1) * wStride - wPad + wWindow) * pixel;
  let row = from + firstRowOffset();
  for (let h = hCount; h > 0; h--, row += hStep) if (hasNan<f32>(row + left, row + right)) return false;
  return true;
}

function anyRow(from: usize, y: usize, begin: i32, end: i32): bool {
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
        s0 = largestOfFour(tap, columnStep, to, s0);
        s1 = largestOfFour(tap + 16, columnStep, to + 16, s1);
      }
    }
    for (; to + 64 <= last; to += 64, tap += 64) {
      let m0 = lowest<f32>(), m1 = m0, m2 = m0, m3 = m0, row = tap;
      let t0 = i32x4.splat(0), t1 = t0, t2 = t0, t3 = t0;
      for (let d = planes; d > 0; d--, row += skip) {
        for (let h = rows; h > 0; h--, row += rowStep) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep) {
            const v0 = v128.load(p), v1 = v128.load(p, 16), v2 = v128.load(p, 32), v3 = v128.load(p, 48);
            m0 = larger<f32>(m0, v0); m1 = larger<f32>(m1, v1); m2 = larger<f32>(m2, v2); m3 = larger<f32>(m3, v3);
            t0 = sum<f32>(t0, v0); t1 = sum<f32>(t1, v1); t2 = sum<f32>(t2, v2); t3 = sum<f32>(t3, v3);
          }
        }
      }
      total = sum<f32>(total, sum<f32>(sum<f32>(t0, t1), sum<f32>(t2, t3)));
      v128.store(to, m0); v128.store(to, m1, 16); v128.store(to, m2, 32); v128.store(to, m3, 48);
    }
    // The last vector ends with the last channel, and may overlap the one before.
    for (; to < last; to += 16, tap += 16) {
      if (to + 16 > last) { tap -= to + 16 - last; to = last - 16; }
      let m0 = lowest<f32>(), row = tap;
      for (let d = planes; d > 0; d--, row += skip) {
        for (let h = rows; h > 0; h--, row += rowStep) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep) {
            const v0 = v128.load(p);
            m0 = larger<f32>(m0, v0);
            total = sum<f32>(total, v0);
          }
        }
      }
      v128.store(to, m0);
    }
  }
  return isNumber(sum<f32>(total, sum<f32>(s0, s1)));
}

/** Stores the largest of four in a line, and adds them to `before`. */
@inline
function largestOfFour(tap: usize, right: usize, to: usize, before: v128): v128 {
  const a = v128.load(tap), b = v128.load(tap + right), c = v128.load(tap + 2 * right), d = v128.load(tap + 3 * right);
  v128.store(to, larger<f32>(larger<f32>(a, b), larger<f32>(c, d)));
  return sum<f32>(before, sum<f32>(sum<f32>(a, b), sum<f32>(c, d)));
}

@inline
function isNumber(total: v128): bool {
  return !v128.any_true(f32x4.ne(total, total));
}

/** Outputs of 3x3 inside x, with strides of 1: two at a time, as they share columns. */
function ninesByOne(from: usize, y: usize, begin: i32, end: i32): bool {
  const bytes = pixel, below = hStep;
  let origin = from + <usize>(begin - wPad) * bytes, to = y + <usize>begin * bytes;
  let s0 = i32x4.splat(0), s1 = s0;
  for (let ow = begin; ow < end; ow += 2, origin += 2 * bytes, to += bytes) {
    const last = to + bytes;
    let tap = origin;
    for (; to + 32 <= last; to += 32, tap += 32) {
      s0 = largestOfTwo(tap, bytes, below, to, s0);
      s1 = largestOfTwo(tap + 16, bytes, below, to + 16, s1);
    }
    for (; to < last; to += 16, tap += 16) {
      if (to + 16 > last) { tap -= to + 16 - last; to = last - 16; }
      s0 = largestOfTwo(tap, bytes, below, to, s0);
    }
  }
  return endsInNumbers(origin, 2, 1, sum<f32>(s0, s1));
}

/** Stores the largest of two windows side by side, and adds what the next two, and those below, have not to `before`. */
@inline
function largestOfTwo(tap: usize, right: usize, below: usize, to: usize, before: v128): v128 {
  const first = v128.load(tap), second = v128.load(tap + right), third = tap + 2 * right, fourth = third + right;
  const m1 = largestBelow(second, tap + right, below), m2 = largestBelow(v128.load(third), third, below), both = larger<f32>(m1, m2);
  v128.store(to, larger<f32>(largestBelow(first, tap, below), both));
  v128.store(to + right, larger<f32>(both, largestBelow(v128.load(fourth), fourth, below)));
  return sum<f32>(before, sum<f32>(first, second));
}

/** Outputs of 3x3 inside x, with strides of 2. */
function ninesByTwo(from: usize, y: usize, begin: i32, end: i32): bool {
  const bytes = pixel, below = hStep;
  let origin = from + <usize>(2 * begin - wPad) * bytes, to = y + <usize>begin * bytes;
  let s0 = i32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let ow = begin; ow < end; ow++, origin += 2 * bytes) {
    const last = to + bytes;
    let tap = origin;
    for (; to + 64 <= last; to += 64, tap += 64) {
      s0 = largestOfOne(tap, bytes, below, to, s0);
      s1 = largestOfOne(tap + 16, bytes, below, to + 16, s1);
      s2 = largestOfOne(tap + 32, bytes, below, to + 32, s2);
      s3 = largestOfOne(tap + 48, bytes, below, to + 48, s3);
    }
    for (; to < last; to += 16, tap += 16) {
      if (to + 16 > last) { tap -= to + 16 - last; to = last - 16; }
      s0 = largestOfOne(tap, bytes, below, to, s0);
    }
  }
  return endsInNumbers(origin, 1, 2, sum<f32>(sum<f32>(s0, s1), sum<f32>(s2, s3)));
}

/** As {@link largestOfTwo}, for one window. */
@inline
function largestOfOne(tap: usize, right: usize, below: usize, to: usize, before: v128): v128 {
  const under = tap + below, last = under + below;
  const a = v128.load(tap), b = v128.load(tap + right), c = v128.load(under), d = v128.load(under + right);
  const four = larger<f32>(larger<f32>(a, b), larger<f32>(c, d)), two = larger<f32>(v128.load(last), v128.load(last + right));
  const column = largestBelow(v128.load(tap + 2 * right), tap + 2 * right, below);
  v128.store(to, larger<f32>(larger<f32>(four, two), column));
  return sum<f32>(before, sum<f32>(sum<f32>(a, b), sum<f32>(c, d)));
}

/** The largest of `value`, which is at `tap`, and the two below it. */
@inline
function largestBelow(value: v128, tap: usize, below: usize): v128 {
  return larger<f32>(larger<f32>(value, v128.load(tap + below)), v128.load(tap + 2 * below));
}

/** Whether `total`, and the `columns` from `tap` on that windows to the right would have added, are numbers; the first `rows` of them. */
export function endsInNumbers(tap: usize, columns: i32, rows: i32, total: v128): bool {
  for (; rows > 0; rows--, tap += hStep)
    if (hasNan<f32>(tap, tap + <usize>columns * pixel)) return false;
  return isNumber(total);
}
