// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y, argmax, for elements that are numbers: the outputs [begin, end) of a row.
 * It would lose a NaN, and is not called where there is one.
 */
import {
  channels, dCount, dFirst, endTap, firstRowOffset, firstTap, hCount, hFirst, hStep, hWindow, pixel, planeSkip, wDilation, wInput,
  wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { greater, larger } from './lanes.as';

/**
 * Taps come in rising order, so the last strict winner has the greatest number: the argmax is the
 * largest tap number under a mask, two instructions instead of a selection.
 */
@inline
function winner<T>(argmax: v128, best: v128, value: v128, tap: v128): v128 {
  return i32x4.max_s(argmax, v128.and(greater<T>(value, best), tap));
}

export function argmaxRow<T>(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): void {
  const rowStep = hStep, columnStep = wStep, skip = planeSkip(), rows = hCount, planes = dCount;
  const origin = from + firstRowOffset();
  const one = i32x4.splat(1);
  for (let ow = begin; ow < end; ow++) {
    const start = ow * wStride - wPad;
    const first = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - first;
    const firstNumber = i32x4.splat((dFirst * hWindow + hFirst) * wWindow + first);
    const rowNumbers = i32x4.splat(wWindow - columns), planeNumbers = i32x4.splat((hWindow - rows) * wWindow);
    let tap = origin + <usize>start * pixel + <usize>first * columnStep;
    let to = y + <usize>ow * pixel;
    const last = to + pixel;
    // The last vectors end with the last channel, and may overlap those before.
    if (channels >= 16) {
      for (; to < last; to += 64, tap += 64) {
        if (to + 64 > last) { tap -= to + 64 - last; to = last - 64; }
        let m0 = v128.load(tap), m1 = v128.load(tap, 16), m2 = v128.load(tap, 32), m3 = v128.load(tap, 48);
        let i0 = firstNumber, i1 = firstNumber, i2 = firstNumber, i3 = firstNumber, number = firstNumber;
        let row = tap;
        for (let d = planes; d > 0; d--, row += skip, number = i32x4.add(number, planeNumbers)) {
          for (let h = rows; h > 0; h--, row += rowStep, number = i32x4.add(number, rowNumbers)) {
            let p = row;
            for (let w = columns; w > 0; w--, p += columnStep, number = i32x4.add(number, one)) {
              const v0 = v128.load(p), v1 = v128.load(p, 16), v2 = v128.load(p, 32), v3 = v128.load(p, 48);
              i0 = winner<T>(i0, m0, v0, number); i1 = winner<T>(i1, m1, v1, number);
              i2 = winner<T>(i2, m2, v2, number); i3 = winner<T>(i3, m3, v3, number);
              m0 = larger<T>(m0, v0); m1 = larger<T>(m1, v1); m2 = larger<T>(m2, v2); m3 = larger<T>(m3, v3);
            }
          }
        }
        const at = to + argmaxOffset;
        v128.store(to, m0); v128.store(to, m1, 16); v128.store(to, m2, 32); v128.store(to, m3, 48);
        v128.store(at, i0); v128.store(at, i1, 16); v128.store(at, i2, 32); v128.store(at, i3, 48);
      }
    }
    for (; to < last; to += 16, tap += 16) {
      if (to + 16 > last && channels >= 4) { tap -= to + 16 - last; to = last - 16; }
      let m = v128.load(tap), i = firstNumber, number = firstNumber;
      let row = tap;
      for (let d = planes; d > 0; d--, row += skip, number = i32x4.add(number, planeNumbers)) {
        for (let h = rows; h > 0; h--, row += rowStep, number = i32x4.add(number, rowNumbers)) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep, number = i32x4.add(number, one)) {
            const v = v128.load(p);
            i = winner<T>(i, m, v, number);
            m = larger<T>(m, v);
          }
        }
      }
      v128.store(to, m);
      v128.store(to + argmaxOffset, i);
    }
  }
}
