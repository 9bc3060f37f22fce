// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y, for elements that are numbers: the outputs [begin, end) of a row.
 * They would lose a NaN, and are not called where there is one.
 */
import {
  channels, dCount, endTap, firstRowOffset, firstTap, hCount, hStep, pixel, planeSkip, wDilation, wInput, wPad, wStep,
  wStride, wWindow,
} from './geometry.as';
import { larger, lowest } from './lanes.as';

/** Any window. The last vectors of a window end with the last channel, and may overlap those before. */
export function valuesRow<T>(from: usize, y: usize, begin: i32, end: i32): void {
  // Locals, because the engine reads a global again after every store.
  const all = channels, bytes = pixel, window = wWindow, stride = wStride, dilation = wDilation, input = wInput;
  const columnStep = wStep, step = <usize>stride * bytes;
  let start = begin * stride - wPad;
  let origin = from + firstRowOffset() + <usize>start * bytes;
  let first = y + <usize>begin * bytes, last = y + <usize>(begin + 1) * bytes;
  for (let ow = begin; ow < end; ow++, start += stride, origin += step, first += bytes, last += bytes) {
    const firstColumn = firstTap(start, dilation);
    const columns = endTap(start, input, window, dilation) - firstColumn;
    let tap = origin + <usize>firstColumn * columnStep, to = first;
    if (all >= 16) {
      for (; to < last; to += 64, tap += 64) {
        if (to + 64 > last) { tap -= to + 64 - last; to = last - 64; }
        valuesOf<T>(tap, to, columns, 4);
      }
    } else if (all >= 8) {
      for (; to < last; to += 32, tap += 32) {
        if (to + 32 > last) { tap -= to + 32 - last; to = last - 32; }
        valuesOf<T>(tap, to, columns, 2);
      }
    } else {
      for (; to < last; to += 16, tap += 16) {
        if (to + 16 > last && all >= 4) { tap -= to + 16 - last; to = last - 16; }
        valuesOf<T>(tap, to, columns, 1);
      }
    }
  }
}

/** One, two or four vectors of a window, whose first real tap is at `tap`. */
@inline
function valuesOf<T>(tap: usize, to: usize, columns: i32, vectors: i32): void {
  const rows = hCount, planes = dCount, columnStep = wStep, rowStep = hStep, skip = planeSkip();
  if (columns == 2 && rows == 2 && planes == 1) {
    const right = tap + columnStep, below = tap + rowStep, across = right + rowStep;
    v128.store(to, largestOf<T>(tap, right, below, across, 0));
    if (vectors >= 2) v128.store(to, largestOf<T>(tap, right, below, across, 16), 16);
    if (vectors >= 4) v128.store(to, largestOf<T>(tap, right, below, across, 32), 32);
    if (vectors >= 4) v128.store(to, largestOf<T>(tap, right, below, across, 48), 48);
    return;
  }
  let m0 = lowest<T>(), m1 = m0, m2 = m0, m3 = m0;
  for (let d = planes; d > 0; d--) {
    for (let h = rows; h > 0; h--) {
      let p = tap;
      for (let w = columns; w > 0; w--) {
        m0 = larger<T>(m0, v128.load(p));
        if (vectors >= 2) m1 = larger<T>(m1, v128.load(p, 16));
        if (vectors >= 4) { m2 = larger<T>(m2, v128.load(p, 32)); m3 = larger<T>(m3, v128.load(p, 48)); }
        p += columnStep;
      }
      tap += rowStep;
    }
    tap += skip;
  }
  v128.store(to, m0);
  if (vectors >= 2) v128.store(to, m1, 16);
  if (vectors >= 4) { v128.store(to, m2, 32); v128.store(to, m3, 48); }
}

@inline
function largestOf<T>(a: usize, b: usize, c: usize, d: usize, offset: usize): v128 {
  return larger<T>(
    larger<T>(v128.load(a + offset), v128.load(b + offset)), larger<T>(v128.load(c + offset), v128.load(d + offset)));
}
