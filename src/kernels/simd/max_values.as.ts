// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y, for elements that are numbers: the outputs [begin, end) of a row, from channel `c` (a multiple of 4) on.
 * They would lose a NaN, and are not called where there is one.
 */
import {
  channels, dCount, endTap, firstRowOffset, firstTap, hCount, hStep, pixel, planeSkip, wDilation, wInput, wPad, wStep,
  wStride, wWindow,
} from './geometry.as';
import { larger, lowest } from './lanes.as';

/** Any window, with four channels or more. */
export function valuesRow<T>(from: usize, y: usize, begin: i32, end: i32, c: i32): void {
  const rowStep = hStep, columnStep = wStep, skip = planeSkip(), rows = hCount, planes = dCount;
  const origin = from + firstRowOffset() + (<usize>c << 2);
  for (let ow = begin; ow < end; ow++) {
    const start = ow * wStride - wPad;
    const first = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - first;
    let tap = origin + <usize>start * pixel + <usize>first * columnStep;
    let to = y + <usize>ow * pixel + (<usize>c << 2);
    const last = y + <usize>(ow + 1) * pixel;
    // The last vectors end with the last channel, and may overlap those before.
    if (channels >= 16) {
      for (; to < last; to += 64, tap += 64) {
        if (to + 64 > last) { tap -= to + 64 - last; to = last - 64; }
        let m0 = lowest<T>(), m1 = m0, m2 = m0, m3 = m0;
        let row = tap;
        for (let d = planes; d > 0; d--, row += skip) {
          for (let h = rows; h > 0; h--, row += rowStep) {
            let p = row;
            for (let w = columns; w > 0; w--, p += columnStep) {
              m0 = larger<T>(m0, v128.load(p)); m1 = larger<T>(m1, v128.load(p, 16));
              m2 = larger<T>(m2, v128.load(p, 32)); m3 = larger<T>(m3, v128.load(p, 48));
            }
          }
        }
        v128.store(to, m0); v128.store(to, m1, 16); v128.store(to, m2, 32); v128.store(to, m3, 48);
      }
    }
    for (; to < last; to += 16, tap += 16) {
      if (to + 16 > last) { tap -= to + 16 - last; to = last - 16; }
      let m = lowest<T>();
      let row = tap;
      for (let d = planes; d > 0; d--, row += skip) {
        for (let h = rows; h > 0; h--, row += rowStep) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep) m = larger<T>(m, v128.load(p));
        }
      }
      v128.store(to, m);
    }
  }
}

/**
 * Windows three columns wide that overlap, on a single plane: the maximum of a column is found once and kept
 * for the next windows. Does 16 channels at a time and returns the first channel left over.
 */
export function valuesRowThreeWide<T>(from: usize, y: usize, begin: i32, end: i32): i32 {
  const rowStep = hStep, rows = hCount, stride = wStride;
  const none = lowest<T>();
  const start = begin * stride - wPad;
  const last = y + <usize>end * pixel;
  const origin = from + firstRowOffset() + <usize>start * pixel;
  let c = 0;
  for (; c + 16 <= channels; c += 16) {
    let a0 = none, a1 = none, a2 = none, a3 = none;
    let b0 = none, b1 = none, b2 = none, b3 = none;
    let column = start, complete = start + 2;
    let tap = origin + (<usize>c << 2), to = y + <usize>begin * pixel + (<usize>c << 2);
    while (true) {
      let m0 = none, m1 = none, m2 = none, m3 = none;
      if (<u32>column < <u32>wInput) {
        let p = tap;
        for (let h = rows; h > 0; h--, p += rowStep) {
          m0 = larger<T>(m0, v128.load(p)); m1 = larger<T>(m1, v128.load(p, 16));
          m2 = larger<T>(m2, v128.load(p, 32)); m3 = larger<T>(m3, v128.load(p, 48));
        }
      }
      if (column == complete) {
        v128.store(to, larger<T>(larger<T>(a0, b0), m0)); v128.store(to, larger<T>(larger<T>(a1, b1), m1), 16);
        v128.store(to, larger<T>(larger<T>(a2, b2), m2), 32); v128.store(to, larger<T>(larger<T>(a3, b3), m3), 48);
        to += pixel;
        if (to >= last) break;
        complete += stride;
      }
      a0 = b0; a1 = b1; a2 = b2; a3 = b3;
      b0 = m0; b1 = m1; b2 = m2; b3 = m3;
      column++;
      tap += pixel;
    }
  }
  return c;
}
