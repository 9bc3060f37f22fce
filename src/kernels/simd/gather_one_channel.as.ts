// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x, argmax -> y for images of one channel. Four neighbouring outputs of a row are found at a time, as far as their windows lie inside
 * x; the others, and those of rows too short for it, are found for four images at a time.
 */
import {
  batch, dCount, dFirst, dOutput, endTap, endWhole, enterRow, enterWindow, firstRowOffset, firstTap, firstWhole, hCount, hFirst, hOutput,
  hStep, hWindow, imageBytes, outputImageBytes, outputRowBytes, planeSkip, wDilation, wInput, wOutput, wPad, wPer, wStep, wStride,
  wWindow,
} from './geometry.as';
import { loadTap, loadTaps, loadTapsApart } from './kept_taps.as';
import { loadApart, storeApart } from './lanes.as';

export function gatherOfOne(x: usize, y: usize, argmaxOffset: usize): void {
  let first = firstWhole(0, wOutput), last = endWhole(0, wOutput);
  if (last - first < 4) { first = wOutput; last = wOutput; }
  for (let left = batch; left > 0;) {
    const images = left >= 4 ? 4 : 1;
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, y += outputRowBytes()) {
        const from = enterRow(x, 0, od, oh);
        for (let i = 0; i < images && first < last; i++) {
          insideOf(from + <usize>i * imageBytes(), y + <usize>i * outputImageBytes(), argmaxOffset, first, last);
        }
        if (wPer) {
          for (let ow = 0; ow < wOutput; ow++) {
            enterWindow(ow);
            edgeOf(from, y, argmaxOffset, ow, ow + 1, images == 4);
          }
        } else {
          edgeOf(from, y, argmaxOffset, 0, first, images == 4);
          edgeOf(from, y, argmaxOffset, last, wOutput, images == 4);
        }
      }
    }
    x += <usize>images * imageBytes();
    y += <usize>(images - 1) * outputImageBytes();
    left -= images;
  }
}

/** Four outputs at a time; the last four end with the last output, and may overlap those before. */
function insideOf(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): void {
  const origin = from + firstRowOffset() - (<usize>wPad << 2), apart = <usize>wStride << 2;
  for (let ow = begin; ow < end; ow += 4) {
    if (ow + 4 > end) ow = end - 4;
    const to = y + (<usize>ow << 2);
    v128.store(to, namedOf(origin + <usize>ow * apart, loadTaps(to, argmaxOffset), 0, wWindow, apart));
  }
}

/** The outputs [begin, end) one by one, of an image or of four. */
function edgeOf(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, ofFour: bool): void {
  const origin = from + firstRowOffset(), apart = ofFour ? imageBytes() : 0, apartInY = outputImageBytes();
  for (let ow = begin; ow < end; ow++) {
    const start = ow * wStride - wPad, first = firstTap(start, wDilation);
    const columns = endTap(start, wInput, wWindow, wDilation) - first;
    const tap = origin + (<usize>start << 2) + <usize>first * wStep, to = y + (<usize>ow << 2);
    const value = namedOf(tap, ofFour ? loadTapsApart(to, apartInY, argmaxOffset) : i32x4.splat(loadTap(to, argmaxOffset)), first, columns, apart);
    if (ofFour) storeApart(to, apartInY, value);
    else v128.store32_lane(to, value, 0);
  }
}

/** What the argmax names in four windows, `apart` from one another, whose first real tap is at `tap`, in the window's column `first`. */
function namedOf(tap: usize, argmax: v128, first: i32, columns: i32, apart: usize): v128 {
  const rows = hCount, columnStep = wStep, rowStep = hStep, skip = planeSkip(), one = i32x4.splat(1);
  const rowNumbers = i32x4.splat(wWindow - columns), planeNumbers = i32x4.splat((hWindow - rows) * wWindow);
  let value = i32x4.splat(0), number = i32x4.splat((dFirst * hWindow + hFirst) * wWindow + first);
  for (let d = dCount; d > 0; d--, tap += skip, number = i32x4.add(number, planeNumbers)) {
    for (let h = rows; h > 0; h--, tap += rowStep, number = i32x4.add(number, rowNumbers)) {
      let p = tap;
      for (let w = columns; w > 0; w--, p += columnStep, number = i32x4.add(number, one)) {
        value = v128.or(value, v128.and(loadApart(p, apart), i32x4.eq(argmax, number)));
      }
    }
  }
  return value;
}
