// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y and, where asked for, argmax: the outputs [begin, end) of a row by every rule of NaN, for any number of channels; nothing
 * but their elements is read or written.
 */
import {
  channels, dCount, dFirst, endTap, firstRowOffset, firstTap, hCount, hFirst, hStep, hWindow, pixel,
  planeSkip, wDilation, wInput, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { storeTapLanes } from './kept_taps.as';
import { loadLanes, storeLanes } from './lanes.as';

export function exactRow<T>(
  from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ignoreNan: bool,
): void {
  const origin = from + firstRowOffset();
  const firstRowNumber = (dFirst * hWindow + hFirst) * wWindow;
  const guarded = i32x4.splat(ignoreNan ? -1 : 0);
  for (let ow = begin; ow < end; ow++) {
    const start = ow * wStride - wPad;
    const firstColumn = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - firstColumn;
    const number = i32x4.splat(firstRowNumber + firstColumn);
    let tap = origin + <usize>start * pixel + <usize>firstColumn * wStep;
    let to = y + <usize>ow * pixel;
    for (let left = channels; left > 0; left -= 4, tap += 16, to += 16) {
      exactOf<T>(tap, to, argmaxOffset, number, columns, left, guarded);
    }
  }
}

/** The first `lanes` (4 at most) of a vector of a window, whose first real tap is at `tap` and has this number. */
@inline
function exactOf<T>(
  tap: usize, to: usize, argmaxOffset: usize, number: v128, columns: i32, lanes: i32, guarded: v128,
): void {
  const rows = hCount, columnStep = wStep, rowStep = hStep, skip = planeSkip(), one = i32x4.splat(1);
  const rowNumbers = i32x4.splat(wWindow - columns), planeNumbers = i32x4.splat((hWindow - rows) * wWindow);
  let best = loadLanes(tap, lanes), argmax = number;
  for (let d = dCount; d > 0; d--, tap += skip, number = i32x4.add(number, planeNumbers)) {
    for (let h = rows; h > 0; h--, tap += rowStep, number = i32x4.add(number, rowNumbers)) {
      let p = tap;
      for (let w = columns; w > 0; w--, p += columnStep, number = i32x4.add(number, one)) {
        const value = loadLanes(p, lanes);
        const better = wins<T>(value, best, guarded);
        best = v128.bitselect(value, best, better);
        argmax = v128.bitselect(number, argmax, better);
      }
    }
  }
  storeLanes(to, best, lanes);
  if (argmaxOffset) storeTapLanes(to, argmaxOffset, argmax, lanes);
}

/**
 * Whether `value` beats `best`: it is greater or, of the two, the one that NaN makes win. `guarded` has all
 * bits set to ignore NaN: then `value` must be a number; otherwise `best` must.
 */
@inline
export function wins<T>(value: v128, best: v128, guarded: v128): v128 {
  if (isInteger<T>()) return i32x4.gt_s(value, best);
  const guard = v128.bitselect(value, best, guarded);
  return v128.andnot(f32x4.eq(guard, guard), f32x4.le(value, best));
}
