// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y, for elements that are numbers and windows three columns wide that overlap, on a single plane and with no
 * column in the padding: the maximum of a column is found once and kept for the next windows.
 *
 * Does the outputs [begin, end) of a row, 16 channels at a time, and returns the first channel left over.
 */
import { channels, firstRowOffset, fitted, hCount, hStep, pixel, wDilation, dInput, wPad, wStride, wWindow } from './geometry.as';
import { larger, lowest } from './lanes.as';

/** Whether the windows are of this kind, but for the padding. */
@inline
export function isThreeWide(): bool {
  return !fitted && wWindow == 3 && wDilation == 1 && wStride < 3 && dInput == 1 && channels >= 16;
}

/** Stride 1: each output has one new column. */
export function threeByOneRow<T>(from: usize, y: usize, begin: i32, end: i32): i32 {
  const rowStep = hStep, rows = hCount, bytes = pixel, none = lowest<T>();
  const origin = from + firstRowOffset() + <usize>(begin - wPad) * bytes;
  let c = 0;
  for (; c + 16 <= channels; c += 16) {
    let a0 = none, a1 = none, a2 = none, a3 = none;
    let b0 = none, b1 = none, b2 = none, b3 = none;
    let tap = origin + (<usize>c << 2), to = y + <usize>begin * bytes + (<usize>c << 2);
    for (let column = 0; column < end - begin + 2; column++, tap += bytes) {
      let m0 = none, m1 = none, m2 = none, m3 = none, p = tap;
      for (let h = rows; h > 0; h--, p += rowStep) {
        m0 = larger<T>(m0, v128.load(p)); m1 = larger<T>(m1, v128.load(p, 16));
        m2 = larger<T>(m2, v128.load(p, 32)); m3 = larger<T>(m3, v128.load(p, 48));
      }
      // The third column completes the first output.
      if (column >= 2) {
        v128.store(to, larger<T>(larger<T>(a0, b0), m0)); v128.store(to, larger<T>(larger<T>(a1, b1), m1), 16);
        v128.store(to, larger<T>(larger<T>(a2, b2), m2), 32); v128.store(to, larger<T>(larger<T>(a3, b3), m3), 48);
        to += bytes;
      }
      a0 = b0; a1 = b1; a2 = b2; a3 = b3;
      b0 = m0; b1 = m1; b2 = m2; b3 = m3;
    }
  }
  return c;
}

/** Stride 2: the last column of a window is the first of the next. */
export function threeByTwoRow<T>(from: usize, y: usize, begin: i32, end: i32): i32 {
  const rowStep = hStep, rows = hCount, bytes = pixel, none = lowest<T>();
  const origin = from + firstRowOffset() + <usize>(2 * begin - wPad) * bytes;
  const last = y + <usize>end * bytes;
  let c = 0;
  for (; c + 16 <= channels; c += 16) {
    let b0 = none, b1 = none, b2 = none, b3 = none;
    let tap = origin + (<usize>c << 2), p = tap;
    for (let h = rows; h > 0; h--, p += rowStep) {
      b0 = larger<T>(b0, v128.load(p)); b1 = larger<T>(b1, v128.load(p, 16));
      b2 = larger<T>(b2, v128.load(p, 32)); b3 = larger<T>(b3, v128.load(p, 48));
    }
    for (let to = y + <usize>begin * bytes + (<usize>c << 2); to < last; to += bytes, tap += 2 * bytes) {
      let a0 = b0, a1 = b1, a2 = b2, a3 = b3, q = tap + 2 * bytes;
      b0 = none; b1 = none; b2 = none; b3 = none; p = tap + bytes;
      for (let h = rows; h > 0; h--, p += rowStep, q += rowStep) {
        a0 = larger<T>(a0, v128.load(p)); a1 = larger<T>(a1, v128.load(p, 16));
        a2 = larger<T>(a2, v128.load(p, 32)); a3 = larger<T>(a3, v128.load(p, 48));
        b0 = larger<T>(b0, v128.load(q)); b1 = larger<T>(b1, v128.load(q, 16));
        b2 = larger<T>(b2, v128.load(q, 32)); b3 = larger<T>(b3, v128.load(q, 48));
      }
      v128.store(to, larger<T>(a0, b0)); v128.store(to, larger<T>(a1, b1), 16);
      v128.store(to, larger<T>(a2, b2), 32); v128.store(to, larger<T>(a3, b3), 48);
    }
  }
  return c;
}
