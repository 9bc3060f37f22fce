// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * The gradient of Lp pooling with p = 2 and 3: x, y, dy -> dx. Windows are added up one after the other in row-major order, each
 * operation rounded to f32, as the loops do. With one channel, lanes are four neighbouring windows of a row, but for those that reach
 * into the padding along the width, and for up to three left over. Their columns are done from the last to the first: so what an element
 * gets from them comes in the order of the windows.
 */
import {
  batch, channels, dCount, dDilation, dFirst, dInput, dOutput, dStart, endTap, endWhole, enterRow, firstRowOffset, firstTap,
  firstWhole, hCount, hDilation, hFirst, hInput, hOutput, hStart, hStep, outputRowBytes, pixel, planeSkip, wDilation, wInput,
  wOutput, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { loadAnyEvery, loadApart, loadLanes, storeApart, storeLanes } from './lanes.as';
import { zeroUntil } from './scatter.as';

/** The windows of a row that are done by fours: [begin, begin + some). */
let begin: i32 = 0;
let some: i32 = 0;

/**
 * `cubes`: p is 3, else 2. dx may hold garbage, but for its first `kept` bytes, which hold the sums of windows before; as
 * scatter has it.
 */
export function lpPoolGradient(x: usize, y: usize, dy: usize, dx: usize, cubes: bool, kept: usize): void {
  const rowBytes = <usize>wInput * pixel, toX = x - dx, toY = y - dy;
  begin = firstWhole(0, wOutput);
  some = channels > 1 ? 0 : max(0, endWhole(0, wOutput) - begin) & ~3;
  for (let b = 0; b < batch; b++) {
    const end = dx + <usize>(dInput * hInput) * rowBytes;
    let clean = dx + kept;
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, dy += outputRowBytes()) {
        const from = enterRow(dx, 0, od, oh);
        const lastPlane = dStart + (dFirst + dCount - 1) * dDilation;
        const lastRow = hStart + (hFirst + hCount - 1) * hDilation;
        clean = zeroUntil(clean, dx + <usize>(lastPlane * hInput + lastRow + 1) * rowBytes, end);
        if (cubes) cubesRow(from, dy, toX, toY);
        else squaresRow(from, dy, toX, toY);
      }
    }
    zeroUntil(clean, end, end);
    dx = end;
    kept = 0;
  }
}

function squaresRow(from: usize, dy: usize, toX: usize, toY: usize): void {
  gradientRow(from, dy, toX, toY, false);
}

function cubesRow(from: usize, dy: usize, toX: usize, toY: usize): void {
  gradientRow(from, dy, toX, toY, true);
}

@inline
function gradientRow(from: usize, dy: usize, toX: usize, toY: usize, cubes: bool): void {
  const origin = from + firstRowOffset(), all = pixel, columnStep = wStep;
  const window = wWindow, stride = wStride, dilation = wDilation, input = wInput, outputs = wOutput;
  const first = begin, past = first + some;
  let start = -wPad;
  for (let ow = 0; ow < outputs; ow++, start += stride) {
    if (ow == first && ow < past) {
      for (; ow < past; ow += 4, start += 4 * stride, dy += 16) {
        gradientOf(origin + (<usize>start << 2), dy, toX, toY, window, cubes, 1, 4, true);
      }
      if (ow == outputs) break;
    }
    const firstColumn = firstTap(start, dilation);
    const columns = endTap(start, input, window, dilation) - firstColumn;
    let tap = origin + <usize>start * all + <usize>firstColumn * columnStep;
    const last = dy + all;
    for (; dy + 32 <= last; dy += 32, tap += 32) gradientOf(tap, dy, toX, toY, columns, cubes, 2, 4, false);
    for (; dy + 16 <= last; dy += 16, tap += 16) gradientOf(tap, dy, toX, toY, columns, cubes, 1, 4, false);
    if (dy < last) {
      gradientOf(tap, dy, toX, toY, columns, cubes, 1, <i32>(last - dy) >> 2, false);
      dy = last;
    }
  }
}

@inline
function slopeOf(value: v128, norm: v128, cubes: bool): v128 {
  const ratio = f32x4.div(value, norm);
  return cubes ? f32x4.mul(ratio, ratio) : ratio;
}

/** One or two vectors of a window, whose first real tap is at `tap`; `lanes` of a single one. With `ofOne`, four windows from there on. */
@inline
function gradientOf(
  tap: usize, dy: usize, toX: usize, toY: usize, columns: i32, cubes: bool, vectors: i32, lanes: i32, ofOne: bool,
): void {
  const rows = hCount, columnStep = wStep, rowStep = hStep, skip = planeSkip(), zero = f32x4.splat(0);
  const apart = <usize>wStride << 2, lastColumn = ofOne ? <usize>(columns - 1) * columnStep : 0;
  // Where the norm is 0 nothing is added, and no slope is infinite.
  const y0 = loadLanes(dy + toY, lanes), isZero0 = f32x4.eq(y0, zero);
  const norm0 = v128.bitselect(f32x4.splat(Infinity), y0, isZero0), dy0 = v128.andnot(loadLanes(dy, lanes), isZero0);
  let norm1 = norm0, dy1 = dy0;
  if (vectors == 2) {
    const y1 = v128.load(dy + toY, 16), isZero1 = f32x4.eq(y1, zero);
    norm1 = v128.bitselect(f32x4.splat(Infinity), y1, isZero1);
    dy1 = v128.andnot(v128.load(dy, 16), isZero1);
  }
  for (let d = dCount; d > 0; d--) {
    for (let h = rows; h > 0; h--) {
      let at = tap;
      for (let w = columns; w > 0; w--) {
        if (ofOne) {
          const p = at + lastColumn, share = f32x4.mul(dy0, slopeOf(loadAnyEvery(p + toX, apart), norm0, cubes));
          if (apart == 4) v128.store(p, f32x4.add(v128.load(p), share));
          else storeApart(p, apart, f32x4.add(loadApart(p, apart), share));
          at -= columnStep;
          continue;
        }
        const slope = slopeOf(loadLanes(at + toX, lanes), norm0, cubes);
        storeLanes(at, f32x4.add(loadLanes(at, lanes), f32x4.mul(dy0, slope)), lanes);
        if (vectors == 2) {
          const second = slopeOf(v128.load(at + toX, 16), norm1, cubes);
          v128.store(at, f32x4.add(v128.load(at, 16), f32x4.mul(dy1, second)), 16);
        }
        at += columnStep;
      }
      tap += rowStep;
    }
    tap += skip;
  }
}
