// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** Average pooling, x -> y. Sums are added up tap by tap in row-major order, each rounded to f32, as the loops do. */
import { columnCells, rowCells } from './divisor.as';
import {
  batch, channels, dCount, dOutput, endTap, enterRow, enterWindow, firstRowOffset, firstTap, hCount, hOutput, hStep, outputRowBytes, pixel,
  planeSkip, wDilation, wInput, wOutput, wPad, wPer, wStep, wStride, wWindow,
} from './geometry.as';
import { loadLanes, storeLanes } from './lanes.as';
import { averageImages, averageRows, averagesRows } from './average_one_channel.as';
import { averageTiles, readsTiles } from './fitted_one_channel.as';

export function averagePool(x: usize, y: usize): void {
  if (readsTiles(false)) return averageTiles(x, y);
  if (channels == 1) return averagesRows() ? averageRows(x, y) : averageImages(x, y);
  for (let b = 0; b < batch; b++) {
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++) {
        const from = enterRow(x, b, od, oh);
        if (!wPer) averageRow(from, y, wOutput);
        for (let ow = 0; wPer && ow < wOutput; ow++) {
          enterWindow(ow);
          averageRow(from, y + <usize>ow * pixel, 1);
        }
        y += outputRowBytes();
      }
    }
  }
}

function averageRow(from: usize, y: usize, outputs: i32): void {
  // Locals, because the engine reads a global again after every store.
  const origin = from + firstRowOffset(), perRow = rowCells(), all = channels, bytes = pixel;
  const window = wWindow, stride = wStride, dilation = wDilation, input = wInput;
  const rows = hCount, planes = dCount, columnStep = wStep, rowStep = hStep, skip = planeSkip();
  let start = -wPad;
  for (let ow = 0; ow < outputs; ow++, start += stride) {
    const firstColumn = firstTap(start, dilation);
    const columns = endTap(start, input, window, dilation) - firstColumn;
    const count = f32x4.splat(<f32>(perRow * columnCells(start, columns)));
    let tap = origin + <usize>start * bytes + <usize>firstColumn * columnStep;
    const last = y + bytes;
    if (all >= 4 && planes == 1 && rows == 2 && columns == 2) {
      averageOfFour(tap, tap + columnStep, tap + rowStep, tap + rowStep + columnStep, y, last, count);
      y = last;
    } else if (columns > 3 && all >= 256 && (all & 3) == 0) {
      averageByRows(tap, y, last, planes, rows, columns, columnStep, rowStep, skip, count);
      y = last;
    } else if (all >= 16) {
      // The last vectors of a window end with the last channel, and may overlap those before.
      for (; y < last; y += 64, tap += 64) {
        if (y + 64 > last) { tap -= y + 64 - last; y = last - 64; }
        if (columns == 3) averageOfThrees(tap, y, planes, rows, columnStep, rowStep, skip, count);
        else averageOf(tap, y, planes, rows, columns, columnStep, rowStep, skip, count, 4, 4);
      }
    } else {
      for (; y + 16 <= last; y += 16, tap += 16) averageOf(tap, y, planes, rows, columns, columnStep, rowStep, skip, count, 1, 4);
      if (y < last) {
        averageOf(tap, y, planes, rows, columns, columnStep, rowStep, skip, count, 1, all & 3);
        y = last;
      }
    }
  }
}

/** A window of two by two, of four channels at least: its taps' addresses, and where its outputs are. */
@inline
function averageOfFour(a: usize, b: usize, c: usize, d: usize, y: usize, last: usize, count: v128): void {
  for (; y + 32 <= last; y += 32, a += 32, b += 32, c += 32, d += 32) {
    const first = f32x4.add(f32x4.add(f32x4.add(v128.load(a), v128.load(b)), v128.load(c)), v128.load(d));
    const second = f32x4.add(
      f32x4.add(f32x4.add(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16)), v128.load(d, 16));
    v128.store(y, f32x4.div(first, count));
    v128.store(y, f32x4.div(second, count), 16);
  }
  for (; y < last; y += 16, a += 16, b += 16, c += 16, d += 16) {
    // The last vector ends with the last channel, and may overlap the one before.
    if (y + 16 > last) {
      const back = y + 16 - last;
      y -= back; a -= back; b -= back; c -= back; d -= back;
    }
    const total = f32x4.add(f32x4.add(f32x4.add(v128.load(a), v128.load(b)), v128.load(c)), v128.load(d));
    v128.store(y, f32x4.div(total, count));
  }
}

/**
 * A window of many taps and many channels, a row of taps at a time: x is read in its own order, while the sums wait in y. To read
 * a few channels of all taps first takes three times as long: they lie so far apart that the cache holds few of them.
 */
function averageByRows(
  tap: usize, y: usize, last: usize, planes: i32, rows: i32, columns: i32, columnStep: usize, rowStep: usize, skip: usize, count: v128,
): void {
  const zero = f32x4.splat(0);
  let isFirst = true;
  for (let d = planes; d > 0; d--) {
    for (let h = rows; h > 0; h--) {
      const isLast = d == 1 && h == 1;
      let p = tap, out = y;
      for (; out + 64 <= last; out += 64, p += 64) {
        let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        if (!isFirst) {
          s0 = v128.load(out);
          s1 = v128.load(out, 16);
          s2 = v128.load(out, 32);
          s3 = v128.load(out, 48);
        }
        for (let w = columns, q = p; w > 0; w--, q += columnStep) {
          s0 = f32x4.add(s0, v128.load(q));
          s1 = f32x4.add(s1, v128.load(q, 16));
          s2 = f32x4.add(s2, v128.load(q, 32));
          s3 = f32x4.add(s3, v128.load(q, 48));
        }
        if (isLast) {
          s0 = f32x4.div(s0, count);
          s1 = f32x4.div(s1, count);
          s2 = f32x4.div(s2, count);
          s3 = f32x4.div(s3, count);
        }
        v128.store(out, s0);
        v128.store(out, s1, 16);
        v128.store(out, s2, 32);
        v128.store(out, s3, 48);
      }
      for (; out < last; out += 16, p += 16) {
        let sum = isFirst ? zero : v128.load(out);
        for (let w = columns, q = p; w > 0; w--, q += columnStep) sum = f32x4.add(sum, v128.load(q));
        v128.store(out, isLast ? f32x4.div(sum, count) : sum);
      }
      isFirst = false;
      tap += rowStep;
    }
    tap += skip;
  }
}

/** Four vectors of a window whose rows have three real taps. */
@inline
function averageOfThrees(
  tap: usize, y: usize, planes: i32, rows: i32, columnStep: usize, rowStep: usize, skip: usize, count: v128,
): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let d = planes; d > 0; d--) {
    for (let h = rows; h > 0; h--) {
      const b = tap + columnStep, c = b + columnStep;
      s0 = f32x4.add(f32x4.add(f32x4.add(s0, v128.load(tap)), v128.load(b)), v128.load(c));
      s1 = f32x4.add(f32x4.add(f32x4.add(s1, v128.load(tap, 16)), v128.load(b, 16)), v128.load(c, 16));
      s2 = f32x4.add(f32x4.add(f32x4.add(s2, v128.load(tap, 32)), v128.load(b, 32)), v128.load(c, 32));
      s3 = f32x4.add(f32x4.add(f32x4.add(s3, v128.load(tap, 48)), v128.load(b, 48)), v128.load(c, 48));
      tap += rowStep;
    }
    tap += skip;
  }
  v128.store(y, f32x4.div(s0, count));
  v128.store(y, f32x4.div(s1, count), 16);
  v128.store(y, f32x4.div(s2, count), 32);
  v128.store(y, f32x4.div(s3, count), 48);
}

/** One or four vectors of a window, whose first real tap is at `tap`; `lanes` of a single one. */
@inline
function averageOf(
  tap: usize, y: usize, planes: i32, rows: i32, columns: i32, columnStep: usize, rowStep: usize, skip: usize,
  count: v128, vectors: i32, lanes: i32,
): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let d = planes; d > 0; d--) {
    for (let h = rows; h > 0; h--) {
      let p = tap;
      for (let w = columns; w > 0; w--) {
        s0 = f32x4.add(s0, loadLanes(p, lanes));
        if (vectors == 4) {
          s1 = f32x4.add(s1, v128.load(p, 16));
          s2 = f32x4.add(s2, v128.load(p, 32));
          s3 = f32x4.add(s3, v128.load(p, 48));
        }
        p += columnStep;
      }
      tap += rowStep;
    }
    tap += skip;
  }
  storeLanes(y, f32x4.div(s0, count), lanes);
  if (vectors == 4) {
    v128.store(y, f32x4.div(s1, count), 16);
    v128.store(y, f32x4.div(s2, count), 32);
    v128.store(y, f32x4.div(s3, count), 48);
  }
}
