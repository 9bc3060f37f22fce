// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y for images of one channel: the average of a window, or its element that the argmax names. Four neighbouring
 * outputs of a row are found at a time, as far as their windows lie inside x; the others, and those of rows too short for
 * it, are found for four images at a time.
 */
import { columnCells, rowCells } from './divisor.as';
import {
  batch, dCount, dFirst, dOutput, endTap, endWhole, enterRow, enterWindow, firstRowOffset, firstTap, firstWhole, hCount, hFirst, hOutput,
  hStep, hWindow, imageBytes, outputImageBytes, outputRowBytes, planeSkip, wDilation, wInput, wOutput, wPad, wPer, wStep, wStride,
  wWindow,
} from './geometry.as';
import { ANY, loadApart, loadEvery, storeApart } from './lanes.as';

export function averagesOfOne(x: usize, y: usize): void {
  readImages(x, y, 0, true);
}

export function gatherOfOne(x: usize, y: usize, argmaxOffset: usize): void {
  readImages(x, y, argmaxOffset, false);
}

@inline
function readImages(x: usize, y: usize, argmaxOffset: usize, averages: bool): void {
  let first = firstWhole(0, wOutput), last = endWhole(0, wOutput);
  if (last - first < 4) { first = wOutput; last = wOutput; }
  for (let left = batch; left > 0;) {
    const images = left >= 4 ? 4 : 1;
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) {
        const from = enterRow(x, 0, od, oh);
        for (let i = 0; i < images && first < last; i++) {
          readInside(from + <usize>i * imageBytes(), y + <usize>i * outputImageBytes(), argmaxOffset, first, last, averages);
        }
        if (wPer) {
          for (let ow = 0; ow < wOutput; ow++) {
            enterWindow(ow);
            readOutputs(from, y, argmaxOffset, ow, ow + 1, averages, images == 4);
          }
        } else {
          readOutputs(from, y, argmaxOffset, 0, first, averages, images == 4);
          readOutputs(from, y, argmaxOffset, last, wOutput, averages, images == 4);
        }
      }
    }
    x += <usize>images * imageBytes();
    y += <usize>(images - 1) * outputImageBytes();
    left -= images;
  }
}

@inline
function readInside(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, averages: bool): void {
  if (averages) {
    if (wStride == 1) averageInside1(from, y, begin, end);
    else if (wStride == 2) averageInside2(from, y, begin, end);
    else averageInside(from, y, begin, end);
  } else gatherInside(from, y, argmaxOffset, begin, end);
}

function averageInside1(from: usize, y: usize, begin: i32, end: i32): void { insideOf(from, y, 0, begin, end, 1, true); }
function averageInside2(from: usize, y: usize, begin: i32, end: i32): void { insideOf(from, y, 0, begin, end, 2, true); }
function averageInside(from: usize, y: usize, begin: i32, end: i32): void { insideOf(from, y, 0, begin, end, ANY, true); }
function gatherInside(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): void {
  insideOf(from, y, argmaxOffset, begin, end, ANY, false);
}

/** Four outputs at a time; the last four end with the last output, and may overlap those before. */
@inline
function insideOf(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, stride: i32, averages: bool): void {
  const origin = from + firstRowOffset() - (<usize>wPad << 2), apart = <usize>wStride << 2;
  const count = averages ? rowCells() * columnCells(0, wWindow) : 1;
  for (let ow = begin; ow < end; ow += 4) {
    if (ow + 4 > end) ow = end - 4;
    const to = y + (<usize>ow << 2), argmax = averages ? i32x4.splat(0) : v128.load(to + argmaxOffset);
    v128.store(to, windowOf(origin + <usize>ow * apart, argmax, 0, wWindow, count, stride, apart, averages));
  }
}

@inline
function readOutputs(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, averages: bool, ofFour: bool): void {
  if (ofFour) readFour(from, y, argmaxOffset, begin, end, averages);
  else readOne(from, y, argmaxOffset, begin, end, averages);
}

function readFour(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, averages: bool): void {
  edgeOf(from, y, argmaxOffset, begin, end, averages, true);
}

function readOne(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, averages: bool): void {
  edgeOf(from, y, argmaxOffset, begin, end, averages, false);
}

/** The outputs [begin, end) one by one, of an image or of four. */
@inline
function edgeOf(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, averages: bool, ofFour: bool): void {
  const origin = from + firstRowOffset(), apart = ofFour ? imageBytes() : 0, apartInY = outputImageBytes();
  for (let ow = begin; ow < end; ow++) {
    const start = ow * wStride - wPad, first = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - first, count = rowCells() * columnCells(start, columns);
    const tap = origin + (<usize>start << 2) + <usize>first * wStep, to = y + (<usize>ow << 2), at = to + argmaxOffset;
    const argmax = averages ? i32x4.splat(0) : ofFour ? loadApart(at, apartInY) : v128.load32_zero(at);
    const value = averages ? windowOf(tap, argmax, first, columns, count, ANY, apart, true)
      : windowOf(tap, argmax, first, columns, count, ANY, apart, false);
    if (ofFour) storeApart(to, apartInY, value);
    else v128.store32_lane(to, value, 0);
  }
}

/** Four windows whose first real tap is at `tap`, in the window's column `first`. */
@inline
function windowOf(
  tap: usize, argmax: v128, first: i32, columns: i32, count: i32, stride: i32, apart: usize, averages: bool,
): v128 {
  const rows = hCount, columnStep = wStep, rowStep = hStep, skip = planeSkip(), one = i32x4.splat(1);
  const rowNumbers = i32x4.splat(wWindow - columns), planeNumbers = i32x4.splat((hWindow - rows) * wWindow);
  let total = i32x4.splat(0), number = i32x4.splat((dFirst * hWindow + hFirst) * wWindow + first);
  for (let d = dCount; d > 0; d--, tap += skip) {
    for (let h = rows; h > 0; h--, tap += rowStep) {
      let p = tap;
      for (let w = columns; w > 0; w--, p += columnStep) {
        const value = loadEvery(p, stride, apart);
        if (averages) total = f32x4.add(total, value);
        else {
          total = v128.or(total, v128.and(value, i32x4.eq(argmax, number)));
          number = i32x4.add(number, one);
        }
      }
      if (!averages) number = i32x4.add(number, rowNumbers);
    }
    if (!averages) number = i32x4.add(number, planeNumbers);
  }
  return averages ? f32x4.div(total, f32x4.splat(<f32>count)) : total;
}
