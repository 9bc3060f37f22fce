// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y, argmax, for windows of 3x3 inside x, float32, from four channels on: the outputs [begin, end) of a row. They are garbage where
 * there is a NaN, which makes a sum of the elements NaN.
 */
import { endsInNumbers } from './max_numbers.as';
import { hStep, pixel, wPad, wStride } from './geometry.as';
import { isInBytes, storeEight, storeTaps } from './kept_taps.as';
import { larger, sum } from './lanes.as';

/** Whether no NaN was found: it is looked for only in what the windows to the right and those below do not have. */
export function argmaxOfNines(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): bool {
  if (isInBytes(argmaxOffset)) {
    return wStride == 1 ? byOne(from, y, argmaxOffset, begin, end, true) : byTwo(from, y, argmaxOffset, begin, end, true);
  }
  return wStride == 1 ? byOne(from, y, argmaxOffset, begin, end, false) : byTwo(from, y, argmaxOffset, begin, end, false);
}

/** Strides of 1: two windows at a time, as they share columns. */
@inline
function byOne(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, inBytes: bool): bool {
  const bytes = pixel, below = hStep;
  let origin = from + <usize>(begin - wPad) * bytes, to = y + <usize>begin * bytes, total = i32x4.splat(0);
  for (let ow = begin; ow < end; ow += 2, origin += 2 * bytes, to += bytes) {
    const last = to + bytes;
    let tap = origin;
    // The loop tests at its end: only out of such a loop V8 moves what stays the same.
    do {
      if (to + 16 > last) { tap -= to + 16 - last; to = last - 16; }
      const a = v128.load(tap), a1 = v128.load(tap + below), a2 = v128.load(tap + 2 * below);
      const second = tap + bytes, b = v128.load(second), b1 = v128.load(second + below), b2 = v128.load(second + 2 * below);
      const third = second + bytes, c = v128.load(third), c1 = v128.load(third + below), c2 = v128.load(third + 2 * below);
      const fourth = third + bytes, d = v128.load(fourth), d1 = v128.load(fourth + below), d2 = v128.load(fourth + 2 * below);
      total = sum<f32>(total, sum<f32>(a, b));
      const aTop = larger<f32>(a, a1), bTop = larger<f32>(b, b1), cTop = larger<f32>(c, c1), dTop = larger<f32>(d, d1);
      const aBest = larger<f32>(aTop, a2), bBest = larger<f32>(bTop, b2), cBest = larger<f32>(cTop, c2), dBest = larger<f32>(dTop, d2);
      const both = larger<f32>(bBest, cBest), left = larger<f32>(aBest, both), right = larger<f32>(both, dBest);
      const number = firstOf(rowNumber(b, b1, bTop, b2), bBest, i32x4.add(rowNumber(c, c1, cTop, c2), i32x4.splat(1)), cBest, both);
      v128.store(to, left);
      v128.store(to + bytes, right);
      storeTaps(
        to, argmaxOffset, firstOf(rowNumber(a, a1, aTop, a2), aBest, i32x4.add(number, i32x4.splat(1)), both, left), inBytes);
      storeTaps(
        to + bytes, argmaxOffset, firstOf(number, both, i32x4.add(rowNumber(d, d1, dTop, d2), i32x4.splat(2)), dBest, right), inBytes);
      to += 16; tap += 16;
    } while (to < last);
  }
  return endsInNumbers(origin, 2, 1, total);
}

/** Three times the first row that has the largest of a column; `top` is that of the first two. */
@inline
function rowNumber(a: v128, b: v128, top: v128, c: v128): v128 {
  return i32x4.max_s(v128.and(f32x4.gt(b, a), i32x4.splat(3)), v128.and(f32x4.gt(c, top), i32x4.splat(6)));
}

/** The smaller of two numbers, of those whose value is `best`. */
@inline
function firstOf(a: v128, aValue: v128, b: v128, bValue: v128, best: v128): v128 {
  return i32x4.min_u(v128.or(a, f32x4.ne(aValue, best)), v128.or(b, f32x4.ne(bValue, best)));
}

/** Strides of 2. */
@inline
function byTwo(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, inBytes: bool): bool {
  const bytes = pixel, below = hStep;
  let origin = from + <usize>(2 * begin - wPad) * bytes, to = y + <usize>begin * bytes;
  let total = i32x4.splat(0);
  for (let ow = begin; ow < end; ow++, origin += 2 * bytes) {
    const last = to + bytes;
    let tap = origin;
    if (inBytes && bytes >= 32) {
      do {
        if (to + 32 > last) { tap -= to + 32 - last; to = last - 32; }
        total = argmaxOfEight(tap, bytes, below, to, argmaxOffset, total);
        to += 32; tap += 32;
      } while (to < last);
      continue;
    }
    do {
      if (to + 16 > last) { tap -= to + 16 - last; to = last - 16; }
      total = argmaxOf(tap, bytes, below, to, argmaxOffset, total, inBytes);
      to += 16; tap += 16;
    } while (to < last);
  }
  return endsInNumbers(origin, 1, 2, total);
}

@inline
function argmaxOf(tap: usize, right: usize, below: usize, to: usize, argmaxOffset: usize, before: v128, inBytes: bool): v128 {
  const under = tap + below, last = under + below;
  const a = v128.load(tap), b = v128.load(tap + right), c = v128.load(tap + 2 * right);
  const d = v128.load(under), e = v128.load(under + right), f = v128.load(under + 2 * right);
  const g = v128.load(last), h = v128.load(last + right), i = v128.load(last + 2 * right);
  let best = larger<f32>(a, b), number = v128.and(f32x4.gt(b, a), i32x4.splat(1));
  number = later(number, best, c, 2); best = larger<f32>(best, c);
  number = later(number, best, d, 3); best = larger<f32>(best, d);
  number = later(number, best, e, 4); best = larger<f32>(best, e);
  number = later(number, best, f, 5); best = larger<f32>(best, f);
  number = later(number, best, g, 6); best = larger<f32>(best, g);
  number = later(number, best, h, 7); best = larger<f32>(best, h);
  number = later(number, best, i, 8);
  v128.store(to, larger<f32>(best, i));
  storeTaps(to, argmaxOffset, number, inBytes);
  return sum<f32>(before, sum<f32>(sum<f32>(a, b), sum<f32>(d, e)));
}

@inline
function later(number: v128, best: v128, value: v128, tap: i32): v128 {
  return i32x4.max_s(number, v128.and(f32x4.gt(value, best), i32x4.splat(tap)));
}

/** Two vectors: their masks become words of 16 bits, and a number is chosen for both at once. */
@inline
function argmaxOfEight(tap: usize, right: usize, below: usize, to: usize, argmaxOffset: usize, before: v128): v128 {
  let a = v128.load(tap), b = v128.load(tap, 16), number = i32x4.splat(0);
  let total = f32x4.add(a, b);
  const p1 = tap + right, a1 = v128.load(p1), b1 = v128.load(p1, 16);
  number = laterOfEight(number, f32x4.gt(a1, a), f32x4.gt(b1, b), 1);
  a = larger<f32>(a, a1); b = larger<f32>(b, b1);
  total = f32x4.add(total, f32x4.add(a1, b1));
  const p2 = tap + 2 * right, a2 = v128.load(p2), b2 = v128.load(p2, 16);
  number = laterOfEight(number, f32x4.gt(a2, a), f32x4.gt(b2, b), 2);
  a = larger<f32>(a, a2); b = larger<f32>(b, b2);
  const p3 = tap + below, a3 = v128.load(p3), b3 = v128.load(p3, 16);
  number = laterOfEight(number, f32x4.gt(a3, a), f32x4.gt(b3, b), 3);
  a = larger<f32>(a, a3); b = larger<f32>(b, b3);
  total = f32x4.add(total, f32x4.add(a3, b3));
  const p4 = tap + below + right, a4 = v128.load(p4), b4 = v128.load(p4, 16);
  number = laterOfEight(number, f32x4.gt(a4, a), f32x4.gt(b4, b), 4);
  a = larger<f32>(a, a4); b = larger<f32>(b, b4);
  total = f32x4.add(total, f32x4.add(a4, b4));
  const p5 = tap + below + 2 * right, a5 = v128.load(p5), b5 = v128.load(p5, 16);
  number = laterOfEight(number, f32x4.gt(a5, a), f32x4.gt(b5, b), 5);
  a = larger<f32>(a, a5); b = larger<f32>(b, b5);
  const p6 = tap + 2 * below, a6 = v128.load(p6), b6 = v128.load(p6, 16);
  number = laterOfEight(number, f32x4.gt(a6, a), f32x4.gt(b6, b), 6);
  a = larger<f32>(a, a6); b = larger<f32>(b, b6);
  const p7 = tap + 2 * below + right, a7 = v128.load(p7), b7 = v128.load(p7, 16);
  number = laterOfEight(number, f32x4.gt(a7, a), f32x4.gt(b7, b), 7);
  a = larger<f32>(a, a7); b = larger<f32>(b, b7);
  const p8 = tap + 2 * below + 2 * right, a8 = v128.load(p8), b8 = v128.load(p8, 16);
  number = laterOfEight(number, f32x4.gt(a8, a), f32x4.gt(b8, b), 8);
  a = larger<f32>(a, a8); b = larger<f32>(b, b8);
  v128.store(to, a); v128.store(to, b, 16);
  storeEight(to, argmaxOffset, number);
  return f32x4.add(before, total);
}

@inline
function laterOfEight(number: v128, a: v128, b: v128, tap: i32): v128 {
  return i16x8.max_s(number, v128.and(i16x8.narrow_i32x4_s(a, b), i32x4.splat(0x00010001 * tap)));
}
