// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx, for windows of 2x2 with stride 2 that lie inside dx, from four channels on, and for one, of 2x2x2 too. Every element of dx is
 * written once, those that no window covers too: dx may hold garbage.
 */
import {
  batch, channels, dDilation, dInput, dOutput, dPad, dStride, dWindow, hDilation, hInput, hOutput, hPad, hStride, hWindow, pixel, wDilation,
  wInput, wOutput, wPad, wStride, wWindow,
} from './geometry.as';
import { scatterTwosOfOne } from './scatter_two_of_one.as';
import { isInBytes, loadSixteenBytes, loadTaps } from './kept_taps.as';

/** Whether the geometry is of this kind. */
export function isScatteredByTwos(): bool {
  const isFlat = dInput == 1 && dOutput == 1 && dWindow == 1 && dPad == 0;
  return (isFlat && channels >= 4 || isOfOne() && (isFlat || isOfTwos(dInput, dOutput, dWindow, dStride, dDilation, dPad))) &&
    isOfTwos(hInput, hOutput, hWindow, hStride, hDilation, hPad) &&
    isOfTwos(wInput, wOutput, wWindow, wStride, wDilation, wPad);
}

@inline
function isOfOne(): bool {
  return channels == 1 && wOutput >= 4;
}

@inline
function isOfTwos(input: i32, output: i32, window: i32, stride: i32, dilation: i32, pad: i32): bool {
  return window == 2 && stride == 2 && dilation == 1 && pad == 0 && output * 2 <= input;
}

export function scatterByTwos(dy: usize, argmaxOffset: usize, dx: usize): void {
  if (channels == 1) return scatterTwosOfOne(dy, argmaxOffset, dx);
  const rowBytes = <usize>wInput * pixel, outputBytes = <usize>wOutput * pixel;
  const beside = rowBytes - 2 * outputBytes, under = <usize>(hInput - 2 * hOutput) * rowBytes;
  const inBytes = isInBytes(argmaxOffset);
  for (let b = 0; b < batch; b++) {
    for (let oh = 0; oh < hOutput; oh++) {
      if (inBytes) scatterRow(dy, argmaxOffset, dx, rowBytes, true);
      else scatterRow(dy, argmaxOffset, dx, rowBytes, false);
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

/** The last vectors of a window end with the last channel, and may write again what those before have written. */
@inline
function scatterRow(dy: usize, argmaxOffset: usize, dx: usize, rowBytes: usize, inBytes: bool): void {
  // Locals, because the engine reads a global again after every store.
  const all = channels, bytes = pixel;
  for (let ow = wOutput; ow > 0; ow--, dx += bytes) {
    const last = dy + bytes;
    if (all >= 16) {
      // The loop tests at its end: only out of such a loop V8 moves what stays the same.
      do {
        if (dy + 64 > last) { dx -= dy + 64 - last; dy = last - 64; }
        if (inBytes) scatterSixteen(dy, argmaxOffset, dx, bytes, rowBytes);
        else {
          route(v128.load(dy), v128.load(dy + argmaxOffset), dx, bytes, rowBytes, 1);
          route(v128.load(dy, 16), v128.load(dy + argmaxOffset, 16), dx + 16, bytes, rowBytes, 1);
          route(v128.load(dy, 32), v128.load(dy + argmaxOffset, 32), dx + 32, bytes, rowBytes, 1);
          route(v128.load(dy, 48), v128.load(dy + argmaxOffset, 48), dx + 48, bytes, rowBytes, 1);
        }
        dy += 64; dx += 64;
      } while (dy < last);
    } else {
      for (; dy < last; dy += 16, dx += 16) {
        if (dy + 16 > last) { dx -= dy + 16 - last; dy = last - 16; }
        route(v128.load(dy), loadTaps(dy, argmaxOffset, inBytes), dx, bytes, rowBytes, 1);
      }
    }
  }
}

/** Each byte becomes four that are alike: one instruction for each doubling. */
@inline
function scatterSixteen(dy: usize, argmaxOffset: usize, dx: usize, right: usize, below: usize): void {
  const taps = loadSixteenBytes(dy, argmaxOffset);
  const low = v128.shuffle<i8>(taps, taps, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const high = v128.shuffle<i8>(taps, taps, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  route(v128.load(dy), v128.shuffle<i16>(low, low, 0, 8, 1, 9, 2, 10, 3, 11), dx, right, below, 0x01010101);
  route(v128.load(dy, 16), v128.shuffle<i16>(low, low, 4, 12, 5, 13, 6, 14, 7, 15), dx + 16, right, below, 0x01010101);
  route(v128.load(dy, 32), v128.shuffle<i16>(high, high, 0, 8, 1, 9, 2, 10, 3, 11), dx + 32, right, below, 0x01010101);
  route(v128.load(dy, 48), v128.shuffle<i16>(high, high, 4, 12, 5, 13, 6, 14, 7, 15), dx + 48, right, below, 0x01010101);
}

/** `one`: what the number 1 looks like. */
@inline
function route(value: v128, argmax: v128, dx: usize, right: usize, below: usize, one: i32): void {
  v128.store(dx, v128.and(value, i32x4.eq(argmax, i32x4.splat(0))));
  v128.store(dx + right, v128.and(value, i32x4.eq(argmax, i32x4.splat(one))));
  v128.store(dx + below, v128.and(value, i32x4.eq(argmax, i32x4.splat(2 * one))));
  v128.store(dx + below + right, v128.and(value, i32x4.eq(argmax, i32x4.splat(3 * one))));
}
