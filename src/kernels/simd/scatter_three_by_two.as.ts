// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx for images of one channel and windows of 3x3 with stride 2, on a plane. Two rows of dx are made at a time: the one in
 * the middle of a row of windows, and the one before, which the row of windows before sees as well. In them, four windows give to eight
 * columns: their middle, and the one after, which the next window sees as well. An element adds up in the order of the outputs, and is
 * written once: dx may hold garbage.
 */
import {
  batch, channels, dInput, dOutput, dWindow, fitted, hDilation, hInput, hOutput, hPad, hStride, hWindow, imageBytes, outputImageBytes,
  outputRowBytes, wDilation, wInput, wOutput, wPad, wStride, wWindow,
} from './geometry.as';
import { isInBytes, loadTaps } from './kept_taps.as';
import { zip } from './lanes.as';

/** Whether the geometry is of this kind: windows reach into the padding by one column at most. */
export function isScatteredByTwoRows(): bool {
  return !fitted && channels == 1 && hWindow == 3 && wWindow == 3 && hDilation == 1 && wDilation == 1 && hStride == 2 && wStride == 2 &&
    hPad < 2 && wPad < 2 && dInput == 1 && dOutput == 1 && dWindow == 1 && wOutput >= 4 && 2 * wOutput - wPad <= wInput;
}

export function scatterByTwoRows(dy: usize, argmaxOffset: usize, dx: usize): void {
  if (isInBytes(argmaxOffset)) scatterRows(dy, argmaxOffset, dx, true);
  else scatterRows(dy, argmaxOffset, dx, false);
}

/** No tap has this number, nor one of the next. */
const NONE: i32 = -1000;

/** What is read only to have it in the cache. */
let touched: v128 = i32x4.splat(0);

@inline
function scatterRows(dy: usize, argmaxOffset: usize, dx: usize, inBytes: bool): void {
  // Locals, because the engine reads a global again after every store.
  const rowBytes = <usize>wInput << 2, outputBytes = outputRowBytes(), rows = hInput, outputRows = hOutput, padAbove = hPad, pad = wPad;
  const endOfX = dx + <usize>batch * imageBytes(), last = 2 * outputRows - padAbove < rows ? outputRows : outputRows - 1;
  const whole = <usize>((wOutput - 1) & ~3) << 2, columnsAfter = wInput - 2 * wOutput + pad;
  let seen = i32x4.splat(0);
  for (let b = batch; b > 0; b--, dx += imageBytes(), dy += outputImageBytes()) {
    for (let oh = 0; oh <= last; oh++) {
      // The row of windows before may not be there, nor that after the last.
      const row = 2 * oh - padAbove, isBelow = oh == outputRows, missing = i32x4.splat(isBelow ? NONE : 0), n6 = i32x4.splat(oh == 0 ? NONE : 6);
      let from = dy + <usize>(isBelow ? oh - 1 : oh) * outputBytes, odd = dx + <usize>(row + 1) * rowBytes, even = row < 0 ? odd : odd - rowBytes;
      // A row of dx that is not there is done as the other one.
      if (row + 1 >= rows) odd = even;
      const n0 = i32x4.add(missing, i32x4.splat(row < 0 ? 3 : 0)), n1 = i32x4.add(n0, i32x4.splat(1)), n2 = i32x4.add(n0, i32x4.splat(2));
      const n3 = i32x4.add(missing, i32x4.splat(3)), n4 = i32x4.add(missing, i32x4.splat(4)), n5 = i32x4.add(missing, i32x4.splat(5));
      const n7 = i32x4.add(n6, i32x4.splat(1)), n8 = i32x4.add(n6, i32x4.splat(2));
      const before: usize = oh == 0 || isBelow ? 0 : outputBytes, lastFrom = from + outputBytes - 16;
      let ahead = even + 4 * rowBytes <= endOfX ? even + 2 * rowBytes : even;
      if (columnsAfter == 2) {
        store<f32>(odd + rowBytes - 4, 0);
        store<f32>(even + rowBytes - 4, 0);
      }
      if (pad == 0) {
        const a = loadTaps(from, argmaxOffset, inBytes), g = v128.load(from);
        v128.store32_lane(odd, given(g, a, n3), 0);
        v128.store32_lane(even, f32x4.add(given(v128.load(from - before), loadTaps(from - before, argmaxOffset, inBytes), n6), given(g, a, n0)), 0);
        odd += 4;
        even += 4;
      }
      if (whole) {
        const end = from + whole;
        // The loop tests at its end: only out of such a loop V8 moves what stays the same.
        do {
          seen = v128.or(seen, v128.load(ahead));
          four(from, before, argmaxOffset, odd, even, n0, n1, n2, n3, n4, n5, n6, n7, n8, inBytes, false, false);
          from += 16; odd += 32; even += 32; ahead += 64;
        } while (from < end);
      }
      // The last four windows, which may overlap those before.
      const late = lastFrom - from;
      odd += 2 * late;
      even += 2 * late;
      four(lastFrom, before, argmaxOffset, odd, even, n0, n1, n2, n3, n4, n5, n6, n7, n8, inBytes, true, columnsAfter == 0);
    }
  }
  touched = seen;
}

/** What four windows, and those `before` bytes before, give to both rows; with `isLast`, there is no window after. `isCut`: to seven columns. */
@inline
function four(
  from: usize, before: usize, argmaxOffset: usize, odd: usize, even: usize, n0: v128, n1: v128, n2: v128, n3: v128, n4: v128, n5: v128,
  n6: v128, n7: v128, n8: v128, inBytes: bool, isLast: bool, isCut: bool,
): void {
  const g0 = v128.load(from - before), a0 = loadTaps(from - before, argmaxOffset, inBytes), g2 = v128.load(from), a2 = loadTaps(from, argmaxOffset, inBytes);
  const g1 = isLast ? afterOf(g0) : v128.load(from - before, 4), a1 = isLast ? afterOf(a0) : loadTaps(from - before + 4, argmaxOffset, inBytes);
  const g3 = isLast ? afterOf(g2) : v128.load(from, 4), a3 = isLast ? afterOf(a2) : loadTaps(from + 4, argmaxOffset, inBytes);
  storeColumns(odd, given(g2, a2, n4), f32x4.add(given(g2, a2, n5), given(g3, a3, n3)), isCut);
  const last = f32x4.add(f32x4.add(f32x4.add(given(g0, a0, n8), given(g1, a1, n6)), given(g2, a2, n2)), given(g3, a3, n0));
  storeColumns(even, f32x4.add(given(g0, a0, n7), given(g2, a2, n1)), last, isCut);
}

/** All but the first lane; 0 after them. */
@inline
function afterOf(value: v128): v128 {
  return v128.shuffle<i32>(value, i32x4.splat(0), 1, 2, 3, 4);
}

/** Stores columns of both kinds by turns. */
@inline
function storeColumns(to: usize, a: v128, b: v128, isCut: bool): void {
  const low = zip(a, b, false), high = zip(a, b, true);
  v128.store(to, low);
  if (isCut) v128.store(to, v128.shuffle<i32>(low, high, 3, 4, 5, 6), 12);
  else v128.store(to, high, 16);
}

/** What windows give to their tap of this number. */
@inline
function given(value: v128, argmax: v128, number: v128): v128 {
  return v128.and(value, i32x4.eq(argmax, number));
}
