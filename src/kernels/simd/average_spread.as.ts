// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** The adjoint of average pooling, dy -> dx. Gradients are added up window by window, each rounded to f32, as the loops do. */
import { columnCells, rowCells } from './divisor.as';
import {
  batch, channels, dCount, dDilation, dFirst, dInput, dOutput, dPad, dStart, dStride, dWindow, endTap, enterRow, enterWindow,
  firstRowOffset, firstTap, fitted, hCount, hDilation, hFirst, hInput, hOutput, hPad, hStart, hStep, hStride, hWindow,
  imageBytes, outputImageBytes, outputRowBytes, pixel, planeSkip, wDilation, wInput, wOutput, wPad, wPer, wStep, wStride, wWindow,
} from './geometry.as';
import { spreadsFitted, spreadFitted } from './fitted_spread.as';
import { loadLanes, storeLanes } from './lanes.as';
import { covers, overlaps, zeroUntil } from './scatter.as';
import { spreadRows, spreadsRows } from './spread_one_channel.as';
import { spreadThreeWideRow, spreadsThreeWide } from './spread_three_wide.as';
import { imagesAtOnce, spreadWindows } from './windows_one_channel.as';

/** dx may hold garbage, but for its first `kept` bytes, which hold the sums of windows before; as scatter has it. */
export function averageSpread(dy: usize, dx: usize, kept: usize): void {
  if (kept == 0 && spreadsFitted()) return spreadFitted(dy, dx);
  const adds = fitted || kept > 0 || overlaps(dOutput, dWindow, dStride, dDilation) ||
    overlaps(hOutput, hWindow, hStride, hDilation) || overlaps(wOutput, wWindow, wStride, wDilation);
  const covered = !adds && covers(dInput, dOutput, dWindow, dStride, dDilation, dPad) &&
    covers(hInput, hOutput, hWindow, hStride, hDilation, hPad) &&
    covers(wInput, wOutput, wWindow, wStride, wDilation, wPad);
  if (spreadsRows(adds)) return spreadRows(dy, dx, kept, covered);
  const rowBytes = <usize>wInput * pixel, threeWide = adds && channels > 1 && spreadsThreeWide();
  for (let left = batch; left > 0;) {
    const images = channels == 1 && kept == 0 ? imagesAtOnce(left) : 1, end = dx + <usize>images * imageBytes();
    let clean = covered && channels > 1 ? end : dx + kept;
    if (images > 1) clean = zeroUntil(clean, end, end);
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, dy += outputRowBytes()) {
        const from = enterRow(dx, 0, od, oh);
        if (threeWide) {
          clean = spreadThreeWideRow(from, dy, clean);
          continue;
        }
        const lastPlane = dStart + (dFirst + dCount - 1) * dDilation;
        const lastRow = hStart + (hFirst + hCount - 1) * hDilation;
        clean = zeroUntil(clean, dx + <usize>(lastPlane * hInput + lastRow + 1) * rowBytes, end);
        if (channels == 1) spreadWindows(from, dy, images);
        else if (!adds) writeRow(from, dy);
        else if (!wPer) addRow(from, dy, wOutput);
        else {
          for (let ow = 0; ow < wOutput; ow++) {
            enterWindow(ow);
            addRow(from, dy + <usize>ow * pixel, 1);
          }
        }
      }
    }
    zeroUntil(clean, end, end);
    dx = end;
    dy += <usize>(images - 1) * outputImageBytes();
    left -= images;
    kept = 0;
  }
}

function writeRow(from: usize, dy: usize): void {
  spreadRow(from, dy, wOutput, false);
}

function addRow(from: usize, dy: usize, outputs: i32): void {
  spreadRow(from, dy, outputs, true);
}

/** A row of windows. `adds`: to what other windows have added; otherwise no two windows share an element. */
@inline
function spreadRow(from: usize, dy: usize, outputs: i32, adds: bool): void {
  const origin = from + firstRowOffset(), perRow = rowCells(), all = channels, bytes = pixel;
  const window = wWindow, stride = wStride, dilation = wDilation, input = wInput, columnStep = wStep;
  let start = -wPad;
  for (let ow = 0; ow < outputs; ow++, start += stride) {
    const firstColumn = firstTap(start, dilation);
    const columns = endTap(start, input, window, dilation) - firstColumn;
    const count = f32x4.splat(<f32>(perRow * columnCells(start, columns)));
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
