// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y and, where asked for, argmax, for images of one channel. Four neighbouring outputs of a row are found at a time,
 * as far as their windows lie inside x; the others, and those of rows too short for it, are found for four images
 * at a time.
 */
import {
  batch, dCount, dDilation, dFirst, dOutput, dStart, dWindow, endWhole, enterRow, enterWindow, firstRowOffset, firstWhole, hCount, hDilation, hFirst,
  hInput, hOutput, hPad, hStart, hStep, hStride, hWindow, imageBytes, outputImageBytes, outputRowBytes, planeSkip, rowsAlike, stackImages, wInput, wOutput,
  wPad, wPer, wStep, wStride, wWindow,
} from './geometry.as';
import { storeTaps } from './kept_taps.as';
import { greater, larger, loadAnyEvery, loadEvery } from './lanes.as';
import { winner } from './max_argmax.as';
import { exactRow, wins } from './max_exact.as';
import { fourRowOfOne, isFourOfOne } from './max_four_of_one.as';
import { isThreeOfOne, readAhead, threesOfOne } from './max_three_of_one.as';
import { isTwoByTwoOfOne, twoByTwoRowsOfOne } from './max_two_of_one.as';
import { hasNan } from './nan.as';
import { imagesAtOnce, maxWindows, valuesWindows } from './windows_one_channel.as';

/** x is searched for NaN in pieces of about this size. */
const PIECE_BYTES: usize = 8192;
/** Windows of 3x3 are done in pieces of about this size. */
const TILE_BYTES: usize = 16384;

/** The outputs [begin, end) of all rows of all images. They see the columns [firstColumn, endColumn). */
export function poolOneChannel<T>(
  x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, firstColumn: i32, endColumn: i32, ignoreNan: bool,
): void {
  if (wPer) return poolFitted<T>(x, y, argmaxOffset, ignoreNan);
  if (isFloat<T>() && isThreeOfOne()) {
    if (begin == 0) poolThrees(x, y, argmaxOffset, ignoreNan);
    return;
  }
  let first = firstWhole(begin, end), last = endWhole(begin, end);
  if (first == begin && last == end && last - first >= 4) stackImages();
  if (last - first < 4) { first = end; last = end; }
  for (let left = batch; left > 0;) {
    const images = isFloat<T>() && left >= 4 ? 4 : 1;
    for (let i = 0; i < images && first < last; i++) {
      if (isFloat<T>() && isTwoByTwoOfOne()) {
        poolTwos(x + <usize>i * imageBytes(), y + <usize>i * outputImageBytes(), argmaxOffset, first, last, ignoreNan);
        continue;
      }
      poolInside<T>(
        x + <usize>i * imageBytes(), y + <usize>i * outputImageBytes(), argmaxOffset, first, last, firstColumn, endColumn,
        ignoreNan);
    }
    if (begin < first || last < end) poolEdges<T>(x, y, argmaxOffset, begin, first, last, end, ignoreNan, images);
    x += <usize>images * imageBytes();
    y += <usize>images * outputImageBytes();
    left -= images;
  }
}

/**
 * Windows of 3x3, some rows of them at a time. With a stride of 2, an image and another one, half of all away, are done by turns, and what
 * comes next in both is read ahead: memory is read faster in two places.
 */
function poolThrees(x: usize, y: usize, argmaxOffset: usize, ignoreNan: bool): void {
  const rowBytes = <usize>wInput << 2, rows = max(4, <i32>(TILE_BYTES / rowBytes) / hStride), bytes = imageBytes(), bytesOfY = outputImageBytes();
  const endOfX = x + <usize>batch * bytes, tileBytes = <usize>(rows * hStride) * rowBytes, isLarge = hStride == 2 && wOutput >= 32 && bytes > PIECE_BYTES;
  for (let left = batch; left > 0;) {
    const half = isLarge ? left >> 1 : 0, count = half ? half : left, apart = <usize>half * bytes;
    for (let i = count; i > 0; i--, x += bytes, y += bytesOfY) {
      for (let oh = 0; oh < hOutput; oh += rows) {
        const next = x + <usize>oh * 2 * rowBytes + tileBytes;
        if (half && next + tileBytes + apart <= endOfX) readAhead(next, apart);
        else readAhead(x, 0);
        threes(x, y, argmaxOffset, oh, min(hOutput, oh + rows), ignoreNan);
        if (half) threes(x + apart, y + <usize>half * bytesOfY, argmaxOffset, oh, min(hOutput, oh + rows), ignoreNan);
      }
    }
    x += apart;
    y += <usize>half * bytesOfY;
    left -= half ? 2 * half : left;
  }
}

/** Some rows of outputs; where there is a NaN, by every rule. */
function threes(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ignoreNan: bool): void {
  if (threesOfOne(x, y, argmaxOffset, begin, end)) return;
  for (let row = begin; row < end; row++) exactWindows(x, y + <usize>row * outputRowBytes(), argmaxOffset, row, ignoreNan);
}

/** A row of outputs of an image. */
function exactWindows(x: usize, y: usize, argmaxOffset: usize, row: i32, ignoreNan: bool): void {
  const from = enterRow(x, 0, 0, row), first = firstWhole(0, wOutput), last = endWhole(0, wOutput), isNarrow = last - first < 4;
  if (!isNarrow) exactRowInside<f32>(from, y, argmaxOffset, first, last, ignoreNan);
  maxWindows(from, y, argmaxOffset, 0, isNarrow ? wOutput : first, 1, ignoreNan);
  if (!isNarrow) maxWindows(from, y, argmaxOffset, last, wOutput, 1, ignoreNan);
}

/** Windows that are fitted to the outputs along the width. */
function poolFitted<T>(x: usize, y: usize, argmaxOffset: usize, ignoreNan: bool): void {
  for (let left = batch; left > 0;) {
    const images = isFloat<T>() ? imagesAtOnce(left) : 1;
    const isExact = !isFloat<T>() || argmaxOffset != 0 || hasNan<T>(x, x + <usize>images * imageBytes());
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) {
        const from = enterRow(x, 0, od, oh);
        if (isFloat<T>()) {
          if (isExact) maxWindows(from, y, argmaxOffset, 0, wOutput, images, ignoreNan);
          else valuesWindows(from, y, 0, wOutput, images);
          continue;
        }
        for (let ow = 0; ow < wOutput; ow++) {
          enterWindow(ow);
          exactRow<T>(from, y, argmaxOffset, ow, ow + 1, ignoreNan);
        }
      }
    }
    x += <usize>images * imageBytes();
    y += <usize>(images - 1) * outputImageBytes();
    left -= images;
  }
}

/** The outputs [begin, first) and [last, end) of all rows of an image, or of four. */
function poolEdges<T>(
  x: usize, y: usize, argmaxOffset: usize, begin: i32, first: i32, last: i32, end: i32, ignoreNan: bool, images: i32,
): void {
  for (let od = 0; od < dOutput; od++) {
    for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) {
      const from = enterRow(x, 0, od, oh);
      exactOutputs<T>(from, y, argmaxOffset, begin, first, ignoreNan, images);
      exactOutputs<T>(from, y, argmaxOffset, last, end, ignoreNan, images);
    }
  }
}

@inline
function exactOutputs<T>(
  from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ignoreNan: bool, images: i32,
): void {
  if (isFloat<T>()) maxWindows(from, y, argmaxOffset, begin, end, images, ignoreNan);
  else exactRow<T>(from, y, argmaxOffset, begin, end, ignoreNan);
}

/** The outputs [begin, end) of all rows of an image: four at least, whose windows have no column in the padding. */
function poolInside<T>(
  x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, firstColumn: i32, endColumn: i32, ignoreNan: bool,
): void {
  const rowBytes = <usize>wInput << 2, piece = <i32>(PIECE_BYTES / rowBytes), jump = <usize>hStride * rowBytes;
  // Rows counted through the planes: those before `seen` were read, those from `suspectEnd` on have no NaN.
  const lastRow = <i32>(imageBytes() / rowBytes), endOfImage = x + imageBytes(), outputBytes = outputRowBytes();
  // Integers are rare, and not worth the code.
  const isFour = isFloat<T>() && isFourOfOne();
  let seen = 0, suspectEnd = 0;
  for (let od = 0; od < dOutput; od++) {
    for (let oh = 0; oh < hOutput;) {
      let from = enterRow(x, 0, od, oh), count = rowsAlike(oh);
      const firstRow = (dStart + dFirst * dDilation) * hInput + hStart + hFirst * hDilation;
      const endRow = firstRow + (dCount - 1) * dDilation * hInput + (hCount - 1) * hDilation + 1 + (count - 1) * hStride;
      if (seen < endRow && !isFour) {
        const until = max(endRow, min(lastRow, seen + piece));
        const first = x + <usize>seen * rowBytes + (<usize>firstColumn << 2);
        const end = x + <usize>(until - 1) * rowBytes + (<usize>endColumn << 2);
        if (hasNan<T>(first, end)) suspectEnd = until;
        seen = until;
      }
      oh += count;
      for (; count > 0; count--, from += jump, y += outputBytes) {
        if (isFloat<T>() && isFour && fourRowOfOne(from, y, argmaxOffset, begin, end)) continue;
        if (isFloat<T>() && (isFour || suspectEnd > firstRow)) exactRowInside<T>(from, y, argmaxOffset, begin, end, ignoreNan);
        else if (argmaxOffset) argmaxRow<T>(from, y, argmaxOffset, begin, end);
        else valuesRow<T>(from, y, begin, end);
      }
    }
  }
}

/** The same for windows of 2x2 and of 2x2x2. Of a large plane, rows of the upper and of the lower half come by turns. */
function poolTwos(x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ignoreNan: bool): void {
  const jump = <usize>(hStride * wInput) << 2, outputBytes = outputRowBytes(), endOfX = x + imageBytes();
  const isWhole = dOutput == 1 && hPad == 0 && (hOutput - 1) * hStride + 2 <= hInput;
  const half = isWhole && end - begin >= 32 && imageBytes() > 4 * PIECE_BYTES ? hOutput >> 1 : 0;
  for (let od = 0; od < dOutput; od++, y += outputImageBytes() / dOutput) {
    for (let oh = 0; oh < hOutput;) {
      let from = enterRow(x, 0, od, oh), to = y + <usize>oh * outputBytes, count = rowsAlike(oh), turns = 1;
      if (oh < half) { count = min(count, half - oh); turns = 2; }
      oh += count;
      const apart = turns == 2 ? <usize>half * jump : 0;
      if (oh == half) oh = 2 * half;
      if (hCount == 2 && dCount == dWindow && twoByTwoRowsOfOne(from, to, argmaxOffset, begin, end, count, jump, apart, endOfX)) continue;
      for (; turns > 0; turns--, from += apart - <usize>count * jump, to += <usize>(half - count) * outputBytes) {
        for (let left = count; left > 0; left--, from += jump, to += outputBytes) exactRowInside<f32>(from, to, argmaxOffset, begin, end, ignoreNan);
      }
    }
  }
}

function valuesRow<T>(from: usize, y: usize, begin: i32, end: i32): void {
  if (isFloat<T>() && wWindow == 3 && end - begin >= 8) valuesOfThrees(from, y, begin, end);
  else rowOf<T>(from, y, 0, begin, end, false, false, false);
}
function valuesOfThrees(from: usize, y: usize, begin: i32, end: i32): void {
  if (wStride == 1) threesRow(from, y, 0, begin, end, 1, false);
  else if (wStride == 2) threesRow(from, y, 0, begin, end, 2, false);
  else rowOf<f32>(from, y, 0, begin, end, false, false, false);
}

function argmaxRow<T>(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): void {
  const isThree = isFloat<T>() && wWindow == 3 && end - begin >= 8;
  if (isThree && wStride == 1) threesRow(from, y, argmaxOffset, begin, end, 1, true);
  else if (isThree && wStride == 2) threesRow(from, y, argmaxOffset, begin, end, 2, true);
  else rowOf<T>(from, y, argmaxOffset, begin, end, true, false, false);
}

function exactRowInside<T>(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ignoreNan: bool): void {
  rowOf<T>(from, y, argmaxOffset, begin, end, true, true, ignoreNan);
}

/** Eight outputs whose windows are three wide at a time; the last ones end with the last output, and may overlap those before. */
@inline
function threesRow(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, stride: i32, withArgmax: bool): void {
  const apart = <usize>stride << 2, origin = from + firstRowOffset() - (<usize>wPad << 2);
  for (let ow = begin; ow < end; ow += 8) {
    if (ow + 8 > end) ow = end - 8;
    threesOf(origin + <usize>ow * apart, y + (<usize>ow << 2), argmaxOffset, stride, apart, withArgmax);
  }
}

/** Four outputs at a time, in the same way. */
@inline
function rowOf<T>(
  from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, withArgmax: bool, exact: bool, ignoreNan: bool,
): void {
  const apart = <usize>wStride << 2, origin = from + firstRowOffset() - (<usize>wPad << 2);
  // Locals, because the engine reads a global again after every store.
  const window = wWindow, rows = hCount, planes = dCount, columnStep = wStep, rowStep = hStep, skip = planeSkip();
  const one = i32x4.splat(1), guarded = i32x4.splat(ignoreNan ? -1 : 0);
  const first = i32x4.splat((dFirst * hWindow + hFirst) * window), planeNumbers = i32x4.splat((hWindow - rows) * window);
  for (let ow = begin; ow < end; ow += 4) {
    if (ow + 4 > end) ow = end - 4;
    let tap = origin + <usize>ow * apart, number = first;
    let best = loadAnyEvery(tap, apart), argmax = first;
    for (let d = planes; d > 0; d--, tap += skip) {
      for (let h = rows; h > 0; h--, tap += rowStep) {
        let p = tap;
        for (let w = window; w > 0; w--, p += columnStep) {
          const value = loadAnyEvery(p, apart);
          if (exact) {
            const better = wins<T>(value, best, guarded);
            best = v128.bitselect(value, best, better);
            argmax = v128.bitselect(number, argmax, better);
          } else {
            if (withArgmax) argmax = winner<T>(argmax, best, value, number);
            best = larger<T>(best, value);
          }
          if (withArgmax) number = i32x4.add(number, one);
        }
      }
      if (withArgmax) number = i32x4.add(number, planeNumbers);
    }
    const to = y + (<usize>ow << 2);
    v128.store(to, best);
    if (withArgmax && (!exact || argmaxOffset)) storeTaps(to, argmaxOffset, argmax);
  }
}

/** The number of the first that is the largest of three, negative; `lm` is the larger of both before the last. */
@inline
function firstOfThree(l: v128, m: v128, lm: v128, r: v128): v128 {
  const isLast = greater<f32>(r, lm);
  return i32x4.min_s(greater<f32>(m, l), i32x4.add(isLast, isLast));
}

/** Eight outputs whose windows are three wide, unrolled: a loop of three turns takes twice as long. */
@inline
function threesOf(tap: usize, to: usize, argmaxOffset: usize, stride: i32, apart: usize, withArgmax: bool): void {
  const rows = hCount, step = wStep, rowStep = hStep, skip = planeSkip(), other = apart << 2;
  const planeNumbers = i32x4.splat((hWindow - rows) * 3), rowNumbers = i32x4.splat(3);
  let number = i32x4.splat((dFirst * hWindow + hFirst) * 3), i0 = number, i1 = number;
  let m0 = loadEvery(tap, stride, apart), m1 = loadEvery(tap + other, stride, apart);
  for (let d = dCount; d > 0; d--, tap += skip) {
    for (let h = rows; h > 0; h--, tap += rowStep) {
      const a0 = loadEvery(tap, stride, apart), a1 = loadEvery(tap + other, stride, apart);
      const b0 = loadEvery(tap + step, stride, apart), b1 = loadEvery(tap + step + other, stride, apart);
      const c0 = loadEvery(tap + 2 * step, stride, apart), c1 = loadEvery(tap + 2 * step + other, stride, apart);
      const ab0 = larger<f32>(a0, b0), ab1 = larger<f32>(a1, b1), abc0 = larger<f32>(ab0, c0), abc1 = larger<f32>(ab1, c1);
      if (withArgmax) {
        i0 = winner<f32>(i0, m0, abc0, i32x4.sub(number, firstOfThree(a0, b0, ab0, c0)));
        i1 = winner<f32>(i1, m1, abc1, i32x4.sub(number, firstOfThree(a1, b1, ab1, c1)));
        number = i32x4.add(number, rowNumbers);
      }
      m0 = larger<f32>(m0, abc0); m1 = larger<f32>(m1, abc1);
    }
    number = i32x4.add(number, planeNumbers);
  }
  v128.store(to, m0);
  v128.store(to, m1, 16);
  if (!withArgmax) return;
  storeTaps(to, argmaxOffset, i0);
  storeTaps(to + 16, argmaxOffset, i1);
}
