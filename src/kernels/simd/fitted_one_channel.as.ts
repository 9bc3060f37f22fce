// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y and, where asked for, argmax, or averages, for images of one channel and windows that are fitted to the outputs, two to four
 * columns wide (maxima alone: up to eight): four neighbouring windows of a row at a time, downwards through a tile. Four columns of a row
 * of x are loaded from each window's start on, and then turned into four vectors of one column each; columns that a narrower window lacks
 * are masked. A row of x that two rows of windows share is read once.
 */
import { countsTaps, rowCells } from './divisor.as';
import { enterFour, firstColumn, fourth, fourWidths, second, third } from './fitted_columns.as';
import {
  columnOffset, columnRest, columnStep, columnWhole, isTiled, perColumn, perRow, restOfRow, rowRest, rowWhole, setTiles, tileImages, tileRows,
} from './fitted_tiles.as';
import {
  batch, dCount, dInput, dOutput, dStart, dStep, enterRow, enterWindow, hCount, hOutput, hStart, hStep, imageBytes, outputImageBytes,
  outputRowBytes, wInput, wOutput, wPer,
} from './geometry.as';
import { loadTaps, storeTaps } from './kept_taps.as';
import { greater, highest, larger, lowest, smaller, zip } from './lanes.as';
import { exactRow } from './max_exact.as';
import { hasNan } from './nan.as';
import { averageWindows, maxWindows } from './windows_one_channel.as';

/** Whether the geometry is of this kind. Of `maxima` alone, of f32, windows may have eight columns. */
export function readsTiles(maxima: bool): bool {
  if (!isTiled() || wOutput < 4) return false;
  const least = columnWhole + <i32>(columnRest > 0), most = least + <i32>(columnRest > 0);
  isWide = most > 4;
  return least > 1 && (!isWide || maxima && least >= 4 && most <= 8);
}

/** Windows of more than four columns. */
let isWide: bool = false;

export function maxTiles<T>(x: usize, y: usize, argmaxOffset: usize, ignoreNan: bool): void {
  poolTiles<T>(x, y, argmaxOffset, ignoreNan, false);
}
export function averageTiles(x: usize, y: usize): void {
  poolTiles<f32>(x, y, 0, false, true);
}

/** Bytes from one image to the next. An engine would compute a local anew for each. */
let apart: usize = 0;
let apartInY: usize = 0;

@inline
function poolTiles<T>(x: usize, y: usize, argmaxOffset: usize, ignoreNan: bool, averages: bool): void {
  setTiles(1);
  apart = imageBytes();
  apartInY = outputImageBytes();
  for (let left = batch, images = 0; left > 0; left -= images) {
    images = min(left, tileImages);
    let to = y;
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh += tileRows) {
        const end = min(hOutput, oh + tileRows);
        enterRow(x, 0, od, end - 1);
        const endRow = hStart + hCount, from = enterRow(x, 0, od, oh), rows = endRow - hStart;
        // After the last row of x there is nothing to be read.
        const isLast = left == images && dStart + dCount == dInput && end == hOutput;
        // Small images are read in order anyway.
        const bytes = images == 1 ? <usize>rows * hStep : 0;
        aheadBegin = from + bytes;
        aheadEnd = min(x + <usize>left * apart, aheadBegin + bytes);
        aheadStep = bytes / <usize>((wOutput + 3) >> 2) + 1;
        const isSuspect = mayHaveNan<T>(from, rows, images);
        if (isFloat<T>() && isWide) wideValues(from, to, oh, end, images);
        else if (averages) averagesOf(from, to, oh, end, images, isLast);
        else if (argmaxOffset) argmaxOf<T>(from, to, argmaxOffset, oh, end, images, isLast);
        else valuesOf<T>(from, to, oh, end, images, isLast);
        if (isFloat<T>() && isSuspect && !averages) exactTile(x, to, argmaxOffset, od, oh, end, rows, images, ignoreNan);
        to += <usize>(end - oh) * outputRowBytes();
        if (!isLast || isWide) continue;
        const lastImage = <usize>(images - 1);
        lastOutputs<T>(
          enterRow(x, 0, od, end - 1) + lastImage * apart, to - outputRowBytes() + lastImage * apartInY, argmaxOffset, ignoreNan, averages);
      }
    }
    x += <usize>images * apart;
    y += <usize>images * apartInY;
  }
}

/** The bytes of x after a tile. `aheadStep` of them are read with each four windows, only to have them in the cache. */
let aheadBegin: usize = 0;
let aheadEnd: usize = 0;
let aheadStep: usize = 0;
let touched: i32 = 0;

/** This also brings a tile into the cache, in order. */
function mayHaveNan<T>(from: usize, rows: i32, images: i32): bool {
  let bytes = <usize>rows * hStep, planes = dCount;
  if (bytes == dStep) {
    bytes *= planes;
    planes = 1;
  }
  if (bytes == apart) {
    bytes *= images;
    images = 1;
  }
  let found = false;
  for (; images > 0; images--, from += apart) {
    for (let d = 0; d < planes; d++) {
      const plane = from + <usize>d * dStep;
      if (hasNan<T>(plane, plane + bytes)) found = true;
    }
  }
  return found;
}

/** By every rule, in those images that have a NaN. */
function exactTile(
  x: usize, y: usize, argmaxOffset: usize, od: i32, oh: i32, end: i32, rows: i32, images: i32, ignoreNan: bool,
): void {
  for (; images > 0; images--, x += apart, y += apartInY) {
    if (!mayHaveNan<f32>(enterRow(x, 0, od, oh), rows, 1)) continue;
    for (let row = oh; row < end; row++) {
      maxWindows(enterRow(x, 0, od, row), y + <usize>(row - oh) * outputRowBytes(), argmaxOffset, 0, wOutput, 1, ignoreNan);
    }
  }
}

/** The last outputs of a row. */
function lastOutputs<T>(from: usize, y: usize, argmaxOffset: usize, ignoreNan: bool, averages: bool): void {
  const first = min(wOutput - 4, roomyOutputs() & ~3);
  for (let ow = 0; wPer && ow < first; ow++) enterWindow(ow);
  if (averages) averageWindows(from, y, first, 1);
  else if (isFloat<T>()) maxWindows(from, y, argmaxOffset, first, wOutput, 1, ignoreNan);
  else if (!wPer) exactRow<T>(from, y, argmaxOffset, first, wOutput, ignoreNan);
  else for (let ow = first; ow < wOutput; ow++) {
    enterWindow(ow);
    exactRow<T>(from, y, argmaxOffset, ow, ow + 1, ignoreNan);
  }
}

/** The outputs of a row that have four columns from their start on. */
function roomyOutputs(): i32 {
  return max(0, min(wOutput, <i32>((<i64>(wInput - 3) * perColumn - columnOffset + columnStep - 1) / columnStep)));
}

function valuesOf<T>(from: usize, y: usize, oh: i32, end: i32, images: i32, isLast: bool): void {
  tileOf<T>(from, y, 0, oh, end, images, isLast, false, false);
}
function argmaxOf<T>(from: usize, y: usize, argmaxOffset: usize, oh: i32, end: i32, images: i32, isLast: bool): void {
  tileOf<T>(from, y, argmaxOffset, oh, end, images, isLast, true, false);
}
function averagesOf(from: usize, y: usize, oh: i32, end: i32, images: i32, isLast: bool): void {
  tileOf<f32>(from, y, 0, oh, end, images, isLast, false, true);
}

/** As {@link tileOf}, for maxima of windows of four to eight columns: the first four and the last four of a row, whichever these share. */
function wideValues(from: usize, y: usize, oh: i32, end: i32, images: i32): void {
  const rowStep = hStep, planes = dCount, planeStep = dStep, outputs = wOutput, outputBytes = outputRowBytes();
  let rest = restOfRow(oh);
  for (let row = oh; row < end; row++, y += outputBytes) {
    rest += rowRest;
    let count = rowWhole;
    if (rest >= perRow) {
      rest -= perRow;
      count++;
    }
    const lines = count + <i32>(rest > 0);
    for (let group = 0; group < outputs; group += 4) {
      const ow = min(group, outputs - 4);
      enterFour(ow);
      const b = second, c = third, d = fourth, last = i32x4.shl(i32x4.sub(fourWidths, i32x4.splat(4)), 2);
      const a4 = <usize>i32x4.extract_lane(last, 0), b4 = b + <usize>i32x4.extract_lane(last, 1);
      const c4 = c + <usize>i32x4.extract_lane(last, 2), d4 = d + <usize>i32x4.extract_lane(last, 3);
      let top = from + (<usize>firstColumn << 2), to = y + (<usize>ow << 2), image = images;
      // Loops test at their ends: only out of such a loop V8 moves what stays the same.
      do {
        let m0 = lowest<f32>(), m1 = m0, m2 = m0, m3 = m0, atPlane = top, plane = planes;
        do {
          let p = atPlane, line = lines;
          do {
            m0 = larger<f32>(m0, larger<f32>(v128.load(p), v128.load(p + a4))); m1 = larger<f32>(m1, larger<f32>(v128.load(p + b), v128.load(p + b4)));
            m2 = larger<f32>(m2, larger<f32>(v128.load(p + c), v128.load(p + c4))); m3 = larger<f32>(m3, larger<f32>(v128.load(p + d), v128.load(p + d4)));
            p += rowStep;
          } while (--line > 0);
          atPlane += planeStep;
        } while (--plane > 0);
        const left = larger<f32>(zip(m0, m1, false), zip(m0, m1, true)), right = larger<f32>(zip(m2, m3, false), zip(m2, m3, true));
        v128.store(to, larger<f32>(v128.shuffle<i64>(left, right, 0, 2), v128.shuffle<i64>(left, right, 1, 3)));
        top += apart; to += apartInY;
      } while (--image > 0);
    }
    from += <usize>count * rowStep;
  }
}

/** A bit for each row of windows of a tile: whether the next row starts one more row of x later; whether both share a row. */
let longerBits: i32 = 0;
let sharingBits: i32 = 0;

function findRows(oh: i32, end: i32): void {
  let rest = restOfRow(oh);
  longerBits = 0;
  sharingBits = 0;
  for (let row = 0; row < end - oh; row++) {
    rest += rowRest;
    const isLonger = <i32>(rest >= perRow);
    if (isLonger) rest -= perRow;
    longerBits |= isLonger << row;
    sharingBits |= <i32>(rest > 0) << row;
  }
}

/** Rows [oh, end) of windows, plane by plane. `from` is column 0 in the row where the first ones start. */
@inline
function tileOf<T>(
  from: usize, y: usize, argmaxOffset: usize, oh: i32, end: i32, images: i32, isLast: bool, withArgmax: bool, averages: bool,
): void {
  const rowStep = hStep, outputs = wOutput, outputBytes = outputRowBytes(), whole = rowWhole;
  findRows(oh, end);
  const longerRows = longerBits, sharingRows = sharingBits, zero = i32x4.splat(0), none = averages ? zero : lowest<T>(), planes = dCount, planeStep = dStep;
  const counts = countsTaps(), cellsOfRow = counts ? rowCells() / hCount : rowCells(), roomy = isLast ? roomyOutputs() : outputs;
  let ahead = aheadBegin, seen = 0;
  for (let ow = 0; ow < outputs; ow += 4) {
    for (const until = min(aheadEnd, ahead + aheadStep); ahead < until; ahead += 64) seen |= load<i32>(ahead);
    ow = min(ow, outputs - 4);
    enterFour(ow);
    const b = second, c = third, d = fourth, widths = fourWidths;
    const cells = i32x4.mul(i32x4.splat(cellsOfRow), counts ? widths : i32x4.splat(1));
    const hasThird = i32x4.gt_s(widths, i32x4.splat(2)), hasFourth = i32x4.gt_s(widths, i32x4.splat(3));
    // Less than any, or greater than any.
    const mostThird = v128.bitselect(highest<T>(), none, hasThird);
    const mostFourth = v128.bitselect(highest<T>(), none, hasFourth);
    const mostOfLeft = v128.shuffle<i64>(mostThird, mostFourth, 0, 2), mostOfRight = v128.shuffle<i64>(mostThird, mostFourth, 1, 3);
    const isShort = ow + 4 > roomy;
    let atPlane = from + (<usize>firstColumn << 2), plane = 0;
    // Loops test at their ends: only out of such a loop V8 moves what stays the same.
    do {
      // y has what the planes before gave.
      const adds = plane > 0, isDone = plane + 1 == planes;
      let top = atPlane, left = y + (<usize>ow << 2), image = images;
      do {
        let p = top, to = left, longer = longerRows, sharing = sharingRows, shared = 0, row = end - oh - <i32>(isShort && image == 1);
        // A row of x, and what came of the rows before.
        let t0 = zero, t1 = zero, t2 = zero, t3 = zero, m0 = zero, m1 = zero, m2 = zero, m3 = zero, before = zero;
        if (row > 0) do {
          const count = whole + (longer & 1), shares = sharing & 1;
          longer >>= 1;
          sharing >>= 1;
          let line = count + shares - shared;
          // The last row of the windows above is also the first one of these.
          let best = adds ? v128.load(to) : none, argmax = zero, number = zero;
          if (withArgmax && adds) {
            argmax = loadTaps(to, argmaxOffset);
            number = i32x4.mul(widths, i32x4.splat(plane * (count + shares)));
          }
          if (averages) {
            if (shared) best = f32x4.add(f32x4.add(f32x4.add(f32x4.add(best, t0), t1), t2), t3);
          } else if (withArgmax) {
            if (shared) {
              argmax = i32x4.max_s(argmax, v128.and(greater<T>(m0, best), i32x4.sub(number, before)));
              number = i32x4.add(number, widths);
              best = larger<T>(best, m0);
            }
          } else if (shared) {
            m0 = t0; m1 = t1; m2 = t2; m3 = t3;
          } else {
            m0 = none; m1 = none; m2 = none; m3 = none;
          }
          do {
            const v0 = v128.load(p), v1 = v128.load(p + b), v2 = v128.load(p + c), v3 = v128.load(p + d);
            if (!averages && !withArgmax) {
              m0 = larger<T>(m0, v0); m1 = larger<T>(m1, v1); m2 = larger<T>(m2, v2); m3 = larger<T>(m3, v3);
              t0 = v0; t1 = v1; t2 = v2; t3 = v3;
              p += rowStep;
              continue;
            }
            const low0 = zip(v0, v1, false), low1 = zip(v2, v3, false), high0 = zip(v0, v1, true), high1 = zip(v2, v3, true);
            t0 = v128.shuffle<i64>(low0, low1, 0, 2); t1 = v128.shuffle<i64>(low0, low1, 1, 3);
            t2 = v128.shuffle<i64>(high0, high1, 0, 2); t3 = v128.shuffle<i64>(high0, high1, 1, 3);
            if (averages) {
              t2 = v128.and(t2, hasThird); t3 = v128.and(t3, hasFourth);
              best = f32x4.add(f32x4.add(f32x4.add(f32x4.add(best, t0), t1), t2), t3);
            } else {
              t2 = smaller<T>(mostThird, t2); t3 = smaller<T>(mostFourth, t3);
              const m01 = larger<T>(t0, t1), m23 = larger<T>(t2, t3);
              m0 = larger<T>(m01, m23);
              // How many columns, negative, are before the first that has the largest value.
              before = i32x4.min_s(greater<T>(t1, t0), v128.and(greater<T>(m23, m01), i32x4.sub(greater<T>(t3, t2), i32x4.splat(2))));
              argmax = i32x4.max_s(argmax, v128.and(greater<T>(m0, best), i32x4.sub(number, before)));
              number = i32x4.add(number, widths);
              best = larger<T>(best, m0);
            }
            p += rowStep;
          } while (--line > 0);
          if (averages) {
            const divisor = f32x4.convert_i32x4_s(counts ? i32x4.mul(cells, i32x4.splat(count + shares)) : cells);
            v128.store(to, isDone ? f32x4.div(best, divisor) : best);
          } else if (withArgmax) {
            v128.store(to, best);
            storeTaps(to, argmaxOffset, argmax);
          } else {
            const left = larger<T>(zip(m0, m1, false), smaller<T>(mostOfLeft, zip(m0, m1, true)));
            const right = larger<T>(zip(m2, m3, false), smaller<T>(mostOfRight, zip(m2, m3, true)));
            const all = larger<T>(v128.shuffle<i64>(left, right, 0, 2), v128.shuffle<i64>(left, right, 1, 3));
            v128.store(to, larger<T>(best, all));
          }
          shared = shares;
          to += outputBytes;
        } while (--row > 0);
        top += apart; left += apartInY;
      } while (--image > 0);
      atPlane += planeStep;
    } while (++plane < planes);
  }
  touched = seen;
}
