// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * Average pooling, x -> y, and its adjoint, dy -> dx. Sums are added up tap by tap in row-major order, gradients
 * window by window, each rounded to f32, as the loops do.
 */
import {
  batch, channels, dCount, dDilation, dFirst, dInput, dOutput, dPad, dStart, dStride, dWindow, endTap, enterRow,
  firstRowOffset, firstTap, hCount, hDilation, hFirst, hInput, hOutput, hPad, hStart, hStep, hStride, hWindow,
  outputRowBytes, pixel, planeSkip, wDilation, wInput, wOutput, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { loadLanes, storeLanes } from './lanes.as';
import { covers, overlaps, zeroUntil } from './scatter.as';

/** What divides: nothing, the real taps, or the taps on the padded input. */
const ONE = 0;
const REAL = 1;

let divisor: i32 = ONE;
/** Where the padded input ends. */
let dEnd: i32 = 0;
let hEnd: i32 = 0;
let wEnd: i32 = 0;

/** To be called after the geometry is set. */
export function setDivisor(mode: i32, dAfter: i32, hAfter: i32, wAfter: i32): void {
  divisor = mode;
  dEnd = dInput + dAfter;
  hEnd = hInput + hAfter;
  wEnd = wInput + wAfter;
}

@inline
function cells(start: i32, end: i32, window: i32, dilation: i32, real: i32): i32 {
  return divisor == ONE ? 1 : divisor == REAL ? real : endTap(start, end, window, dilation);
}

/** The part of the current output row's divisors that is the same for all of its windows. */
@inline
function rowCells(): i32 {
  return cells(dStart, dEnd, dWindow, dDilation, dCount) * cells(hStart, hEnd, hWindow, hDilation, hCount);
}

export function averagePool(x: usize, y: usize): void {
  for (let b = 0; b < batch; b++) {
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) averageRow(enterRow(x, b, od, oh), y);
    }
  }
}

function averageRow(from: usize, y: usize): void {
  // Locals, because the engine reads a global again after every store.
  const origin = from + firstRowOffset(), perRow = rowCells(), all = channels, bytes = pixel, mode = divisor;
  const window = wWindow, stride = wStride, dilation = wDilation, input = wInput, padded = wEnd, outputs = wOutput;
  const rows = hCount, planes = dCount, columnStep = wStep, rowStep = hStep, skip = planeSkip();
  let start = -wPad;
  for (let ow = 0; ow < outputs; ow++, start += stride) {
    const firstColumn = firstTap(start, dilation);
    const columns = endTap(start, input, window, dilation) - firstColumn;
    const inWidth = mode == ONE ? 1 : mode == REAL ? columns : endTap(start, padded, window, dilation);
    const count = f32x4.splat(<f32>(perRow * inWidth));
    let tap = origin + <usize>start * bytes + <usize>firstColumn * columnStep;
    const last = y + bytes;
    if (all >= 4 && planes == 1 && rows == 2 && columns == 2) {
      averageOfFour(tap, tap + columnStep, tap + rowStep, tap + rowStep + columnStep, y, last, count);
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

/** dx may hold garbage, but for its first `kept` bytes, which hold the sums of windows before; as scatter has it. */
export function averageSpread(dy: usize, dx: usize, kept: usize): void {
  const adds = kept > 0 || overlaps(dOutput, dWindow, dStride, dDilation) ||
    overlaps(hOutput, hWindow, hStride, hDilation) || overlaps(wOutput, wWindow, wStride, wDilation);
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
        if (adds) addRow(from, dy);
        else writeRow(from, dy);
      }
    }
    zeroUntil(clean, end);
    dx = end;
    kept = 0;
  }
}

function writeRow(from: usize, dy: usize): void {
  spreadRow(from, dy, false);
}

function addRow(from: usize, dy: usize): void {
  spreadRow(from, dy, true);
}

/** A row of windows. `adds`: to what other windows have added; otherwise no two windows share an element. */
@inline
function spreadRow(from: usize, dy: usize, adds: bool): void {
  const origin = from + firstRowOffset(), perRow = rowCells(), all = channels, bytes = pixel;
  const window = wWindow, stride = wStride, dilation = wDilation, input = wInput, columnStep = wStep, outputs = wOutput;
  let start = -wPad;
  for (let ow = 0; ow < outputs; ow++, start += stride) {
    const firstColumn = firstTap(start, dilation);
    const columns = endTap(start, input, window, dilation) - firstColumn;
    const count = f32x4.splat(<f32>(perRow * cells(start, wEnd, window, dilation, columns)));
    let tap = origin + <usize>start * bytes + <usize>firstColumn * columnStep;
    let left = all;
    for (; left >= 16; left -= 16, dy += 64, tap += 64) spreadOf(tap, dy, columns, count, adds, 4, 4);
    for (; left >= 4; left -= 4, dy += 16, tap += 16) spreadOf(tap, dy, columns, count, adds, 1, 4);
    if (left > 0) {
      spreadOf(tap, dy, columns, count, adds, 1, left);
      dy += <usize>left * 4;
    }
  }
}

/** One or four vectors of a window, whose first real tap is at `tap`; `lanes` of a single one. */
@inline
function spreadOf(tap: usize, dy: usize, columns: i32, count: v128, adds: bool, vectors: i32, lanes: i32): void {
  const rows = hCount, columnStep = wStep, rowStep = hStep, skip = planeSkip();
  const q0 = f32x4.div(loadLanes(dy, lanes), count);
  let q1 = q0, q2 = q0, q3 = q0;
  if (vectors == 4) {
    q1 = f32x4.div(v128.load(dy, 16), count);
    q2 = f32x4.div(v128.load(dy, 32), count);
    q3 = f32x4.div(v128.load(dy, 48), count);
  }
  for (let d = dCount; d > 0; d--) {
    for (let h = rows; h > 0; h--) {
      let p = tap;
      for (let w = columns; w > 0; w--) {
        storeLanes(p, adds ? f32x4.add(loadLanes(p, lanes), q0) : q0, lanes);
        if (vectors == 4) {
          v128.store(p, adds ? f32x4.add(v128.load(p, 16), q1) : q1, 16);
          v128.store(p, adds ? f32x4.add(v128.load(p, 32), q2) : q2, 32);
          v128.store(p, adds ? f32x4.add(v128.load(p, 48), q3) : q3, 48);
        }
        p += columnStep;
      }
      tap += rowStep;
    }
    tap += skip;
  }
}
