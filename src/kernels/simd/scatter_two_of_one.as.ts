// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx, for one channel, for windows of 2x2 and of 2x2x2 side by side. Two rows of dx are written at a time, all of them: dx
 * may hold garbage.
 */
import {
  batch, dOutput, dWindow, hInput, hOutput, imageBytes, outputRowBytes, wInput, wOutput,
} from './geometry.as';
import { isInBytes, loadTaps } from './kept_taps.as';
import { zip } from './lanes.as';

export function scatterTwosOfOne(dy: usize, argmaxOffset: usize, dx: usize): void {
  const planeBytes = <usize>(hInput * wInput) << 2, endOfX = dx + <usize>batch * imageBytes(), outputPlane = <usize>hOutput * outputRowBytes();
  for (let b = batch; b > 0; b--) {
    const end = dx + imageBytes();
    for (let od = dOutput; od > 0; od--, dy += outputPlane) {
      for (let d = 0; d < dWindow; d++, dx += planeBytes) {
        if (isInBytes(argmaxOffset)) scatterPlane(dy, argmaxOffset, dx, 4 * d, endOfX, true);
        else scatterPlane(dy, argmaxOffset, dx, 4 * d, endOfX, false);
      }
    }
    memory.fill(dx, 0, end - dx);
    dx = end;
  }
}

/** What is read only to have it in the cache. */
let touched: v128 = i32x4.splat(0);

/** A plane of windows gives to one of dx, whose first tap has this number. */
@inline
function scatterPlane(dy: usize, argmaxOffset: usize, dx: usize, number: i32, endOfX: usize, inBytes: bool): void {
  const rowBytes = <usize>wInput << 2, bytes = <usize>wOutput << 2, isOdd = (wInput & 1) != 0;
  const n0 = i32x4.splat(number), n1 = i32x4.splat(number + 1), n2 = i32x4.splat(number + 2), n3 = i32x4.splat(number + 3);
  let seen = n0, from = dy;
  for (let oh = hOutput; oh > 0; oh--, dx += 2 * rowBytes) {
    const last = from + bytes;
    let to = dx;
    if (bytes >= 32) {
      // Brings the next two rows into the cache in order, which is faster than two rows at a time.
      let ahead = dx + 4 * rowBytes <= endOfX ? dx + 2 * rowBytes : dx;
      // The loop tests at its end: only out of such a loop V8 moves what stays the same.
      do {
        seen = v128.or(v128.load(ahead), v128.or(seen, v128.load(ahead, 64)));
        four(from, argmaxOffset, to, rowBytes, n0, n1, n2, n3, inBytes);
        four(from + 16, argmaxOffset, to + 32, rowBytes, n0, n1, n2, n3, inBytes);
        from += 32; to += 64; ahead += 128;
      } while (from + 32 <= last);
    }
    if (from < last) {
      if (from + 16 < last) four(from, argmaxOffset, to, rowBytes, n0, n1, n2, n3, inBytes);
      four(last - 16, argmaxOffset, to + 2 * (last - from) - 32, rowBytes, n0, n1, n2, n3, inBytes);
      from = last;
    }
    if (isOdd) {
      store<f32>(dx + rowBytes - 4, 0);
      store<f32>(dx + 2 * rowBytes - 4, 0);
    }
  }
  touched = seen;
  if (hInput & 1) memory.fill(dx, 0, rowBytes);
}

/** What four windows give to two rows. */
@inline
function four(from: usize, argmaxOffset: usize, to: usize, rowBytes: usize, n0: v128, n1: v128, n2: v128, n3: v128, inBytes: bool): void {
  const value = v128.load(from), argmax = loadTaps(from, argmaxOffset, inBytes), under = to + rowBytes;
  const a = v128.and(value, i32x4.eq(argmax, n0)), b = v128.and(value, i32x4.eq(argmax, n1));
  const c = v128.and(value, i32x4.eq(argmax, n2)), d = v128.and(value, i32x4.eq(argmax, n3));
  v128.store(to, zip(a, b, false));
  v128.store(to, zip(a, b, true), 16);
  v128.store(under, zip(c, d, false));
  v128.store(under, zip(c, d, true), 16);
}
