// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx, for windows of 2x2 with stride 2 that lie inside dx, from four channels on or for one. Every element of dx is
 * written once, those that no window covers too: dx may hold garbage.
 */
import {
  batch, channels, dInput, dOutput, dPad, dWindow, hDilation, hInput, hOutput, hPad, hStride, hWindow, imageBytes, pixel, wDilation,
  wInput, wOutput, wPad, wStride, wWindow,
} from './geometry.as';
import { zip } from './lanes.as';
import { hasNan } from './nan.as';

/** Whether the geometry is of this kind. */
export function isScatteredByTwos(): bool {
  return (channels >= 4 || channels == 1 && wOutput >= 4) && dInput == 1 && dOutput == 1 && dWindow == 1 && dPad == 0 &&
    isOfTwos(hInput, hOutput, hWindow, hStride, hDilation, hPad) &&
    isOfTwos(wInput, wOutput, wWindow, wStride, wDilation, wPad);
}

@inline
function isOfTwos(input: i32, output: i32, window: i32, stride: i32, dilation: i32, pad: i32): bool {
  return window == 2 && stride == 2 && dilation == 1 && pad == 0 && output * 2 <= input;
}

export function scatterByTwos(dy: usize, argmax: usize, dx: usize): void {
  const argmaxOffset = argmax - dy, rowBytes = <usize>wInput * pixel, outputBytes = <usize>wOutput * pixel;
  const beside = rowBytes - 2 * outputBytes, under = <usize>(hInput - 2 * hOutput) * rowBytes;
  let touched = dx;
  for (let b = 0; b < batch; b++) {
    const end = dx + imageBytes();
    for (let oh = 0; oh < hOutput; oh++) {
      // Brings dx into the cache in order, which is faster than two rows at a time.
      if (channels == 1 && dx + 2 * rowBytes > touched) {
        const until = max(dx + 2 * rowBytes, min(end, dx + 8192));
        hasNan<i32>(dx, until);
        touched = until;
      }
      if (channels == 1) scatterRowOfOne(dy, argmaxOffset, dx, rowBytes);
      else scatterRow(dy, argmaxOffset, dx, rowBytes);
      dy += outputBytes;
      if (beside) {
        memory.fill(dx + rowBytes - beside, 0, beside);
        memory.fill(dx + 2 * rowBytes - beside, 0, beside);
      }
      dx += 2 * rowBytes;
    }
    if (under) memory.fill(dx, 0, under);
    dx += under;
  }
}

/** Four windows of one channel at a time; the last four end with the last one, and may overlap those before. */
@inline
function scatterRowOfOne(dy: usize, argmaxOffset: usize, dx: usize, rowBytes: usize): void {
  const last = dy + (<usize>wOutput << 2);
  for (; dy < last; dy += 16, dx += 32) {
    if (dy + 16 > last) { dx -= 2 * (dy + 16 - last); dy = last - 16; }
    scatterFour(dy, argmaxOffset, dx, rowBytes);
  }
}

@inline
function scatterFour(dy: usize, argmaxOffset: usize, dx: usize, rowBytes: usize): void {
  const value = v128.load(dy), argmax = v128.load(dy + argmaxOffset);
  const a = v128.and(value, i32x4.eq(argmax, i32x4.splat(0))), b = v128.and(value, i32x4.eq(argmax, i32x4.splat(1)));
  const c = v128.and(value, i32x4.eq(argmax, i32x4.splat(2))), d = v128.and(value, i32x4.eq(argmax, i32x4.splat(3)));
  v128.store(dx, zip(a, b, false));
  v128.store(dx, zip(a, b, true), 16);
  v128.store(dx + rowBytes, zip(c, d, false));
  v128.store(dx + rowBytes, zip(c, d, true), 16);
}

/** The last vectors of a window end with the last channel, and may write again what those before have written. */
@inline
function scatterRow(dy: usize, argmaxOffset: usize, dx: usize, rowBytes: usize): void {
  // Locals, because the engine reads a global again after every store.
  const all = channels, bytes = pixel;
  for (let ow = wOutput; ow > 0; ow--, dx += bytes) {
    const last = dy + bytes;
    if (all >= 16) {
      for (; dy < last; dy += 64, dx += 64) {
        if (dy + 64 > last) { dx -= dy + 64 - last; dy = last - 64; }
        scatterVector(dy, argmaxOffset, dx, bytes, rowBytes);
        scatterVector(dy + 16, argmaxOffset, dx + 16, bytes, rowBytes);
        scatterVector(dy + 32, argmaxOffset, dx + 32, bytes, rowBytes);
        scatterVector(dy + 48, argmaxOffset, dx + 48, bytes, rowBytes);
      }
    } else {
      for (; dy < last; dy += 16, dx += 16) {
        if (dy + 16 > last) { dx -= dy + 16 - last; dy = last - 16; }
        scatterVector(dy, argmaxOffset, dx, bytes, rowBytes);
      }
    }
  }
}

@inline
function scatterVector(dy: usize, argmaxOffset: usize, dx: usize, right: usize, below: usize): void {
  const value = v128.load(dy), argmax = v128.load(dy + argmaxOffset);
  v128.store(dx, v128.and(value, i32x4.eq(argmax, i32x4.splat(0))));
  v128.store(dx + right, v128.and(value, i32x4.eq(argmax, i32x4.splat(1))));
  v128.store(dx + below, v128.and(value, i32x4.eq(argmax, i32x4.splat(2))));
  v128.store(dx + below + right, v128.and(value, i32x4.eq(argmax, i32x4.splat(3))));
}
