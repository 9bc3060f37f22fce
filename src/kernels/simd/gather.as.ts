// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** x, argmax -> y. Compares the numbers of the real taps with the argmax, as scatter does. */
import {
  batch, channels, dCount, dFirst, dOutput, endTap, enterRow, enterWindow, firstRowOffset, firstTap, hCount, hFirst, hOutput, hStep,
  hWindow, outputRowBytes, pixel, planeSkip, wDilation, wInput, wOutput, wPad, wPer, wStep, wStride, wWindow,
} from './geometry.as';
import { loadTapLanes, tapsOffset } from './kept_taps.as';
import { loadLanes, storeLanes } from './lanes.as';
import { gatherOfOne } from './gather_one_channel.as';

export function gather(x: usize, argmax: usize, y: usize, inBytes: bool): void {
  const argmaxOffset = tapsOffset(argmax, y, inBytes);
  if (channels == 1) return gatherOfOne(x, y, argmaxOffset);
  for (let b = 0; b < batch; b++) {
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++) {
        const from = enterRow(x, b, od, oh);
        if (!wPer) gatherRow(from, y, argmaxOffset, wOutput);
        for (let ow = 0; wPer && ow < wOutput; ow++) {
          enterWindow(ow);
          gatherRow(from, y + <usize>ow * pixel, argmaxOffset, 1);
        }
        y += outputRowBytes();
      }
    }
  }
}

function gatherRow(from: usize, y: usize, argmaxOffset: usize, outputs: i32): void {
  const origin = from + firstRowOffset();
  const firstRowNumber = (dFirst * hWindow + hFirst) * wWindow;
  for (let ow = 0; ow < outputs; ow++) {
    const start = ow * wStride - wPad;
    const firstColumn = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - firstColumn;
    const number = i32x4.splat(firstRowNumber + firstColumn);
    let tap = origin + <usize>start * pixel + <usize>firstColumn * wStep;
    let left = channels;
    for (; left >= 4; left -= 4, y += 16, tap += 16) gatherOf(tap, y, argmaxOffset, number, columns, 4);
    if (left > 0) {
      gatherOf(tap, y, argmaxOffset, number, columns, left);
      y += <usize>left * 4;
    }
  }
}

/** The first `lanes` (4 at most) of a vector of a window, whose first real tap is at `tap` and has this number. */
@inline
function gatherOf(tap: usize, y: usize, argmaxOffset: usize, number: v128, columns: i32, lanes: i32): void {
  const rows = hCount, columnStep = wStep, rowStep = hStep, skip = planeSkip(), one = i32x4.splat(1);
  const rowNumbers = i32x4.splat(wWindow - columns), planeNumbers = i32x4.splat((hWindow - rows) * wWindow);
  const argmax = loadTapLanes(y, argmaxOffset, lanes);
  let value = i32x4.splat(0);
  for (let d = dCount; d > 0; d--, tap += skip, number = i32x4.add(number, planeNumbers)) {
    for (let h = rows; h > 0; h--, tap += rowStep, number = i32x4.add(number, rowNumbers)) {
      let p = tap;
      for (let w = columns; w > 0; w--, p += columnStep, number = i32x4.add(number, one)) {
        value = v128.or(value, v128.and(loadLanes(p, lanes), i32x4.eq(argmax, number)));
      }
    }
  }
  storeLanes(y, value, lanes);
}
