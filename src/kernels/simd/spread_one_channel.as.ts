// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy -> dx for images of one channel: the gradient of an average, a row of windows at a time, for windows of two columns with stride 2
 * and of three columns with stride 1 or 2. Four neighbouring windows are divided at once; at both ends of a row, windows that are not
 * there give 0. What an element gets is added up in the order of the outputs.
 */
import { cellsOfFour, columnCells, rowCells, stackAveraged } from './divisor.as';
import {
  batch, channels, dCount, dDilation, dFirst, dOutput, dStart, endWhole, enterRow, firstRowOffset, firstWhole, fitted, hCount, hDilation,
  hFirst, hInput, hOutput, hStart, hStep, hStride, imageBytes, outputRowBytes, planeSkip, rowsAlike, wDilation, wInput, wOutput, wPad,
  wStride, wWindow,
} from './geometry.as';
import { loadLanes, loadWithin, storeLanes, zip } from './lanes.as';
import { zeroUntil } from './scatter.as';

/** The outputs whose windows lie inside the row, and the columns that these count. */
let wholeBegin: i32 = 0;
let wholeEnd: i32 = 0;
let wholeCells: i32 = 1;
/** What is read only to have it in the cache. */
let touched: v128 = i32x4.splat(0);

/** Whether the geometry is of this kind. `adds`: to what other windows have added. To be called first. */
export function spreadsRows(adds: bool): bool {
  if (fitted || channels != 1 || wDilation != 1 || wOutput < 4 || wInput < 4) return false;
  wholeBegin = firstWhole(0, wOutput);
  wholeEnd = endWhole(0, wOutput);
  wholeCells = columnCells(0, wWindow);
  return !adds && wWindow == 2 && wStride == 2 && wPad == 0 && 2 * wOutput <= wInput || adds && wWindow == 3 && (wStride == 1 || wStride == 2 && wPad < 2);
}

/** dx holds sums in its first `kept` bytes, garbage after these; `covered`: windows write all of it. */
export function spreadRows(dy: usize, dx: usize, kept: usize, covered: bool): void {
  const rowBytes = <usize>wInput << 2;
  stackAveraged();
  for (let b = 0; b < batch; b++, kept = 0) {
    const end = dx + imageBytes();
    let clean = covered ? end : dx + kept;
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0, rows = 1; oh < hOutput; oh += rows, dy += <usize>rows * outputRowBytes()) {
        const from = enterRow(dx, 0, od, oh);
        rows = rowsAlike(oh);
        const lastPlane = dStart + (dFirst + dCount - 1) * dDilation;
        const lastRow = hStart + (rows - 1) * hStride + (hFirst + hCount - 1) * hDilation;
        clean = zeroUntil(clean, dx + <usize>(lastPlane * hInput + lastRow + 1) * rowBytes, end);
        rowsOf(from + firstRowOffset(), dy, rows, <usize>hStride * rowBytes, end);
      }
    }
    zeroUntil(clean, end, end);
    dx = end;
  }
}

/** `count` rows of windows that are alike: those of dx start `jump` bytes after one another, in an image until `end`. */
function rowsOf(to: usize, dy: usize, count: i32, jump: usize, end: usize): void {
  if (wWindow == 2) rowsOfTwos(to, dy, count, jump, end);
  else if (wStride == 1) rowsOfThrees(to, dy, count, jump);
  else rowsOfHalves(to, dy, count, jump);
}

/** What divides the gradients of the four windows from `output` on. */
function divisorsOf(output: i32): v128 {
  return f32x4.convert_i32x4_s(i32x4.mul(cellsOfFour(output), i32x4.splat(rowCells())));
}

/** The shares of the four windows from `output` on. `rest` divides those that begin with `last`. */
@inline
function sharesOf(dy: usize, output: i32, whole: v128, last: i32, rest: v128): v128 {
  const isWhole = output >= wholeBegin && output + 4 <= wholeEnd;
  return isWhole ? f32x4.div(v128.load(dy + (<usize>output << 2)), whole)
    : cutShares(dy, output, output == last ? rest : divisorsOf(output));
}

function cutShares(dy: usize, output: i32, divisors: v128): v128 {
  return f32x4.div(loadWithin(dy, output, wOutput), divisors);
}

/** Windows of two columns, stride 2, no padding. */
function rowsOfTwos(to: usize, dy: usize, count: i32, jump: usize, end: usize): void {
  const rows = hCount, rowStep = hStep, planes = dCount, skip = planeSkip(), outputs = wOutput, outputBytes = outputRowBytes();
  const whole = f32x4.splat(<f32>(rowCells() * wholeCells)), two = rows == 2 && planes == 1;
  const touchedBytes = <usize>(outputs >> 2) << 6;
  let seen = i32x4.splat(0);
  for (; count > 0; count--, to += jump, dy += outputBytes) {
    // Brings the next two rows into the cache in order, which is faster than two rows at a time.
    const isAhead = to + jump + touchedBytes <= end;
    let next = isAhead ? to + jump : to;
    for (let output = 0; output < outputs; output += 4) {
      if (output + 4 <= outputs) {
        seen = v128.or(seen, v128.load(next));
        if (isAhead) next += 64;
      }
      const lanes = 2 * (outputs - output), at = dy + (<usize>output << 2);
      const shares = f32x4.div(lanes >= 8 ? v128.load(at) : loadLanes(at, outputs - output), whole);
      const low = zip(shares, shares, false), high = zip(shares, shares, true);
      let p = to + (<usize>output << 3);
      if (two && lanes >= 8) {
        v128.store(p, low);
        v128.store(p, high, 16);
        v128.store(p + rowStep, low);
        v128.store(p + rowStep, high, 16);
        continue;
      }
      for (let d = planes; d > 0; d--, p += skip) {
        for (let h = rows; h > 0; h--, p += rowStep) {
          storeLanes(p, low, lanes);
          if (lanes > 4) storeLanes(p + 16, high, lanes - 4);
        }
      }
    }
  }
  touched = seen;
}

/** Windows of three columns, stride 1. */
function rowsOfThrees(to: usize, dy: usize, count: i32, jump: usize): void {
  const rows = hCount, rowStep = hStep, planes = dCount, skip = planeSkip(), input = wInput, outputBytes = outputRowBytes();
  const whole = f32x4.splat(<f32>(rowCells() * wholeCells)), pad = wPad, three = rows == 3 && planes == 1;
  const before = divisorsOf(pad - 4), end = pad + ((input - 1) & ~3), rest = divisorsOf(end);
  for (; count > 0; count--, to += jump, dy += outputBytes) {
    let last = cutShares(dy, pad - 4, before);
    for (let column = 0; column < input; column += 4) {
      const lanes = input - column, these = sharesOf(dy, column + pad, whole, end, rest);
      const first = v128.shuffle<i32>(last, these, 2, 3, 4, 5), second = v128.shuffle<i32>(last, these, 3, 4, 5, 6);
      let p = to + (<usize>column << 2);
      last = these;
      if (three && lanes >= 4) {
        addFour(p, first, second, these);
        addFour(p + rowStep, first, second, these);
        addFour(p + 2 * rowStep, first, second, these);
        continue;
      }
      for (let d = planes; d > 0; d--, p += skip) {
        for (let h = rows; h > 0; h--, p += rowStep) {
          storeLanes(p, f32x4.add(f32x4.add(f32x4.add(loadLanes(p, lanes), first), second), these), lanes);
        }
      }
    }
  }
}

@inline
function addFour(p: usize, first: v128, second: v128, third: v128): void {
  v128.store(p, f32x4.add(f32x4.add(f32x4.add(v128.load(p), first), second), third));
}

/** Windows of three columns, stride 2, padding 0 or 1: a column has two windows or one, in turns. */
function rowsOfHalves(to: usize, dy: usize, count: i32, jump: usize): void {
  const rows = hCount, rowStep = hStep, planes = dCount, skip = planeSkip(), input = wInput, outputBytes = outputRowBytes();
  const whole = f32x4.splat(<f32>(rowCells() * wholeCells)), zero = i32x4.splat(0), pad = wPad, padded = pad == 1;
  const three = rows == 3 && planes == 1, before = divisorsOf(pad - 4);
  const end = pad + (((input - 1) & ~7) >> 1), rest = divisorsOf(end);
  for (; count > 0; count--, to += jump, dy += outputBytes) {
    let last = cutShares(dy, pad - 4, before);
    for (let column = 0; column < input; column += 8) {
      const lanes = input - column, these = sharesOf(dy, (column >> 1) + pad, whole, end, rest);
      const former = v128.shuffle<i32>(last, these, 3, 4, 5, 6);
      const even = padded ? zero : these, odd = padded ? former : zero;
      const low1 = zip(former, odd, false), high1 = zip(former, odd, true);
      const low2 = zip(even, these, false), high2 = zip(even, these, true);
      let p = to + (<usize>column << 2);
      last = these;
      if (three && lanes >= 8) {
        addEight(p, low1, low2, high1, high2);
        addEight(p + rowStep, low1, low2, high1, high2);
        addEight(p + 2 * rowStep, low1, low2, high1, high2);
        continue;
      }
      for (let d = planes; d > 0; d--, p += skip) {
        for (let h = rows; h > 0; h--, p += rowStep) {
          storeLanes(p, f32x4.add(f32x4.add(loadLanes(p, lanes), low1), low2), lanes);
          if (lanes > 4) storeLanes(p + 16, f32x4.add(f32x4.add(loadLanes(p + 16, lanes - 4), high1), high2), lanes - 4);
        }
      }
    }
  }
}

@inline
function addEight(p: usize, low1: v128, low2: v128, high1: v128, high2: v128): void {
  v128.store(p, f32x4.add(f32x4.add(v128.load(p), low1), low2));
  v128.store(p, f32x4.add(f32x4.add(v128.load(p, 16), high1), high2), 16);
}
