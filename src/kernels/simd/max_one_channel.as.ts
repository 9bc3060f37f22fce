// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y and, where asked for, argmax, for images of one channel. Four neighbouring outputs of a row are found at a time,
 * as far as their windows lie inside x; the others, and those of rows too short for it, are found for four images
 * at a time.
 */
import {
  batch, dCount, dDilation, dFirst, dOutput, dStart, endWhole, enterRow, enterWindow, firstRowOffset, firstWhole, hCount, hDilation, hFirst,
  hInput, hOutput, hStart, hStep, hWindow, imageBytes, outputImageBytes, outputRowBytes, planeSkip, wInput, wOutput, wPad, wPer,
  wStep, wStride, wWindow,
} from './geometry.as';
import { ANY, larger, loadEvery } from './lanes.as';
import { winner } from './max_argmax.as';
import { exactRow, exactRowOfFour, wins } from './max_exact.as';
import { isThreeOfOne, threeRowOfOne } from './max_three_of_one.as';
import { isTwoByTwoOfOne, twoByTwoRowOfOne } from './max_two_by_two.as';
import { hasNan } from './nan.as';

/** x is searched for NaN in pieces of about this size. */
const PIECE_BYTES: usize = 8192;

/** The outputs [begin, end) of all rows of all images. They see the columns [firstColumn, endColumn). */
export function poolOneChannel<T>(
  x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, firstColumn: i32, endColumn: i32, ignoreNan: bool,
): void {
  let first = firstWhole(begin, end), last = endWhole(begin, end);
  if (last - first < 4) { first = end; last = end; }
  const wholeRows = isFloat<T>() && !argmaxOffset && first < last && begin == 0 && end == wOutput && isThreeOfOne();
  for (let left = batch; left > 0;) {
    const images = isFloat<T>() && left >= 4 ? 4 : 1;
    for (let i = 0; i < images && first < last; i++) {
      poolInside<T>(
        x + <usize>i * imageBytes(), y + <usize>i * outputImageBytes(), argmaxOffset, first, last, firstColumn, endColumn,
        ignoreNan, wholeRows);
    }
    if (!wholeRows && (begin < first || last < end)) poolEdges<T>(x, y, argmaxOffset, begin, first, last, end, ignoreNan, images == 4);
    x += <usize>images * imageBytes();
    y += <usize>images * outputImageBytes();
    left -= images;
  }
}

/** The outputs [begin, first) and [last, end) of all rows of an image, or of four. */
function poolEdges<T>(
  x: usize, y: usize, argmaxOffset: usize, begin: i32, first: i32, last: i32, end: i32, ignoreNan: bool, ofFour: bool,
): void {
  for (let od = 0; od < dOutput; od++) {
    for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) {
      const from = enterRow(x, 0, od, oh);
      if (wPer) {
        for (let ow = 0; ow < wOutput; ow++) {
          enterWindow(ow);
          exactOutputs<T>(from, y, argmaxOffset, ow, ow + 1, ignoreNan, ofFour);
        }
      } else {
        exactOutputs<T>(from, y, argmaxOffset, begin, first, ignoreNan, ofFour);
        exactOutputs<T>(from, y, argmaxOffset, last, end, ignoreNan, ofFour);
      }
    }
  }
}

@inline
function exactOutputs<T>(
  from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ignoreNan: bool, ofFour: bool,
): void {
  if (isFloat<T>() && ofFour) exactRowOfFour<T>(from, y, argmaxOffset, begin, end, ignoreNan);
  else exactRow<T>(from, y, argmaxOffset, begin, end, ignoreNan);
}

/**
 * The outputs [begin, end) of all rows of an image: four at least, whose windows have no column in the padding; or, with
 * `wholeRows`, all outputs.
 */
function poolInside<T>(
  x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, firstColumn: i32, endColumn: i32, ignoreNan: bool,
  wholeRows: bool,
): void {
  const rowBytes = <usize>wInput << 2, piece = <i32>(PIECE_BYTES / rowBytes);
  // Rows counted through the planes: those before `seen` were read, those from `suspectEnd` on have no NaN.
  const lastRow = <i32>(imageBytes() / rowBytes);
  const findsNan = isTwoByTwoOfOne();
  let seen = 0, suspectEnd = 0;
  for (let od = 0; od < dOutput; od++) {
    for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) {
      const from = enterRow(x, 0, od, oh);
      const firstRow = (dStart + dFirst * dDilation) * hInput + hStart + hFirst * hDilation;
      const endRow = firstRow + (dCount - 1) * dDilation * hInput + (hCount - 1) * hDilation + 1;
      if (seen < endRow) {
        const until = max(endRow, min(lastRow, seen + piece));
        const first = x + <usize>seen * rowBytes + (<usize>firstColumn << 2);
        const end = x + <usize>(until - 1) * rowBytes + (<usize>endColumn << 2);
        // What looks for NaN itself has x brought into the cache: in order, which is twice as fast as two rows at a time.
        if (findsNan ? hasNan<i32>(first, end) : hasNan<T>(first, end)) suspectEnd = until;
        seen = until;
      }
      if (findsNan && hCount == 2 && twoByTwoRowOfOne<T>(from, y, argmaxOffset, begin, end)) continue;
      if (findsNan || suspectEnd > firstRow) {
        exactRowInside<T>(from, y, argmaxOffset, begin, end, ignoreNan);
        if (wholeRows) {
          exactRow<T>(from, y, 0, 0, begin, ignoreNan);
          exactRow<T>(from, y, 0, end, wOutput, ignoreNan);
        }
      } else if (wholeRows) threeRowOfOne(from, y);
      else if (argmaxOffset) argmaxRow<T>(from, y, argmaxOffset, begin, end);
      else valuesRow<T>(from, y, begin, end);
    }
  }
}

// Integers are rare: the code for any stride does for them.

function valuesRow<T>(from: usize, y: usize, begin: i32, end: i32): void {
  if (isFloat<T>() && wStride == 1) rowOf<T>(from, y, 0, begin, end, 1, ANY, false, false, false);
  else if (isFloat<T>() && wStride == 2) rowOf<T>(from, y, 0, begin, end, 2, ANY, false, false, false);
  else rowOf<T>(from, y, 0, begin, end, ANY, ANY, false, false, false);
}

function argmaxRow<T>(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): void {
  if (isFloat<T>() && wWindow == 3 && wStride == 1) rowOf<T>(from, y, argmaxOffset, begin, end, 1, 3, true, false, false);
  else if (isFloat<T>() && wWindow == 3 && wStride == 2) rowOf<T>(from, y, argmaxOffset, begin, end, 2, 3, true, false, false);
  else if (isFloat<T>() && wStride == 1) rowOf<T>(from, y, argmaxOffset, begin, end, 1, ANY, true, false, false);
  else rowOf<T>(from, y, argmaxOffset, begin, end, ANY, ANY, true, false, false);
}

function exactRowInside<T>(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ignoreNan: bool): void {
  rowOf<T>(from, y, argmaxOffset, begin, end, ANY, ANY, true, true, ignoreNan);
}

/**
 * Eight or four outputs at a time; the last ones end with the last output, and may overlap those before. `stride` and
 * `known`, the window's width, are known ones or ANY.
 */
@inline
function rowOf<T>(
  from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, stride: i32, known: i32, withArgmax: bool, exact: bool,
  ignoreNan: bool,
): void {
  const apart = <usize>wStride << 2, origin = from + firstRowOffset() - (<usize>wPad << 2);
  if (!exact && known == 3 && end - begin >= 8) {
    for (let ow = begin; ow < end; ow += 8) {
      if (ow + 8 > end) ow = end - 8;
      threesOf<T>(origin + <usize>ow * apart, y + (<usize>ow << 2), argmaxOffset, stride, apart, withArgmax);
    }
    return;
  }
  // Locals, because the engine reads a global again after every store.
  const window = wWindow, rows = hCount, planes = dCount, columnStep = wStep, rowStep = hStep, skip = planeSkip();
  const one = i32x4.splat(1), guarded = i32x4.splat(ignoreNan ? -1 : 0);
  const first = i32x4.splat((dFirst * hWindow + hFirst) * window), planeNumbers = i32x4.splat((hWindow - rows) * window);
  for (let ow = begin; ow < end; ow += 4) {
    if (ow + 4 > end) ow = end - 4;
    let tap = origin + <usize>ow * apart, number = first;
    let best = loadEvery(tap, stride, apart), argmax = first;
    for (let d = planes; d > 0; d--, tap += skip) {
      for (let h = rows; h > 0; h--, tap += rowStep) {
        let p = tap;
        for (let w = window; w > 0; w--, p += columnStep) {
          const value = loadEvery(p, stride, apart);
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
    if (withArgmax && (!exact || argmaxOffset)) v128.store(to + argmaxOffset, argmax);
  }
}

/** Eight outputs whose windows are three wide, unrolled: a loop of three turns takes twice as long. */
@inline
function threesOf<T>(tap: usize, to: usize, argmaxOffset: usize, stride: i32, apart: usize, withArgmax: bool): void {
  const rows = hCount, step = wStep, rowStep = hStep, skip = planeSkip(), other = apart << 2;
  const one = i32x4.splat(1), planeNumbers = i32x4.splat((hWindow - rows) * 3);
  let number = i32x4.splat((dFirst * hWindow + hFirst) * 3), i0 = number, i1 = number;
  let m0 = loadEvery(tap, stride, apart), m1 = loadEvery(tap + other, stride, apart);
  for (let d = dCount; d > 0; d--, tap += skip) {
    for (let h = rows; h > 0; h--, tap += rowStep) {
      const a0 = loadEvery(tap, stride, apart), a1 = loadEvery(tap + other, stride, apart);
      const b0 = loadEvery(tap + step, stride, apart), b1 = loadEvery(tap + step + other, stride, apart);
      const c0 = loadEvery(tap + 2 * step, stride, apart), c1 = loadEvery(tap + 2 * step + other, stride, apart);
      if (withArgmax) {
        i0 = winner<T>(i0, m0, a0, number); i1 = winner<T>(i1, m1, a1, number);
        number = i32x4.add(number, one);
        m0 = larger<T>(m0, a0); m1 = larger<T>(m1, a1);
        i0 = winner<T>(i0, m0, b0, number); i1 = winner<T>(i1, m1, b1, number);
        number = i32x4.add(number, one);
        m0 = larger<T>(m0, b0); m1 = larger<T>(m1, b1);
        i0 = winner<T>(i0, m0, c0, number); i1 = winner<T>(i1, m1, c1, number);
        number = i32x4.add(number, one);
        m0 = larger<T>(m0, c0); m1 = larger<T>(m1, c1);
      } else {
        m0 = larger<T>(larger<T>(m0, a0), larger<T>(b0, c0));
        m1 = larger<T>(larger<T>(m1, a1), larger<T>(b1, c1));
      }
    }
    if (withArgmax) number = i32x4.add(number, planeNumbers);
  }
  v128.store(to, m0);
  v128.store(to, m1, 16);
  if (withArgmax) { v128.store(to + argmaxOffset, i0); v128.store(to + argmaxOffset, i1, 16); }
}
