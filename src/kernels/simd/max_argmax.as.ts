// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y, argmax, for elements that are numbers: the outputs [begin, end) of a row.
 * It would lose a NaN, and is not called where there is one.
 */
import {
  channels, dCount, dFirst, endTap, firstRowOffset, firstTap, hCount, hFirst, hStep, hWindow, pixel, planeSkip, wDilation,
  wInput, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { storeSixteen, storeTaps } from './kept_taps.as';
import { greater, larger } from './lanes.as';

/** Any window. The last vectors of a window end with the last channel, and may overlap those before. */
export function argmaxRow<T>(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): void {
  const origin = from + firstRowOffset();
  const planeNumbers = i32x4.splat((hWindow - hCount) * wWindow);
  const firstRowNumber = (dFirst * hWindow + hFirst) * wWindow;
  for (let ow = begin; ow < end; ow++) {
    const start = ow * wStride - wPad;
    const firstColumn = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - firstColumn;
    const number = i32x4.splat(firstRowNumber + firstColumn), rowNumbers = i32x4.splat(wWindow - columns);
    let tap = origin + <usize>start * pixel + <usize>firstColumn * wStep;
    let to = y + <usize>ow * pixel;
    const last = to + pixel;
    if (channels >= 16) {
      for (; to < last; to += 64, tap += 64) {
        if (to + 64 > last) { tap -= to + 64 - last; to = last - 64; }
        argmaxOf<T>(tap, to, argmaxOffset, number, rowNumbers, planeNumbers, columns, 4);
      }
    } else {
      for (; to < last; to += 16, tap += 16) {
        if (to + 16 > last && channels >= 4) { tap -= to + 16 - last; to = last - 16; }
        argmaxOf<T>(tap, to, argmaxOffset, number, rowNumbers, planeNumbers, columns, 1);
      }
    }
  }
}

/** One or four vectors of a window, whose first real tap is at `tap` and has this number. */
@inline
function argmaxOf<T>(tap: usize, to: usize, argmaxOffset: usize, number: v128, rowNumbers: v128, planeNumbers: v128, columns: i32, vectors: i32): void {
  const rows = hCount, columnStep = wStep, rowStep = hStep, skip = planeSkip(), one = i32x4.splat(1);
  let m0 = v128.load(tap), m1 = m0, m2 = m0, m3 = m0;
  let i0 = number, i1 = number, i2 = number, i3 = number;
  if (vectors == 4) { m1 = v128.load(tap, 16); m2 = v128.load(tap, 32); m3 = v128.load(tap, 48); }
  for (let d = dCount; d > 0; d--) {
    for (let h = rows; h > 0; h--) {
      let p = tap;
      for (let w = columns; w > 0; w--) {
        if (vectors == 4) {
          const v0 = v128.load(p), v1 = v128.load(p, 16), v2 = v128.load(p, 32), v3 = v128.load(p, 48);
          i0 = winner<T>(i0, m0, v0, number); i1 = winner<T>(i1, m1, v1, number);
          i2 = winner<T>(i2, m2, v2, number); i3 = winner<T>(i3, m3, v3, number);
          m0 = larger<T>(m0, v0); m1 = larger<T>(m1, v1); m2 = larger<T>(m2, v2); m3 = larger<T>(m3, v3);
        } else {
          const v0 = v128.load(p);
          i0 = winner<T>(i0, m0, v0, number);
          m0 = larger<T>(m0, v0);
        }
        number = i32x4.add(number, one);
        p += columnStep;
      }
      number = i32x4.add(number, rowNumbers);
      tap += rowStep;
    }
    number = i32x4.add(number, planeNumbers);
    tap += skip;
  }
  v128.store(to, m0);
  if (vectors == 4) {
    v128.store(to, m1, 16); v128.store(to, m2, 32); v128.store(to, m3, 48);
    storeSixteen(to, argmaxOffset, i0, i1, i2, i3);
  } else storeTaps(to, argmaxOffset, i0);
}

/**
 * Taps come in rising order, so the last strict winner has the greatest number: the argmax is the
 * largest tap number under a mask, two instructions instead of a selection.
 */
@inline
export function winner<T>(argmax: v128, best: v128, value: v128, tap: v128): v128 {
  return i32x4.max_s(argmax, v128.and(greater<T>(value, best), tap));
}
