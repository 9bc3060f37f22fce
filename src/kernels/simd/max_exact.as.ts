// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** x -> y and, where asked for, argmax: the outputs [begin, end) of a row by every rule of NaN, for any number of channels. */
import {
  channels, dCount, dFirst, endTap, firstRowOffset, firstTap, hCount, hFirst, hStep, hWindow, pixel, planeSkip, wDilation,
  wInput, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { loadLanes, storeLanes } from './lanes.as';

/**
 * Whether `value` beats `best`: it is greater or, of the two, the one that NaN makes win. `guarded` has all
 * bits set to ignore NaN: then `value` must be a number; otherwise `best` must.
 */
@inline
function wins<T>(value: v128, best: v128, guarded: v128): v128 {
  if (isInteger<T>()) return i32x4.gt_s(value, best);
  const guard = v128.bitselect(value, best, guarded);
  return v128.andnot(f32x4.eq(guard, guard), f32x4.le(value, best));
}

export function exactRow<T>(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ignoreNan: bool): void {
  const rowStep = hStep, columnStep = wStep, skip = planeSkip(), rows = hCount, planes = dCount;
  const origin = from + firstRowOffset();
  const guarded = i32x4.splat(ignoreNan ? -1 : 0), one = i32x4.splat(1);
  for (let ow = begin; ow < end; ow++) {
    const start = ow * wStride - wPad;
    const first = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - first;
    const firstNumber = i32x4.splat((dFirst * hWindow + hFirst) * wWindow + first);
    const rowNumbers = i32x4.splat(wWindow - columns), planeNumbers = i32x4.splat((hWindow - rows) * wWindow);
    let tap = origin + <usize>start * pixel + <usize>first * columnStep;
    for (let left = channels; left > 0; left -= 4, tap += 16) {
      let best = loadLanes(tap, left), argmax = firstNumber, number = firstNumber;
      let row = tap;
      for (let d = planes; d > 0; d--, row += skip, number = i32x4.add(number, planeNumbers)) {
        for (let h = rows; h > 0; h--, row += rowStep, number = i32x4.add(number, rowNumbers)) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep, number = i32x4.add(number, one)) {
            const value = loadLanes(p, left);
            const better = wins<T>(value, best, guarded);
            best = v128.bitselect(value, best, better);
            argmax = v128.bitselect(number, argmax, better);
          }
        }
      }
      const to = y + <usize>ow * pixel + <usize>(channels - left) * 4;
      storeLanes(to, best, left);
      if (argmaxOffset) storeLanes(to + argmaxOffset, argmax, left);
    }
  }
}
