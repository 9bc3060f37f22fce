// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx for images of one channel and windows of 3x3 with stride 1, on a plane. Strips of four columns are followed downwards:
 * a row of windows is loaded once, for the three rows of dx under it, whose sums stay in registers. An element adds up in the order of
 * the outputs, and is written once: dx may hold garbage.
 */
import {
  batch, channels, dInput, dOutput, dWindow, fitted, hDilation, hInput, hOutput, hPad, hStride, hWindow, imageBytes, outputImageBytes,
  outputRowBytes, wDilation, wInput, wOutput, wPad, wStride, wWindow,
} from './geometry.as';
import { isInBytes, loadTaps } from './kept_taps.as';
import { bytesWithin, loadMoved, startWithin } from './lanes.as';

/** Whether the geometry is of this kind. Strips of wider rows take longer than rows one after the other: a strip has a cache line in each. */
export function isScatteredByThrees(): bool {
  return !fitted && channels == 1 && hWindow == 3 && wWindow == 3 && hDilation == 1 && wDilation == 1 && hStride == 1 && wStride == 1 &&
    hPad < 2 && dInput == 1 && dOutput == 1 && dWindow == 1 && hInput > 1 && wOutput >= 4 && wInput >= 4 && wInput < 448;
}

/** Rows of windows are done in pieces of about this size. */
const TILE_BYTES: usize = 16384;

export function scatterByThrees(dy: usize, argmaxOffset: usize, dx: usize): void {
  const rows = max(8, <i32>(TILE_BYTES / (<usize>wInput << 2))), lastColumn = wInput - 4;
  const endOfX = dx + <usize>batch * imageBytes() - 16, endOfY = dy + <usize>batch * outputImageBytes() - 16;
  for (let b = batch; b > 0; b--, dx += imageBytes(), dy += outputImageBytes()) {
    for (let begin = 0; begin < hOutput; begin += rows) {
      const end = min(hOutput, begin + rows), nextY = dy + <usize>end * outputRowBytes(), bytesOfY = <usize>rows * outputRowBytes();
      readAhead(dx + (<usize>(end * wInput) << 2), <usize>(rows * wInput) << 2, endOfX);
      for (let column = 0, turn = 0; column <= lastColumn; column = column < lastColumn ? min(column + 4, lastColumn) : wInput) {
        // Bytes are few.
        if (ahead == limit && turn < (isInBytes(argmaxOffset) ? 1 : 2)) {
          const apart = turn++ == 0 ? 0 : argmaxOffset;
          readAhead(nextY + apart, bytesOfY, endOfY + apart);
        }
        strip(dy, argmaxOffset, dx, begin, end, column);
      }
    }
  }
}

/** What comes next is read before, to have it in the cache in order, which is faster than strip by strip; nothing after the vector at `last`. */
let ahead: usize = 0;
let limit: usize = 0;
let touched: v128 = i32x4.splat(0);
function readAhead(from: usize, bytes: usize, last: usize): void {
  ahead = min(from, last);
  limit = min(from + bytes, last);
}

function strip(dy: usize, argmaxOffset: usize, dx: usize, begin: i32, end: i32, column: i32): void {
  const first = column + wPad - 2;
  if (first < 0 || first + 6 > wOutput) edgeOfOnes(dy, argmaxOffset, dx, begin, end, column, first);
  else stripOfOnes(dy, argmaxOffset, dx, begin, end, column, first);
}

function stripOfOnes(dy: usize, argmaxOffset: usize, dx: usize, begin: i32, end: i32, column: i32, first: i32): void {
  if (isInBytes(argmaxOffset)) ones(dy, argmaxOffset, dx, begin, end, column, first, false, true);
  else ones(dy, argmaxOffset, dx, begin, end, column, first, false, false);
}
function edgeOfOnes(dy: usize, argmaxOffset: usize, dx: usize, begin: i32, end: i32, column: i32, first: i32): void {
  ones(dy, argmaxOffset, dx, begin, end, column, first, true, isInBytes(argmaxOffset));
}
/** Four columns; `first` is the first window over the first one. At an `edge` some windows are not there. */
@inline
function ones(dy: usize, argmaxOffset: usize, dx: usize, begin: i32, end: i32, column: i32, first: i32, edge: bool, inBytes: bool): void {
  const rowBytes = <usize>wInput << 2, outputBytes = outputRowBytes(), zero = i32x4.splat(0), outputs = wOutput;
  const s0 = edge ? startWithin(first, outputs) : 0, s1 = edge ? startWithin(first + 1, outputs) : 0, s2 = edge ? startWithin(first + 2, outputs) : 0;
  const b0 = edge ? bytesWithin(first, outputs) : zero, b1 = edge ? bytesWithin(first + 1, outputs) : zero, b2 = edge ? bytesWithin(first + 2, outputs) : zero;
  const before = begin > 0 ? 2 : 0, bottom = dx + <usize>hInput * rowBytes + (<usize>column << 2);
  let from = dy + <usize>(begin - before) * outputBytes, to = dx + <usize>max(begin - hPad, 0) * rowBytes + (<usize>column << 2);
  if (!edge) from += <usize>first << 2;
  // What the first rows give is garbage, and written again.
  let left = end - begin + before, count = min(left, begin > 0 ? 2 : hPad), step: usize = 0, sum0 = zero, sum1 = zero, next = ahead, seen = zero;
  const stop = limit;
  for (; left > 0; left -= count, step = rowBytes) {
    if (step) count = left;
    if (count == 0) continue;
    let n = count;
    do {
      seen = v128.or(seen, v128.load(next));
      next = min(next + 64, stop);
      const g0 = edge ? loadMoved(from + s0, b0) : v128.load(from), a0 = edge ? i8x16.swizzle(loadTaps(from + s0, argmaxOffset, inBytes), b0) : loadTaps(from, argmaxOffset, inBytes);
      const g1 = edge ? loadMoved(from + s1, b1) : v128.load(from, 4), a1 = edge ? i8x16.swizzle(loadTaps(from + s1, argmaxOffset, inBytes), b1) : loadTaps(from + 4, argmaxOffset, inBytes);
      const g2 = edge ? loadMoved(from + s2, b2) : v128.load(from, 8), a2 = edge ? i8x16.swizzle(loadTaps(from + s2, argmaxOffset, inBytes), b2) : loadTaps(from + 8, argmaxOffset, inBytes);
      v128.store(to, f32x4.add(f32x4.add(f32x4.add(sum0, given(g0, a0, 2)), given(g1, a1, 1)), given(g2, a2, 0)));
      sum0 = f32x4.add(f32x4.add(f32x4.add(sum1, given(g0, a0, 5)), given(g1, a1, 4)), given(g2, a2, 3));
      sum1 = f32x4.add(f32x4.add(given(g0, a0, 8), given(g1, a1, 7)), given(g2, a2, 6));
      from += outputBytes;
      to += step;
    } while (--n > 0);
  }
  ahead = next;
  touched = seen;
  if (end < hOutput) return;
  for (; to < bottom; to += rowBytes, sum0 = sum1, sum1 = zero) v128.store(to, sum0);
}

/** What windows give to their tap of this number. */
@inline
function given(value: v128, argmax: v128, number: i32): v128 {
  return v128.and(value, i32x4.eq(argmax, i32x4.splat(number)));
}
