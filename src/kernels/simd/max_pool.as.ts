// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * Max pooling, strip by strip (all rows, some columns) and row by row. Some kernels tell themselves whether there was a NaN; the exact
 * one then does the row again. Before the others, the part of x that a row of outputs is the first to need is read once in order, which
 * tells it as well and brings x into the cache.
 */
import {
  batch, channels, dCount, dDilation, dFirst, dInput, dOutput, dStart, endOfRoomy, endWhole, enterRow, enterWindow, firstWhole, hCount, hDilation,
  hFirst, hInput, hOutput, hStart, hStep, hStride, imageBytes, outputImageBytes, outputRowBytes, pixel, wDilation, wInput,
  wOutput, wPad, wPer, wStride, wWindow,
} from './geometry.as';
import { maxTiles, readsTiles } from './fitted_one_channel.as';
import { argmaxRow } from './max_argmax.as';
import { exactRow } from './max_exact.as';
import { isNine, isReadOnce, numbersRow } from './max_numbers.as';
import { isTwoByTwo, twoByTwoRow } from './max_two_by_two.as';
import { valuesRow } from './max_values.as';
import { poolOneChannel } from './max_one_channel.as';
import { hasNan } from './nan.as';
import { tapsOffset } from './kept_taps.as';

/** What a strip takes of a row of x: three such rows and their outputs fit into a second-level cache. */
const STRIP_BYTES: i32 = 65536;

export function maxPool(x: usize, y: usize, argmax: usize, isFloat: bool, ignoreNan: bool, inBytes: bool): void {
  const argmaxOffset = argmax ? tapsOffset(argmax, y, inBytes) : 0;
  if (readsTiles(isFloat && argmaxOffset == 0)) {
    if (isFloat) maxTiles<f32>(x, y, argmaxOffset, ignoreNan);
    else maxTiles<i32>(x, y, argmaxOffset, ignoreNan);
    return;
  }
  const span = (wWindow - 1) * wDilation + 1;
  const columns = STRIP_BYTES / <i32>pixel;
  const outputs = wPer ? wOutput : max(1, (columns - span) / wStride + 1);
  for (let begin = 0; begin < wOutput; begin += outputs) {
    const end = min(wOutput, begin + outputs);
    const firstColumn = max(0, begin * wStride - wPad);
    const endColumn = wPer ? wInput : min(wInput, (end - 1) * wStride - wPad + span);
    if (channels == 1) {
      if (isFloat) poolOneChannel<f32>(x, y, argmaxOffset, begin, end, firstColumn, endColumn, ignoreNan);
      else poolOneChannel<i32>(x, y, argmaxOffset, begin, end, firstColumn, endColumn, ignoreNan);
      continue;
    }
    let to = y, from = x;
    for (let b = 0; b < batch; b++) {
      if (isFloat) poolImage<f32>(from, to, argmaxOffset, begin, end, firstColumn, endColumn, ignoreNan);
      else poolImage<i32>(from, to, argmaxOffset, begin, end, firstColumn, endColumn, ignoreNan);
      from += imageBytes();
      to += outputImageBytes();
    }
  }
}

/** The outputs [begin, end) of all rows of one image. They see the columns [firstColumn, endColumn). */
function poolImage<T>(
  x: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, firstColumn: i32, endColumn: i32, ignoreNan: bool,
): void {
  const rowBytes = <usize>wInput * pixel;
  // Rows counted through the planes: those before `seen` were read, those from `suspectEnd` on have no NaN.
  const fastEnd = max(begin, endOfRoomy(end));
  const isInside = firstWhole(begin, end) == begin && endWhole(begin, end) == end;
  let seen = 0, suspectEnd = 0;
  for (let od = 0; od < dOutput; od++) {
    // Rows of outputs that were done by every rule.
    let exactEnd = 0;
    for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) {
      const from = enterRow(x, 0, od, oh);
      const firstRow = (dStart + dFirst * dDilation) * hInput + hStart + hFirst * hDilation;
      const endRow = firstRow + (dCount - 1) * dDilation * hInput + (hCount - 1) * hDilation + 1;
      const byTwos = isInside && isTwoByTwo<T>();
      // Of integers, which are rare, windows of 2x2 alone are worth the code.
      if (byTwos || isFloat<T>() && isReadOnce(argmaxOffset != 0)) {
        const byNines = !byTwos && isNine();
        let hasNumbers = byTwos || !isFloat<T>() ? twoByTwoRow<T>(from, y, argmaxOffset, begin, end)
          : numbersRow(from, y, argmaxOffset, begin, end);
        if (byNines && oh == hOutput - 1 && hCount == 3) {
          for (let row = from + <usize>hStride * hStep; row < from + 3 * hStep; row += hStep)
            hasNumbers &= !hasNan<T>(row + <usize>firstColumn * pixel, row + <usize>endColumn * pixel);
        }
        if (!hasNumbers) {
          for (let row = byNines ? max(exactEnd, oh - 2 / hStride) : oh; row <= oh; row++)
            exactRow<T>(enterRow(x, 0, od, row), y - <usize>(oh - row) * outputRowBytes(), argmaxOffset, begin, end, ignoreNan);
          exactEnd = oh + 1;
        }
        seen = endRow;
        continue;
      }
      for (; seen < endRow; seen++) {
        const row = x + <usize>seen * rowBytes;
        if (hasNan<T>(row + <usize>firstColumn * pixel, row + <usize>endColumn * pixel)) suspectEnd = seen + 1;
      }
      if (wPer) {
        // The lanes that a window of less than four channels leaves over may reach past the end of x.
        fittedRow<T>(from, y, argmaxOffset, channels < 4 || suspectEnd > firstRow, ignoreNan);
        continue;
      }
      if (suspectEnd > firstRow) {
        exactRow<T>(from, y, argmaxOffset, begin, end, ignoreNan);
        continue;
      }
      if (argmaxOffset) argmaxRow<T>(from, y, argmaxOffset, begin, fastEnd);
      else valuesRow<T>(from, y, begin, fastEnd);
      if (fastEnd < end) exactRow<T>(from, y, argmaxOffset, fastEnd, end, ignoreNan);
    }
  }
}

/** A row of windows that are fitted along the width. */
function fittedRow<T>(from: usize, y: usize, argmaxOffset: usize, exact: bool, ignoreNan: bool): void {
  for (let ow = 0; ow < wOutput; ow++) {
    enterWindow(ow);
    if (exact) exactRow<T>(from, y, argmaxOffset, ow, ow + 1, ignoreNan);
    else if (argmaxOffset) argmaxRow<T>(from, y, argmaxOffset, ow, ow + 1);
    else valuesRow<T>(from, y, ow, ow + 1);
  }
}
