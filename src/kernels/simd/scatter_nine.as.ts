// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx for windows of 3x3 with strides of 2 on a plane, float32, from four channels on. Each element of dx adds up what the
 * windows over it give, in the order of the outputs, and is written once: dx may hold garbage. Two rows and two columns are done at a
 * time, from the start of a window on: four windows lie over the first element, two over the next and the one below, one over the last.
 */
import {
  batch, channels, dInput, dOutput, dPad, dWindow, fitted, hDilation, hInput, hOutput, hPad, hStride, hWindow, pixel, wDilation, wInput, wOutput, wPad,
  wStride, wWindow,
} from './geometry.as';
import { isInBytes, loadTapLanes, loadTaps } from './kept_taps.as';
import { loadLanes, storeLanes } from './lanes.as';

/** Whether the geometry is of this kind. */
export function isScatteredByNines(): bool {
  return !fitted && channels >= 4 && dInput == 1 && dOutput == 1 && dWindow == 1 && dPad == 0 && hWindow == 3 && wWindow == 3 &&
    hDilation == 1 && wDilation == 1 && hStride == 2 && wStride == 2;
}

export function scatterByNines(dy: usize, argmaxOffset: usize, dx: usize): void {
  const bytes = pixel, rowBytes = <usize>wInput * bytes, outputBytes = <usize>wOutput * bytes;
  const top = firstBlock(hInput, hPad), left = firstBlock(wInput, wPad);
  const bottom = endOfBlocks(top, hInput, hOutput, hPad), right = endOfBlocks(left, wInput, wOutput, wPad);
  for (let b = batch; b > 0; b--, dx += <usize>hInput * rowBytes, dy += <usize>hOutput * outputBytes) {
    for (let row = 0; row < hInput; row++) {
      const to = dx + <usize>row * rowBytes;
      if (row < top || row >= bottom) {
        elements(dy, argmaxOffset, to, row, 0, wInput);
        continue;
      }
      elements(dy, argmaxOffset, to, row, 0, left);
      elements(dy, argmaxOffset, to, row, right, wInput);
      if ((row - top) & 1) continue;
      const first = dy + <usize>((row + hPad) / 2 - 1) * outputBytes + <usize>((left + wPad) / 2 - 1) * bytes, count = (right - left) / 2;
      if (isInBytes(argmaxOffset)) blocks(first, argmaxOffset, to + <usize>left * bytes, count, outputBytes, rowBytes, true);
      else blocks(first, argmaxOffset, to + <usize>left * bytes, count, outputBytes, rowBytes, false);
    }
  }
}

/** The first position where a window starts and another one ends, or the end. */
@inline
function firstBlock(input: i32, pad: i32): i32 {
  return min(input, max(2 - pad, pad & 1));
}

/** Where the last two positions end that all windows which can lie over them do lie over. */
@inline
function endOfBlocks(begin: i32, input: i32, output: i32, pad: i32): i32 {
  return min(input, begin + (max(0, min(2 * output - pad, input) - begin) & ~1));
}

/** Blocks side by side. `dy` is at the first window over the first of them. */
@inline
function blocks(dy: usize, argmaxOffset: usize, dx: usize, count: i32, outputBytes: usize, rowBytes: usize, inBytes: bool): void {
  const bytes = pixel;
  for (; count > 0; count--, dx += bytes) {
    const last = dx + bytes;
    // The loops test at their end: only out of such a loop V8 moves what stays the same.
    if (inBytes && bytes >= 32) {
      do {
        if (dx + 32 > last) { dy -= dx + 32 - last; dx = last - 32; }
        blockOfEight(dy, (dy >> 2) + argmaxOffset, dx, bytes, outputBytes, rowBytes);
        dx += 32; dy += 32;
      } while (dx < last);
      continue;
    }
    do {
      if (dx + 16 > last) { dy -= dx + 16 - last; dx = last - 16; }
      const below = dy + outputBytes;
      const a = v128.load(dy), b = v128.load(dy + bytes), c = v128.load(below), d = v128.load(below + bytes);
      const ofA = loadTaps(dy, argmaxOffset, inBytes), ofB = loadTaps(dy + bytes, argmaxOffset, inBytes);
      const ofC = loadTaps(below, argmaxOffset, inBytes), ofD = loadTaps(below + bytes, argmaxOffset, inBytes);
      const upper = f32x4.add(given(a, ofA, 8), given(b, ofB, 6));
      v128.store(dx, f32x4.add(f32x4.add(upper, given(c, ofC, 2)), given(d, ofD, 0)));
      v128.store(dx + bytes, f32x4.add(given(b, ofB, 7), given(d, ofD, 1)));
      v128.store(dx + rowBytes, f32x4.add(given(c, ofC, 5), given(d, ofD, 3)));
      v128.store(dx + rowBytes + bytes, given(d, ofD, 4));
      dx += 16; dy += 16;
    } while (dx < last);
  }
}

/** What windows give to their tap of this number. */
@inline
function given(value: v128, argmax: v128, number: i32): v128 {
  return v128.and(value, i32x4.eq(argmax, i32x4.splat(number)));
}

/** Two vectors: the masks of both fit into one. `at` is where the bytes of an argmax are, but for three. */
@inline
function blockOfEight(dy: usize, at: usize, dx: usize, right: usize, outputBytes: usize, rowBytes: usize): void {
  const below = dy + outputBytes, belowAt = at + (outputBytes >> 2), under = dx + rowBytes;
  const a = v128.load(dy), b = v128.load(dy + right), c = v128.load(below), d = v128.load(below + right);
  const e = v128.load(dy, 16), f = v128.load(dy + right, 16), g = v128.load(below, 16), h = v128.load(below + right, 16);
  const ofA = v128.load8x8_u(at, 3), ofB = v128.load8x8_u(at + (right >> 2), 3);
  const ofC = v128.load8x8_u(belowAt, 3), ofD = v128.load8x8_u(belowAt + (right >> 2), 3);
  const a8 = named(ofA, 8), b6 = named(ofB, 6), c2 = named(ofC, 2), d0 = named(ofD, 0);
  v128.store(dx, f32x4.add(f32x4.add(f32x4.add(low(a, a8), low(b, b6)), low(c, c2)), low(d, d0)));
  v128.store(dx, f32x4.add(f32x4.add(f32x4.add(high(e, a8), high(f, b6)), high(g, c2)), high(h, d0)), 16);
  const b7 = named(ofB, 7), d1 = named(ofD, 1);
  v128.store(dx + right, f32x4.add(low(b, b7), low(d, d1)));
  v128.store(dx + right, f32x4.add(high(f, b7), high(h, d1)), 16);
  const c5 = named(ofC, 5), d3 = named(ofD, 3);
  v128.store(under, f32x4.add(low(c, c5), low(d, d3)));
  v128.store(under, f32x4.add(high(g, c5), high(h, d3)), 16);
  const d4 = named(ofD, 4);
  v128.store(under + right, low(d, d4));
  v128.store(under + right, high(h, d4), 16);
}

@inline
function named(taps: v128, number: i32): v128 {
  return i16x8.eq(taps, i32x4.splat(number * 0x10001));
}

/** The value where the first four words of a mask are set. */
@inline
function low(value: v128, mask: v128): v128 {
  return v128.and(value, v128.shuffle<i16>(mask, mask, 0, 8, 1, 9, 2, 10, 3, 11));
}

/** Where the last four are. */
@inline
function high(value: v128, mask: v128): v128 {
  return v128.and(value, v128.shuffle<i16>(mask, mask, 4, 12, 5, 13, 6, 14, 7, 15));
}

/** The columns [begin, end) of a row of dx, `to`, whatever lies over them. */
function elements(dy: usize, argmaxOffset: usize, to: usize, row: i32, begin: i32, end: i32): void {
  const bytes = pixel, outputs = wOutput, y = row + hPad;
  const top = y < 3 ? 0 : (y - 1) / 2, bottom = min(hOutput - 1, y / 2);
  to += <usize>begin * bytes;
  for (let column = begin; column < end; column++, to += bytes) {
    const x = column + wPad, left = x < 3 ? 0 : (x - 1) / 2, right = min(outputs - 1, x / 2);
    if (top > bottom || left > right) memory.fill(to, 0, bytes);
    for (let oh = top; oh <= bottom; oh++) {
      for (let ow = left; ow <= right; ow++) {
        const number = 3 * (y - 2 * oh) + x - 2 * ow, isFirst = oh == top && ow == left;
        addWindow(dy + <usize>(oh * outputs + ow) * bytes, argmaxOffset, to, i32x4.splat(number), i32x4.splat(isFirst ? 0 : -1));
      }
    }
  }
}

/** Adds what a window gives to what it keeps of dx: all of it, or nothing. */
function addWindow(dy: usize, argmaxOffset: usize, to: usize, number: v128, kept: v128): void {
  let left = channels;
  if (isInBytes(argmaxOffset)) {
    for (; left >= 8; left -= 8, to += 32, dy += 32) {
      const isNamed = i16x8.eq(v128.load8x8_u((dy >> 2) + argmaxOffset, 3), i16x8.narrow_i32x4_s(number, number));
      v128.store(to, f32x4.add(v128.and(v128.load(to), kept), low(v128.load(dy), isNamed)));
      v128.store(to, f32x4.add(v128.and(v128.load(to, 16), kept), high(v128.load(dy, 16), isNamed)), 16);
    }
  } else {
    for (; left >= 4; left -= 4, to += 16, dy += 16) {
      const given = v128.and(v128.load(dy), i32x4.eq(v128.load(dy + argmaxOffset), number));
      v128.store(to, f32x4.add(v128.and(v128.load(to), kept), given));
    }
  }
  for (; left > 0; left -= 4, to += 16, dy += 16) {
    const given = v128.and(loadLanes(dy, left), i32x4.eq(loadTapLanes(dy, argmaxOffset, left), number));
    storeLanes(to, f32x4.add(v128.and(loadLanes(to, left), kept), given), left);
  }
}
