// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy -> dx, a row of windows at a time, for windows three columns wide that overlap, on a single plane: a column is loaded
 * and stored once for all windows of the row over it, and not loaded where no row of windows has been before.
 * What a column gets comes in the order of the outputs, as everywhere.
 */
import { columnCells, rowCells } from './divisor.as';
import {
  channels, dInput, endTap, firstRowOffset, fitted, firstTap, hCount, hDilation, hStep, pixel, wDilation, wInput, wOutput, wPad,
  wStride, wWindow,
} from './geometry.as';
import { loadLanes, storeLanes } from './lanes.as';
import { zeroUntil } from './scatter.as';

/** Whether the windows are of this kind. */
@inline
export function spreadsThreeWide(): bool {
  return !fitted && wWindow == 3 && wDilation == 1 && wStride < 3 && dInput == 1 && hDilation == 1;
}

/**
 * Adds a row of windows to dx. `from` is column 0 in the row of their first taps; dx before `clean` holds sums, after it
 * garbage. Returns where it holds sums now.
 */
export function spreadThreeWideRow(from: usize, dy: usize, clean: usize): usize {
  const first = from + firstRowOffset(), rowBytes = hStep, end = first + <usize>hCount * rowBytes;
  if (clean < first) clean = zeroUntil(clean, first, first);
  // A row that is kept in part (of a single one, cut across) holds sums as a whole then.
  const begun = min<i32>(hCount, <i32>((clean - first + rowBytes - 1) / rowBytes));
  clean = zeroUntil(clean, first + <usize>begun * rowBytes, first);
  if (wStride == 1) addRow(first, dy, begun, 1);
  else addRow(first, dy, begun, 2);
  return max(clean, end);
}

@inline
function addRow(to: usize, dy: usize, begun: i32, stride: i32): void {
  const all = channels;
  let c = 0;
  for (; c + 16 <= all; c += 16) addChannels(to + (<usize>c << 2), dy + (<usize>c << 2), begun, stride, 4, 4);
  for (; c + 4 <= all; c += 4) addChannels(to + (<usize>c << 2), dy + (<usize>c << 2), begun, stride, 1, 4);
  if (c < all) addChannels(to + (<usize>c << 2), dy + (<usize>c << 2), begun, stride, 1, all - c);
}

/** One or four vectors of channels, or `lanes` of a single one. The first `begun` rows are added to, the others written. */
@inline
function addChannels(to: usize, dy: usize, begun: i32, stride: i32, vectors: i32, lanes: i32): void {
  const input = wInput, bytes = pixel, perRow = rowCells(), whole = f32x4.splat(<f32>(perRow * columnCells(0, 3)));
  const zero = f32x4.splat(0);
  // The shares of the last two windows.
  let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
  let b0 = zero, b1 = zero, b2 = zero, b3 = zero;
  let column = -wPad;
  for (let ow = wOutput; ow > 0; ow--, dy += bytes, column += stride) {
    const cut = column < 0 || column + 3 > input;
    const count = cut ? f32x4.splat(<f32>(perRow * columnCellsAt(column, input))) : whole;
    const q0 = f32x4.div(loadLanes(dy, lanes), count);
    let q1 = q0, q2 = q0, q3 = q0;
    if (vectors == 4) {
      q1 = f32x4.div(v128.load(dy, 16), count);
      q2 = f32x4.div(v128.load(dy, 32), count);
      q3 = f32x4.div(v128.load(dy, 48), count);
    }
    const p = to + <usize>column * bytes;
    // With stride 2, two windows reach the columns where one starts, and one window reaches the columns between.
    if (column >= 0) addShares(p, stride == 1 ? 3 : 2, a0, a1, a2, a3, b0, b1, b2, b3, q0, q1, q2, q3, begun, vectors, lanes);
    if (stride == 2 && column >= -1 && column + 1 < input) {
      addShares(p + bytes, 1, a0, a1, a2, a3, b0, b1, b2, b3, q0, q1, q2, q3, begun, vectors, lanes);
    }
    if (stride == 1) { a0 = b0; a1 = b1; a2 = b2; a3 = b3; }
    b0 = q0; b1 = q1; b2 = q2; b3 = q3;
  }
  for (; column < input; column++) {
    addShares(
      to + <usize>column * bytes, 3, a0, a1, a2, a3, b0, b1, b2, b3, zero, zero, zero, zero, begun, vectors, lanes);
    if (stride == 1) { a0 = b0; a1 = b1; a2 = b2; a3 = b3; }
    b0 = zero; b1 = zero; b2 = zero; b3 = zero;
  }
}

@inline
function columnCellsAt(start: i32, input: i32): i32 {
  return columnCells(start, endTap(start, input, 3, 1) - firstTap(start, 1));
}

/** The last `shares` of a, b and q, one after the other, to all rows of a column. */
@inline
function addShares(
  p: usize, shares: i32,
  a0: v128, a1: v128, a2: v128, a3: v128, b0: v128, b1: v128, b2: v128, b3: v128, q0: v128, q1: v128, q2: v128, q3: v128,
  begun: i32, vectors: i32, lanes: i32,
): void {
  const rowBytes = hStep;
  let h = hCount - begun;
  for (; begun > 0; begun--, p += rowBytes) {
    storeLanes(p, plus(loadLanes(p, lanes), shares, a0, b0, q0), lanes);
    if (vectors == 4) {
      v128.store(p, plus(v128.load(p, 16), shares, a1, b1, q1), 16);
      v128.store(p, plus(v128.load(p, 32), shares, a2, b2, q2), 32);
      v128.store(p, plus(v128.load(p, 48), shares, a3, b3, q3), 48);
    }
  }
  if (h == 0) return;
  const s0 = alone(shares, a0, b0, q0), s1 = alone(shares, a1, b1, q1);
  const s2 = alone(shares, a2, b2, q2), s3 = alone(shares, a3, b3, q3);
  for (; h > 0; h--, p += rowBytes) {
    storeLanes(p, s0, lanes);
    if (vectors == 4) {
      v128.store(p, s1, 16);
      v128.store(p, s2, 32);
      v128.store(p, s3, 48);
    }
  }
}

@inline
function plus(sum: v128, shares: i32, a: v128, b: v128, q: v128): v128 {
  if (shares == 3) sum = f32x4.add(sum, a);
  if (shares >= 2) sum = f32x4.add(sum, b);
  return f32x4.add(sum, q);
}

@inline
function alone(shares: i32, a: v128, b: v128, q: v128): v128 {
  if (shares == 1) return q;
  return f32x4.add(shares == 3 ? f32x4.add(a, b) : b, q);
}
