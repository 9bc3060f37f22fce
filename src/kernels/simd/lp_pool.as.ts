// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * Lp pooling with p = 2 and 3, x -> y. Powers are added up tap by tap in row-major order, each operation rounded to f32. The
 * greatest magnitude of a window is found on the way; only where powers of it might be lost or infinite, the window is walked
 * again, divided by a power of two. The loops compute the same bits. With one channel, lanes are four neighbouring outputs of a row,
 * but for those whose windows reach into the padding along the width, which are done one by one.
 */
import {
  batch, channels, dCount, dOutput, endTap, endWhole, enterRow, firstRowOffset, firstTap, firstWhole, hCount, hOutput, hStep,
  outputRowBytes, pixel, planeSkip, wDilation, wInput, wOutput, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { loadAnyEvery, loadLanes, storeLanes } from './lanes.as';
import { cubeRoot } from './cube_root.as';

const LEAST_UNSCALED: f32 = 2.3283064365386963e-10; // 2^-32
const GREATEST_UNSCALED: f32 = 4294967296; // 2^32
const LEAST_SCALE: f32 = 1.1754943508222875e-38; // 2^-126
const GREATEST_SCALE: f32 = 1.2676506002282294e30; // 2^100

/** The outputs of a row that are done by fours: four at least, or none. */
let begin: i32 = 0;
let end: i32 = 0;

/** `cubes`: p is 3, else 2. */
export function lpPool(x: usize, y: usize, cubes: bool): void {
  begin = firstWhole(0, wOutput);
  end = endWhole(0, wOutput);
  if (channels > 1 || end - begin < 4) end = begin;
  for (let b = 0; b < batch; b++) {
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) {
        const from = enterRow(x, b, od, oh);
        if (cubes) cubesRow(from, y);
        else squaresRow(from, y);
      }
    }
  }
}

function squaresRow(from: usize, y: usize): void {
  normsRow(from, y, false);
}

function cubesRow(from: usize, y: usize): void {
  normsRow(from, y, true);
}

@inline
function normsRow(from: usize, y: usize, cubes: bool): void {
  const origin = from + firstRowOffset(), bytes = pixel, columnStep = wStep;
  const window = wWindow, stride = wStride, dilation = wDilation, input = wInput, outputs = wOutput;
  const first = begin, whole = end - first;
  if (whole) foursOf(origin + (<usize>(first * stride - wPad) << 2), y + (<usize>first << 2), whole, cubes);
  let start = -wPad;
  for (let ow = 0; ow < outputs; ow++, start += stride) {
    if (whole && ow == first) {
      ow += whole;
      start += whole * stride;
      y += <usize>whole << 2;
      if (ow == outputs) break;
    }
    const firstColumn = firstTap(start, dilation);
    const columns = endTap(start, input, window, dilation) - firstColumn;
    let tap = origin + <usize>start * bytes + <usize>firstColumn * columnStep;
    const last = y + bytes;
    for (; y + 32 <= last; y += 32, tap += 32) normOf(tap, y, columns, cubes, 2, 4, false);
    for (; y + 16 <= last; y += 16, tap += 16) normOf(tap, y, columns, cubes, 1, 4, false);
    if (y < last) {
      normOf(tap, y, columns, cubes, 1, <i32>(last - y) >> 2, false);
      y = last;
    }
  }
}

/** As many neighbouring outputs; the last four may overlap those before. `from`: the first real tap of the first. */
@inline
function foursOf(from: usize, y: usize, outputs: i32, cubes: bool): void {
  const columns = wWindow, apart = <usize>wStride << 2;
  for (let ow = 0; ow < outputs; ow += 4) {
    if (ow + 4 > outputs) ow = outputs - 4;
    normOf(from + <usize>ow * apart, y + (<usize>ow << 2), columns, cubes, 1, 4, true);
  }
}

/** Neighbouring elements, or (`ofOne`) those of four neighbouring windows. */
@inline
function loadTap(p: usize, lanes: i32, ofOne: bool): v128 {
  return ofOne ? loadAnyEvery(p, <usize>wStride << 2) : loadLanes(p, lanes);
}

@inline
function powerOf(value: v128, cubes: bool): v128 {
  const square = f32x4.mul(value, value);
  return cubes ? f32x4.mul(square, value) : square;
}

@inline
function rootOf(sum: v128, cubes: bool): v128 {
  return cubes ? cubeRoot(sum) : f32x4.sqrt(sum);
}

/** One or two vectors of a window, whose first real tap is at `tap`; `lanes` of a single one. */
@inline
function normOf(tap: usize, y: usize, columns: i32, cubes: bool, vectors: i32, lanes: i32, ofOne: bool): void {
  const rows = hCount, columnStep = wStep, rowStep = hStep, skip = planeSkip();
  let s0 = f32x4.splat(0), s1 = s0, m0 = s0, m1 = s0;
  let row = tap;
  for (let d = dCount; d > 0; d--) {
    for (let h = rows; h > 0; h--) {
      let at = row;
      for (let w = columns; w > 0; w--) {
        const v0 = loadTap(at, lanes, ofOne);
        s0 = f32x4.add(s0, powerOf(v0, cubes));
        m0 = f32x4.pmax(m0, f32x4.abs(v0));
        if (vectors == 2) {
          const v1 = v128.load(at, 16);
          s1 = f32x4.add(s1, powerOf(v1, cubes));
          m1 = f32x4.pmax(m1, f32x4.abs(v1));
        }
        at += columnStep;
      }
      row += rowStep;
    }
    row += skip;
  }
  finish(tap, y, columns, s0, m0, cubes, lanes, ofOne);
  if (vectors == 2) finish(tap + 16, y + 16, columns, s1, m1, cubes, lanes, false);
}

@inline
function finish(tap: usize, y: usize, columns: i32, sum: v128, greatest: v128, cubes: bool, lanes: i32, ofOne: bool): void {
  const isUnscaled = v128.or(
    f32x4.eq(greatest, f32x4.splat(0)),
    v128.and(f32x4.ge(greatest, f32x4.splat(LEAST_UNSCALED)), f32x4.le(greatest, f32x4.splat(GREATEST_UNSCALED))),
  );
  if (i32x4.all_true(isUnscaled)) storeLanes(y, rootOf(sum, cubes), lanes);
  else scaledNorm(tap, y, columns, isUnscaled, greatest, cubes, lanes, ofOne);
}

/** The same once more, with the elements of each lane that needs it over a power of two. */
function scaledNorm(
  tap: usize, y: usize, columns: i32, isUnscaled: v128, greatest: v128, cubes: bool, lanes: i32, ofOne: bool,
): void {
  const exponent = v128.and(greatest, i32x4.splat(0x7f800000));
  const power = f32x4.min(f32x4.max(exponent, f32x4.splat(LEAST_SCALE)), f32x4.splat(GREATEST_SCALE));
  const scale = v128.bitselect(f32x4.splat(1), power, isUnscaled);
  const rows = hCount, columnStep = wStep, rowStep = hStep, skip = planeSkip();
  let sum = f32x4.splat(0);
  for (let d = dCount; d > 0; d--) {
    for (let h = rows; h > 0; h--) {
      let at = tap;
      for (let w = columns; w > 0; w--) {
        const value = f32x4.div(loadTap(at, lanes, ofOne), scale);
        sum = f32x4.add(sum, cubes ? powerOf(value, true) : powerOf(value, false));
        at += columnStep;
      }
      tap += rowStep;
    }
    tap += skip;
  }
  storeLanes(y, f32x4.mul(scale, cubes ? rootOf(sum, true) : rootOf(sum, false)), lanes);
}
