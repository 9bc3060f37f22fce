// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y for one channel, for elements that are numbers and windows of three columns and at most three rows that overlap,
 * on a single plane. The maximum of each column is found first, and padding is the lowest of columns: a row is done
 * as a whole, with both its ends.
 */
import {
  dInput, firstRowOffset, fitted, hCount, hStep, hWindow, wDilation, wInput, wOutput, wPad, wStride, wWindow,
} from './geometry.as';
import { larger, lowest, storeLanes, unzip } from './lanes.as';

/** Whether the geometry is of this kind. */
export function isThreeOfOne(): bool {
  return !fitted && wWindow == 3 && hWindow <= 3 && wDilation == 1 && wStride < 3 && wPad < 2 && dInput == 1 && wInput >= 4;
}

export function threeRowOfOne(from: usize, y: usize): void {
  if (wStride == 1) rowOf(from + firstRowOffset(), y, 1);
  else rowOf(from + firstRowOffset(), y, 2);
}

@inline
function rowOf(top: usize, y: usize, stride: i32): void {
  const input = wInput, outputs = wOutput, padded = wPad == 1;
  // A row may stand for others that are in the padding.
  const below = hCount > 1 ? hStep : 0, bottom = hCount > 2 ? 2 * hStep : below;
  let last = lowest<f32>(), next = columnsAt(top, below, bottom, 0, input);
  for (let output = 0, column = 0; output < outputs; output += 4, column += 4 * stride, y += 16) {
    let best: v128;
    if (stride == 1) {
      const these = next;
      next = columnsAt(top, below, bottom, column + 4, input);
      const after = v128.shuffle<i32>(these, next, 1, 2, 3, 4);
      best = larger<f32>(these, after);
      if (padded) best = larger<f32>(best, v128.shuffle<i32>(last, these, 3, 4, 5, 6));
      else best = larger<f32>(best, v128.shuffle<i32>(these, next, 2, 3, 4, 5));
      last = these;
    } else {
      const first = next, second = columnsAt(top, below, bottom, column + 4, input);
      next = columnsAt(top, below, bottom, column + 8, input);
      const left = unzip(first, second, false), right = unzip(first, second, true);
      best = larger<f32>(left, right);
      if (padded) best = larger<f32>(best, v128.shuffle<i32>(last, right, 3, 4, 5, 6));
      else best = larger<f32>(best, v128.shuffle<i32>(left, next, 1, 2, 3, 4));
      last = right;
    }
    storeLanes(y, best, outputs - output);
  }
}

/** The maxima of four columns, those past the end the lowest. */
@inline
function columnsAt(top: usize, below: usize, bottom: usize, column: i32, input: i32): v128 {
  return column + 4 <= input ? largestOf(top + (<usize>column << 2), below, bottom)
    : lastColumns(top + (<usize>(input - 4) << 2), below, bottom, column + 4 - input);
}

@inline
function largestOf(p: usize, below: usize, bottom: usize): v128 {
  return larger<f32>(larger<f32>(v128.load(p), v128.load(p + below)), v128.load(p + bottom));
}

/** The same of the last four columns, `beyond` of which are not wanted. */
function lastColumns(p: usize, below: usize, bottom: usize, beyond: i32): v128 {
  const none = lowest<f32>(), columns = largestOf(p, below, bottom);
  if (beyond == 1) return v128.shuffle<i32>(columns, none, 1, 2, 3, 4);
  if (beyond == 2) return v128.shuffle<i32>(columns, none, 2, 3, 4, 5);
  return beyond == 3 ? v128.shuffle<i32>(columns, none, 3, 4, 5, 6) : none;
}
