// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx. Goes through the real taps of a window and compares their numbers with the argmax; an
 * argmax that names no real tap equals none, so whatever it is, nothing outside the window is touched.
 */
import {
  batch, channels, dCount, dDilation, dFirst, dInput, dOutput, dPad, dStart, dStride, dWindow, endOfRoomy, endTap, enterRow, enterWindow,
  firstRowOffset, firstTap, fitted, hCount, hDilation, hFirst, hInput, hOutput, hPad, hStart, hStep, hStride, hWindow,
  imageBytes, outputImageBytes, outputRowBytes, pixel, planeSkip, wDilation, wInput, wOutput, wPad, wPer, wStep, wStride, wWindow,
} from './geometry.as';
import { routeFitted, routesFitted } from './fitted_route.as';
import { isInBytes, loadSixteenBytes, loadTapLanes, tapsOffset } from './kept_taps.as';
import { loadLanes, storeLanes, sum } from './lanes.as';
import { routesRows, scatterRowOfOne, writeRowOfOne, writesRows } from './route_one_channel.as';
import { imagesAtOnce, routeRow } from './windows_one_channel.as';
import { isScatteredByNines, scatterByNines } from './scatter_nine.as';
import { isScatteredByTwoRows, scatterByTwoRows } from './scatter_three_by_two.as';
import { isScatteredByThrees, scatterByThrees } from './scatter_three_of_one.as';
import { isScatteredByTwos, scatterByTwos } from './scatter_two_by_two.as';

/**
 * dx may hold garbage, but for its first `kept` bytes, which hold the sums of windows before. It is zeroed row
 * by row, just before its first window, while it is in the cache; or not at all, if windows write all of it. Where windows
 * overlap, they add up, or with `writes` each writes over those before.
 */
export function scatter(dy: usize, argmax: usize, dx: usize, isFloat: bool, writes: bool, kept: usize, inBytes: bool): void {
  const argmaxOffset = tapsOffset(argmax, dy, inBytes);
  if (kept == 0 && isScatteredByTwos()) return scatterByTwos(dy, argmaxOffset, dx);
  if (kept == 0 && isFloat && !writes && isScatteredByNines()) return scatterByNines(dy, argmaxOffset, dx);
  if (kept == 0 && isFloat && !writes && isScatteredByThrees()) return scatterByThrees(dy, argmaxOffset, dx);
  if (kept == 0 && isFloat && !writes && isScatteredByTwoRows()) return scatterByTwoRows(dy, argmaxOffset, dx);
  if (kept == 0 && isFloat && !writes && routesFitted()) return routeFitted(dy, argmaxOffset, dx);
  const adds = fitted || kept > 0 || overlaps(dOutput, dWindow, dStride, dDilation) ||
    overlaps(hOutput, hWindow, hStride, hDilation) || overlaps(wOutput, wWindow, wStride, wDilation);
  const covered = !adds && covers(dInput, dOutput, dWindow, dStride, dDilation, dPad) &&
    covers(hInput, hOutput, hWindow, hStride, hDilation, hPad) &&
    covers(wInput, wOutput, wWindow, wStride, wDilation, wPad);
  const rowBytes = <usize>wInput * pixel;
  const overwrites = adds && writes, byRows = adds && !writes && isFloat && routesRows(), bySides = !adds && writesRows();
  for (let left = batch; left > 0;) {
    const images = channels == 1 && !byRows && !bySides && kept == 0 ? imagesAtOnce(left) : 1, end = dx + <usize>images * imageBytes();
    let clean = covered && (channels > 1 || bySides) ? end : dx + kept;
    if (images > 1) clean = zeroUntil(clean, end, end);
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, dy += outputRowBytes()) {
        const from = enterRow(dx, 0, od, oh);
        const lastPlane = dStart + (dFirst + dCount - 1) * dDilation;
        const lastRow = hStart + (hFirst + hCount - 1) * hDilation;
        clean = zeroUntil(clean, dx + <usize>(lastPlane * hInput + lastRow + 1) * rowBytes, end);
        if (byRows) scatterRowOfOne(from, dy, argmaxOffset);
        else if (bySides) writeRowOfOne(from, dy, argmaxOffset);
        else if (channels == 1 && isFloat) routeRow<f32>(from, dy, argmaxOffset, images, adds && !writes);
        else if (channels == 1) routeRow<i32>(from, dy, argmaxOffset, images, adds && !writes);
        else if (!adds) writeRow(from, dy, argmaxOffset);
        else if (overwrites) overwriteRow(from, dy, argmaxOffset);
        else if (!wPer) addOutputs(from, dy, argmaxOffset, wOutput, isFloat);
        else {
          for (let ow = 0; ow < wOutput; ow++) {
            enterWindow(ow);
            addOutputs(from, dy + <usize>ow * pixel, argmaxOffset, 1, isFloat);
          }
        }
      }
    }
    zeroUntil(clean, end, end);
    dx = end;
    dy += <usize>(images - 1) * outputImageBytes();
    left -= images;
    kept = 0;
  }
}

export function overlaps(output: i32, window: i32, stride: i32, dilation: i32): bool {
  return output > 1 && stride <= (window - 1) * dilation;
}

/** Whether windows that don't overlap leave no gap and no margin. */
export function covers(input: i32, output: i32, window: i32, stride: i32, dilation: i32, pad: i32): bool {
  return (output == 1 || window == stride) && (window == 1 || dilation == 1) &&
    (output - 1) * stride + window - pad >= input;
}

/** Zeroes dx from `clean` until `needed`, and as far beyond it, if not beyond `end`, as is worth a call. */
export function zeroUntil(clean: usize, needed: usize, end: usize): usize {
  if (needed <= clean) return clean;
  const until = max(needed, min(end, clean + PIECE_BYTES));
  memory.fill(clean, 0, until - clean);
  return until;
}

const PIECE_BYTES: usize = 8192;

function writeRow(from: usize, dy: usize, argmaxOffset: usize): void {
  scatterRow<i32>(from, dy, argmaxOffset, wOutput, false, false);
}

/** Windows that are fitted to the outputs never write. */
function overwriteRow(from: usize, dy: usize, argmaxOffset: usize): void {
  scatterRow<i32>(from, dy, argmaxOffset, wOutput, true, true);
}

@inline
function addOutputs(from: usize, dy: usize, argmaxOffset: usize, outputs: i32, isFloat: bool): void {
  if (isFloat) addRow<f32>(from, dy, argmaxOffset, outputs);
  else addRow<i32>(from, dy, argmaxOffset, outputs);
}

function addRow<T>(from: usize, dy: usize, argmaxOffset: usize, outputs: i32): void {
  scatterRow<T>(from, dy, argmaxOffset, outputs, true, false);
}

/** A row of windows. `adds`: to what other windows have added, or (`writes`) over it; otherwise no two windows share an element. */
@inline
function scatterRow<T>(from: usize, dy: usize, argmaxOffset: usize, outputs: i32, adds: bool, writes: bool): void {
  const origin = from + firstRowOffset();
  const planeNumbers = i32x4.splat((hWindow - hCount) * wWindow);
  const firstRowNumber = (dFirst * hWindow + hFirst) * wWindow;
  // Zeros in the lanes left over may be added, but not written over what is there.
  const roomy = channels < 4 && !writes ? endOfRoomy(outputs) : 0;
  for (let ow = 0; ow < outputs; ow++) {
    const start = ow * wStride - wPad;
    const firstColumn = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - firstColumn;
    const number = i32x4.splat(firstRowNumber + firstColumn), rowNumbers = i32x4.splat(wWindow - columns);
    let tap = origin + <usize>start * pixel + <usize>firstColumn * wStep;
    let left = channels;
    for (; left >= 16; left -= 16, dy += 64, tap += 64) {
      scatterOf<T>(tap, dy, argmaxOffset, number, rowNumbers, planeNumbers, columns, adds, 4, 4, 4, writes);
    }
    for (; left >= 4; left -= 4, dy += 16, tap += 16) {
      scatterOf<T>(tap, dy, argmaxOffset, number, rowNumbers, planeNumbers, columns, adds, 1, 4, 4, writes);
    }
    if (left > 0) {
      scatterOf<T>(tap, dy, argmaxOffset, number, rowNumbers, planeNumbers, columns, adds, 1, left, ow < roomy ? 4 : left, writes);
      dy += <usize>left * 4;
    }
  }
}

/**
 * One or four vectors of a window, whose first real tap is at `tap` and has this number. Of a single vector, `lanes`
 * lanes are routed and `touched` lanes of dx are written: those left over write, or add, zeros.
 */
@inline
function scatterOf<T>(
  tap: usize, dy: usize, argmaxOffset: usize, number: v128, rowNumbers: v128, planeNumbers: v128, columns: i32, adds: bool, vectors: i32, lanes: i32, touched: i32,
  writes: bool,
): void {
  const rows = hCount, columnStep = wStep, rowStep = hStep, skip = planeSkip(), one = i32x4.splat(1);
  const g0 = loadLanes(dy, lanes);
  let g1 = g0, g2 = g0, g3 = g0, a0 = g0, a1 = g0, a2 = g0, a3 = g0;
  if (vectors == 4) {
    g1 = v128.load(dy, 16); g2 = v128.load(dy, 32); g3 = v128.load(dy, 48);
    if (isInBytes(argmaxOffset)) {
      const bytes = loadSixteenBytes(dy, argmaxOffset), low = i16x8.extend_low_i8x16_u(bytes), high = i16x8.extend_high_i8x16_u(bytes);
      a0 = i32x4.extend_low_i16x8_u(low); a1 = i32x4.extend_high_i16x8_u(low);
      a2 = i32x4.extend_low_i16x8_u(high); a3 = i32x4.extend_high_i16x8_u(high);
    } else {
      const at = dy + argmaxOffset;
      a0 = v128.load(at); a1 = v128.load(at, 16); a2 = v128.load(at, 32); a3 = v128.load(at, 48);
    }
  } else a0 = loadTapLanes(dy, argmaxOffset, touched);
  for (let d = dCount; d > 0; d--) {
    for (let h = rows; h > 0; h--) {
      let p = tap;
      for (let w = columns; w > 0; w--) {
        const r0 = i32x4.eq(a0, number);
        storeLanes(p, given<T>(adds ? loadLanes(p, touched) : g0, g0, r0, adds, writes), touched);
        if (vectors == 4) {
          const r1 = i32x4.eq(a1, number), r2 = i32x4.eq(a2, number), r3 = i32x4.eq(a3, number);
          v128.store(p, given<T>(adds ? v128.load(p, 16) : g1, g1, r1, adds, writes), 16);
          v128.store(p, given<T>(adds ? v128.load(p, 32) : g2, g2, r2, adds, writes), 32);
          v128.store(p, given<T>(adds ? v128.load(p, 48) : g3, g3, r3, adds, writes), 48);
        }
        number = i32x4.add(number, one);
        p += columnStep;
      }
      number = i32x4.add(number, rowNumbers);
      tap += rowStep;
    }
    number = i32x4.add(number, planeNumbers);
    tap += skip;
  }
}

/** What becomes of `before` where a window gives `value` to the elements that `isNamed` has. */
@inline
function given<T>(before: v128, value: v128, isNamed: v128, adds: bool, writes: bool): v128 {
  if (writes) return v128.bitselect(value, before, isNamed);
  const gift = v128.and(value, isNamed);
  return adds ? sum<T>(before, gift) : gift;
}
