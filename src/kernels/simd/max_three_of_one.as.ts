// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y for one channel, for windows of three columns and at most three rows that overlap, on a single plane; a sum of all elements
 * becomes NaN where one is. The maximum of each column is found first, and padding is the lowest of columns: a row is done
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

/** Whether there is no NaN; else the outputs are garbage. Infinities of both signs also make it false. */
export function threeRowOfOne(from: usize, y: usize): bool {
  return wStride == 1 ? rowOf(from + firstRowOffset(), y, 1) : rowOf(from + firstRowOffset(), y, 2);
}

@inline
function rowOf(top: usize, y: usize, stride: i32): bool {
  const input = wInput, outputs = wOutput, padded = wPad == 1, end = top + (<usize>(input - 4) << 2);
  // A row may stand for others that are in the padding.
  const below = hCount > 1 ? hStep : 0, bottom = hCount > 2 ? 2 * hStep : below;
  let last = lowest<f32>(), next = largestOf(top, below, bottom), total = sumOf(top, below, bottom);
  total = f32x4.add(total, sumOf(end, below, bottom));
  for (let output = 0, p = top; output < outputs; output += 4, y += 16) {
    let best: v128;
    if (stride == 1) {
      const these = next;
      p += 16;
      if (p <= end) {
        const a = v128.load(p), b = v128.load(p + below), c = v128.load(p + bottom);
        next = larger<f32>(larger<f32>(a, b), c);
        total = f32x4.add(total, f32x4.add(f32x4.add(a, b), c));
      } else next = lastColumns(end, below, bottom, <i32>(p - end) >> 2);
      const after = v128.shuffle<i32>(these, next, 1, 2, 3, 4);
      best = larger<f32>(these, after);
      if (padded) best = larger<f32>(best, v128.shuffle<i32>(last, these, 3, 4, 5, 6));
      else best = larger<f32>(best, v128.shuffle<i32>(these, next, 2, 3, 4, 5));
      last = these;
    } else {
      const first = next;
      let second: v128;
      p += 32;
      if (p <= end) {
        const a = v128.load(p - 16), b = v128.load(p + below - 16), c = v128.load(p + bottom - 16);
        const d = v128.load(p), e = v128.load(p + below), f = v128.load(p + bottom);
        second = larger<f32>(larger<f32>(a, b), c);
        next = larger<f32>(larger<f32>(d, e), f);
        total = f32x4.add(total, f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(e, f)));
      } else {
        second = columnsAt(p - 16, end, below, bottom);
        next = columnsAt(p, end, below, bottom);
        total = f32x4.add(total, sumOf(min(p - 16, end), below, bottom));
      }
      const left = unzip(first, second, false), right = unzip(first, second, true);
      best = larger<f32>(left, right);
      if (padded) best = larger<f32>(best, v128.shuffle<i32>(last, right, 3, 4, 5, 6));
      else best = larger<f32>(best, v128.shuffle<i32>(left, next, 1, 2, 3, 4));
      last = right;
    }
    storeLanes(y, best, outputs - output);
  }
  return !v128.any_true(f32x4.ne(total, total));
}

@inline
function sumOf(p: usize, below: usize, bottom: usize): v128 {
  return f32x4.add(f32x4.add(v128.load(p), v128.load(p + below)), v128.load(p + bottom));
}

/** The maxima of four columns, those past the last four, which start at `end`, the lowest. */
@inline
function columnsAt(p: usize, end: usize, below: usize, bottom: usize): v128 {
  return p <= end ? largestOf(p, below, bottom) : lastColumns(end, below, bottom, <i32>(p - end) >> 2);
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
