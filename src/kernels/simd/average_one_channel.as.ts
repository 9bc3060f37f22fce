// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y for images of one channel: averages of four neighbouring outputs of a row at a time. At both ends of a row, elements in the
 * padding are read as 0, which leaves a sum as it is.
 */
import { cellsOfFour, columnCells, rowCells, stackAveraged } from './divisor.as';
import {
  batch, dCount, dOutput, endWhole, enterRow, firstRowOffset, firstWhole, hCount, hOutput, hStep, hStride, imageBytes, outputImageBytes,
  outputRowBytes, planeSkip, rowsAlike, wDilation, wInput, wOutput, wPad, wPer, wStep, wStride, wWindow,
} from './geometry.as';
import { ANY, bytesWithin, loadAnyEvery, loadEvery, loadMoved, loadWithin, startWithin, storeLanes, unzip } from './lanes.as';
import { averageWindows, imagesAtOnce } from './windows_one_channel.as';

/** Whether the rows are of this kind. */
export function averagesRows(): bool {
  return !wPer && wInput >= 4;
}

/** The outputs that are done without a look at the padding: none, or four at least. */
let begin: i32 = 0;
let end: i32 = 0;
/** What is read only to have it in the cache. */
let touched: v128 = i32x4.splat(0);

export function averageRows(x: usize, y: usize): void {
  stackAveraged();
  const first = firstWhole(0, wOutput), last = endWhole(0, wOutput);
  begin = (first + 3) & ~3;
  end = wOutput - ((wOutput - last + 3) & ~3);
  if (end - begin < 4) { begin = wOutput; end = wOutput; }
  const endOfX = x + <usize>batch * imageBytes(), jump = <usize>(hStride * wInput) << 2;
  for (let b = 0; b < batch; b++, x += imageBytes()) {
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0, rows = 1; oh < hOutput; oh += rows, y += <usize>rows * outputRowBytes()) {
        const from = enterRow(x, 0, od, oh);
        rows = rowsAlike(oh);
        rowsOf(from, y, rows, jump, endOfX);
      }
    }
  }
}

/** Any windows. */
export function averageImages(x: usize, y: usize): void {
  for (let left = batch; left > 0;) {
    const images = imagesAtOnce(left);
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) {
        const from = enterRow(x, 0, od, oh);
        averageWindows(from, y, 0, images);
      }
    }
    x += <usize>images * imageBytes();
    y += <usize>(images - 1) * outputImageBytes();
    left -= images;
  }
}

/** `count` rows of outputs that are alike: those of x start `jump` bytes after one another. */
function rowsOf(from: usize, y: usize, count: i32, jump: usize, endOfX: usize): void {
  const isSquare = wDilation == 1 && dCount == 1 && hCount == wWindow;
  if (isSquare && wWindow == 2 && wStride == 2) rowsOfTwos(from, y, count, jump, endOfX);
  else if (isSquare && wWindow == 3 && wStride == 1) rowsOfThrees1(from, y, count, jump);
  else if (isSquare && wWindow == 3 && wStride == 2) rowsOfThrees2(from, y, count, jump);
  else anyRows(from, y, count, jump);
}

function rowsOfTwos(from: usize, y: usize, count: i32, jump: usize, endOfX: usize): void {
  wholeRows(from, y, count, jump, endOfX, 2, 2);
}
function rowsOfThrees1(from: usize, y: usize, count: i32, jump: usize): void { wholeRows(from, y, count, jump, 0, 1, 3); }
function rowsOfThrees2(from: usize, y: usize, count: i32, jump: usize): void { wholeRows(from, y, count, jump, 0, 2, 3); }
function anyRows(from: usize, y: usize, count: i32, jump: usize): void { wholeRows(from, y, count, jump, 0, ANY, ANY); }

@inline
function wholeRows(from: usize, y: usize, count: i32, jump: usize, endOfX: usize, stride: i32, known: i32): void {
  const outputs = wOutput, last = end, first = from + firstRowOffset();
  if (begin < last) insideOf(first, y, count, jump, endOfX, stride, known);
  for (let ow = 0; ow < outputs; ow += 4) {
    if (ow == begin) ow = last;
    if (ow < outputs) edge(first, y + (<usize>ow << 2), count, jump, ow, stride, known);
  }
}

/** Four outputs at a time; the last four end with the last output, and may overlap those before. */
@inline
function insideOf(from: usize, y: usize, count: i32, jump: usize, endOfX: usize, stride: i32, known: i32): void {
  // Locals, because the engine reads a global again after every store.
  const apart = <usize>wStride << 2, window = wWindow, outputBytes = outputRowBytes(), first = begin, last = end;
  const rows = hCount, planes = dCount, columnStep = wStep, rowStep = hStep, skip = planeSkip();
  const cells = f32x4.splat(<f32>(rowCells() * columnCells(0, window)));
  const touchedBytes = <usize>((last - first + 3) >> 2) << 6;
  let seen = i32x4.splat(0);
  for (; count > 0; count--, from += jump, y += outputBytes) {
    const origin = from - (<usize>wPad << 2);
    // Brings the next two rows into the cache in order, which is faster than two rows at a time.
    const isAhead = known == 2 && from + jump + touchedBytes <= endOfX;
    let next = isAhead ? from + jump : from;
    for (let ow = first; ow < last; ow += 4) {
      if (ow + 4 > last) ow = last - 4;
      if (known == 2) {
        seen = v128.or(seen, v128.load(next));
        if (isAhead) next += 64;
      }
      let tap = origin + <usize>ow * apart, total = f32x4.splat(0);
      if (known != ANY) {
        // Without loops, which take twice as long.
        total = addRow(addRow(total, tap, stride, apart, known), tap + rowStep, stride, apart, known);
        if (known == 3) total = addRow(total, tap + 2 * rowStep, stride, apart, known);
      } else {
        for (let d = planes; d > 0; d--, tap += skip) {
          for (let h = rows; h > 0; h--, tap += rowStep) {
            let p = tap;
            for (let w = window; w > 0; w--, p += columnStep) total = f32x4.add(total, loadAnyEvery(p, apart));
          }
        }
      }
      v128.store(y + (<usize>ow << 2), f32x4.div(total, cells));
    }
  }
  if (known == 2) touched = seen;
}

/** Adds two or three neighbouring columns of a row, in each of four windows. */
@inline
function addRow(total: v128, tap: usize, stride: i32, apart: usize, known: i32): v128 {
  if (stride == 1) {
    return f32x4.add(f32x4.add(f32x4.add(total, v128.load(tap)), v128.load(tap, 4)), v128.load(tap, 8));
  }
  const a = v128.load(tap), b = v128.load(tap, 16);
  const two = f32x4.add(f32x4.add(total, unzip(a, b, false)), unzip(a, b, true));
  return known == 2 ? two : f32x4.add(two, loadEvery(tap + 8, 2, apart));
}

/** The four outputs from `ow` on, or those that are there. */
@inline
function edge(from: usize, to: usize, count: i32, jump: usize, ow: i32, stride: i32, known: i32): void {
  const column = ow * wStride - wPad, input = wInput, window = wWindow, dilation = wDilation, lanes = wOutput - ow;
  const rows = hCount, planes = dCount, rowStep = hStep, skip = planeSkip(), outputBytes = outputRowBytes();
  const start0 = startWithin(column, input), bytes0 = bytesWithin(column, input);
  const start1 = startWithin(column + 4, input), bytes1 = bytesWithin(column + 4, input);
  const start2 = startWithin(column + 8, input), bytes2 = bytesWithin(column + 8, input);
  const cells = f32x4.convert_i32x4_s(i32x4.mul(cellsOfFour(ow), i32x4.splat(rowCells())));
  for (; count > 0; count--, from += jump, to += outputBytes) {
    let row = from, total = f32x4.splat(0);
    for (let d = planes; d > 0; d--, row += skip) {
      for (let h = rows; h > 0; h--, row += rowStep) {
        if (known == ANY) {
          for (let w = 0; w < window; w++) total = f32x4.add(total, loadEveryWithin(row, column + w * dilation, input));
          continue;
        }
        const a = loadMoved(row + start0, bytes0), b = loadMoved(row + start1, bytes1);
        if (stride == 1) {
          total = f32x4.add(total, a);
          total = f32x4.add(total, v128.shuffle<i32>(a, b, 1, 2, 3, 4));
          total = f32x4.add(total, v128.shuffle<i32>(a, b, 2, 3, 4, 5));
        } else {
          const even = unzip(a, b, false);
          total = f32x4.add(f32x4.add(total, even), unzip(a, b, true));
          if (known == 3) total = f32x4.add(total, v128.shuffle<i32>(even, loadMoved(row + start2, bytes2), 1, 2, 3, 4));
        }
      }
    }
    storeLanes(to, f32x4.div(total, cells), lanes);
  }
}

/** Loads four elements, a stride from one to the next; those outside the row are 0. */
function loadEveryWithin(row: usize, column: i32, input: i32): v128 {
  const stride = wStride;
  if (stride == 1) return loadWithin(row, column, input);
  if (stride == 2) return unzip(loadWithin(row, column, input), loadWithin(row, column + 4, input), false);
  const p = row + (<usize>column << 2), apart = <usize>stride << 2;
  let value = i32x4.splat(0);
  if (<u32>column < <u32>input) value = v128.load32_lane(p, value, 0);
  if (<u32>(column + stride) < <u32>input) value = v128.load32_lane(p + apart, value, 1);
  if (<u32>(column + 2 * stride) < <u32>input) value = v128.load32_lane(p + 2 * apart, value, 2);
  if (<u32>(column + 3 * stride) < <u32>input) value = v128.load32_lane(p + 3 * apart, value, 3);
  return value;
}
