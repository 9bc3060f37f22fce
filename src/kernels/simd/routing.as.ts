// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx and x, argmax -> y. Both go through the real taps of a window and compare their numbers
 * with the argmax, four channels at a time; an argmax that names no real tap equals none, so whatever it
 * is, nothing outside the window is touched.
 */
import {
  batch, channels, dCount, dDilation, dFirst, dInput, dOutput, dPad, dStart, dStride, dWindow, endTap, enterRow,
  firstRowOffset, firstTap, hCount, hDilation, hFirst, hInput, hOutput, hPad, hStart, hStep, hStride, hWindow,
  outputRowBytes, pixel, planeSkip, wDilation, windowsOfLastVector, wInput, wOutput, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { loadLanes, storeLanes, sum } from './lanes.as';

/** Adds to dx or, where no two windows share an element, writes to it. */
@inline
function scatterRow<T>(from: usize, dy: usize, argmaxOffset: usize, adds: bool): void {
  const rowStep = hStep, columnStep = wStep, skip = planeSkip(), rows = hCount, planes = dCount;
  const origin = from + firstRowOffset();
  const one = i32x4.splat(1);
  for (let ow = 0; ow < wOutput; ow++) {
    const start = ow * wStride - wPad;
    const first = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - first;
    const firstNumber = i32x4.splat((dFirst * hWindow + hFirst) * wWindow + first);
    const rowNumbers = i32x4.splat(wWindow - columns), planeNumbers = i32x4.splat((hWindow - rows) * wWindow);
    let tap = origin + <usize>start * pixel + <usize>first * columnStep;
    let left = channels;
    for (; left >= 16; left -= 16, dy += 64, tap += 64) {
      const g0 = v128.load(dy), g1 = v128.load(dy, 16), g2 = v128.load(dy, 32), g3 = v128.load(dy, 48);
      const at = dy + argmaxOffset;
      const a0 = v128.load(at), a1 = v128.load(at, 16), a2 = v128.load(at, 32), a3 = v128.load(at, 48);
      let row = tap, number = firstNumber;
      for (let d = planes; d > 0; d--, row += skip, number = i32x4.add(number, planeNumbers)) {
        for (let h = rows; h > 0; h--, row += rowStep, number = i32x4.add(number, rowNumbers)) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep, number = i32x4.add(number, one)) {
            const r0 = v128.and(g0, i32x4.eq(a0, number)), r1 = v128.and(g1, i32x4.eq(a1, number));
            const r2 = v128.and(g2, i32x4.eq(a2, number)), r3 = v128.and(g3, i32x4.eq(a3, number));
            v128.store(p, adds ? sum<T>(v128.load(p), r0) : r0);
            v128.store(p, adds ? sum<T>(v128.load(p, 16), r1) : r1, 16);
            v128.store(p, adds ? sum<T>(v128.load(p, 32), r2) : r2, 32);
            v128.store(p, adds ? sum<T>(v128.load(p, 48), r3) : r3, 48);
          }
        }
      }
    }
    for (; left >= 4; left -= 4, dy += 16, tap += 16) {
      const gradient = v128.load(dy), argmax = v128.load(dy + argmaxOffset);
      let row = tap, number = firstNumber;
      for (let d = planes; d > 0; d--, row += skip, number = i32x4.add(number, planeNumbers)) {
        for (let h = rows; h > 0; h--, row += rowStep, number = i32x4.add(number, rowNumbers)) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep, number = i32x4.add(number, one)) {
            const routed = v128.and(gradient, i32x4.eq(argmax, number));
            v128.store(p, adds ? sum<T>(v128.load(p), routed) : routed);
          }
        }
      }
    }
    if (left > 0) {
      const gradient = loadLanes(dy, left), argmax = loadLanes(dy + argmaxOffset, left);
      // Lanes that are left over write, or add, zeros to elements that are still to be written.
      const lanes = ow < wOutput - windowsOfLastVector() && channels < 4 ? 4 : left;
      let row = tap, number = firstNumber;
      for (let d = planes; d > 0; d--, row += skip, number = i32x4.add(number, planeNumbers)) {
        for (let h = rows; h > 0; h--, row += rowStep, number = i32x4.add(number, rowNumbers)) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep, number = i32x4.add(number, one)) {
            const routed = v128.and(gradient, i32x4.eq(argmax, number));
            storeLanes(p, adds ? sum<T>(loadLanes(p, lanes), routed) : routed, lanes);
          }
        }
      }
      dy += <usize>left * 4;
    }
  }
}

function writeRow(from: usize, dy: usize, argmaxOffset: usize): void {
  scatterRow<i32>(from, dy, argmaxOffset, false);
}

function addRow<T>(from: usize, dy: usize, argmaxOffset: usize): void {
  scatterRow<T>(from, dy, argmaxOffset, true);
}

/**
 * dx may hold garbage, but for its first `kept` bytes, which hold the sums of windows before. It is zeroed row
 * by row, just before its first window, while it is in the cache.
 */
export function scatter(dy: usize, argmax: usize, dx: usize, isFloat: bool, kept: usize): void {
  const argmaxOffset = argmax - dy;
  const adds = kept > 0 || overlaps(dOutput, dWindow, dStride, dDilation) || overlaps(hOutput, hWindow, hStride, hDilation) ||
    overlaps(wOutput, wWindow, wStride, wDilation);
  const covered = !adds && covers(dInput, dOutput, dWindow, dStride, dDilation, dPad) &&
    covers(hInput, hOutput, hWindow, hStride, hDilation, hPad) &&
    covers(wInput, wOutput, wWindow, wStride, wDilation, wPad);
  const rowBytes = <usize>wInput * pixel;
  for (let b = 0; b < batch; b++) {
    const end = dx + <usize>(dInput * hInput) * rowBytes;
    let clean = covered ? end : dx + kept;
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, dy += outputRowBytes()) {
        const from = enterRow(dx, 0, od, oh);
        const lastPlane = dStart + (dFirst + dCount - 1) * dDilation;
        const lastRow = hStart + (hFirst + hCount - 1) * hDilation;
        clean = zeroUntil(clean, dx + <usize>(lastPlane * hInput + lastRow + 1) * rowBytes);
        if (!adds) writeRow(from, dy, argmaxOffset);
        else if (isFloat) addRow<f32>(from, dy, argmaxOffset);
        else addRow<i32>(from, dy, argmaxOffset);
      }
    }
    zeroUntil(clean, end);
    dx = end;
    kept = 0;
  }
}

function overlaps(output: i32, window: i32, stride: i32, dilation: i32): bool {
  return output > 1 && stride <= (window - 1) * dilation;
}

/** Whether windows that don't overlap leave no gap and no margin. */
function covers(input: i32, output: i32, window: i32, stride: i32, dilation: i32, pad: i32): bool {
  return (output == 1 || window == stride) && (window == 1 || dilation == 1) &&
    (output - 1) * stride + window - pad >= input;
}

function zeroUntil(clean: usize, end: usize): usize {
  if (end <= clean) return clean;
  memory.fill(clean, 0, end - clean);
  return end;
}

function gatherRow(from: usize, y: usize, argmaxOffset: usize): void {
  const rowStep = hStep, columnStep = wStep, skip = planeSkip(), rows = hCount, planes = dCount;
  const origin = from + firstRowOffset();
  const one = i32x4.splat(1);
  for (let ow = 0; ow < wOutput; ow++) {
    const start = ow * wStride - wPad;
    const first = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - first;
    const firstNumber = i32x4.splat((dFirst * hWindow + hFirst) * wWindow + first);
    const rowNumbers = i32x4.splat(wWindow - columns), planeNumbers = i32x4.splat((hWindow - rows) * wWindow);
    let tap = origin + <usize>start * pixel + <usize>first * columnStep;
    for (let left = channels; left > 0; left -= 4, tap += 16) {
      const argmax = loadLanes(y + argmaxOffset, left);
      let value = i32x4.splat(0);
      let row = tap, number = firstNumber;
      for (let d = planes; d > 0; d--, row += skip, number = i32x4.add(number, planeNumbers)) {
        for (let h = rows; h > 0; h--, row += rowStep, number = i32x4.add(number, rowNumbers)) {
          let p = row;
          for (let w = columns; w > 0; w--, p += columnStep, number = i32x4.add(number, one)) {
            value = v128.or(value, v128.and(loadLanes(p, left), i32x4.eq(argmax, number)));
          }
        }
      }
      storeLanes(y, value, left);
      y += <usize>min(left, 4) * 4;
    }
  }
}

export function gather(x: usize, argmax: usize, y: usize): void {
  const argmaxOffset = argmax - y;
  for (let b = 0; b < batch; b++) {
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) gatherRow(enterRow(x, b, od, oh), y, argmaxOffset);
    }
  }
}
