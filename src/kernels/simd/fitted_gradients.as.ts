// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx and, for averages, dy -> dx, for images of one channel and windows that are fitted to the outputs, on a plane. Along an
 * axis an element lies in one window or two, and four neighbouring ones in three at most: their gradients are loaded at once, and each
 * element picks its first window's and its second one's, in each row of windows over it. dx may hold garbage.
 */
import { loadTaps } from './kept_taps.as';
import { countsTaps, rowCells } from './divisor.as';
import {
  channels, dInput, dOutput, dPer, dWindow, enterRow, enterWindow, hCount, hFitStep, hInput, hOutput, hPad, hPer, hStart, hStride, hWindow,
  imageBytes, outputImageBytes, wFitWhole, wInput, wOutput, wPad, wPer, wWindow,
} from './geometry.as';

/** Whether the geometry is of this kind. */
export function gathersFitted(): bool {
  return channels == 1 && wPer > 0 && wFitWhole > 1 && wInput >= 4 && wOutput >= 4 && !dPer && dInput == 1 && dOutput == 1 && dWindow == 1 &&
    (hPer ? hFitStep >= hPer : hStride == hWindow && hPad == 0 && hOutput * hStride == hInput);
}

/** Whether that takes less time for max pooling than a window after the other. */
export function routesFitted(): bool {
  return gathersFitted() && wFitWhole < 5;
}

/** The gradients of so many images. */
export function routeFitted(dy: usize, argmaxOffset: usize, dx: usize, images: i32): void {
  gather(dy, argmaxOffset, dx, images, true);
}
export function spreadFitted(dy: usize, dx: usize, images: i32): void {
  gather(dy, 0, dx, images, false);
}

/** Bytes from one image to the next. An engine would compute a local anew for each. */
let apart: usize = 0;
let apartInY: usize = 0;

@inline
function gather(dy: usize, argmaxOffset: usize, dx: usize, images: i32, routes: bool): void {
  const rowBytes = <usize>wInput << 2, outputBytes = <usize>wOutput << 2;
  apart = imageBytes();
  apartInY = outputImageBytes();
  enterRow(0, 0, 0, 0);
  let start = hStart, end = start + hCount, cells = routes ? 1 : rowCells(), done = 0;
  for (let oh = 0; oh < hOutput; oh++, dy += outputBytes) {
    let nextStart = end, nextEnd = end, nextCells = 0;
    if (oh + 1 < hOutput) {
      enterRow(0, 0, 0, oh + 1);
      nextStart = hStart; nextEnd = nextStart + hCount;
      nextCells = routes ? 1 : rowCells();
    }
    gatherRow(
      dy, argmaxOffset, dx + <usize>done * rowBytes, images, done - start, nextStart - done, nextStart < end, cells, nextCells, routes);
    done = end; start = nextStart; end = nextEnd; cells = nextCells;
  }
}

/**
 * The rows of dx under a row of windows, from its tap row `tapRow` on: `alone` rows that only it lies over and, if it `shares` that one,
 * the first row of the next row of windows. `cells` and `nextCells` are what divides, along the height.
 */
@inline
function gatherRow(
  dy: usize, argmaxOffset: usize, dx: usize, images: i32, tapRow: i32, alone: i32, shares: bool, cells: i32, nextCells: i32, routes: bool,
): void {
  const input = wInput, outputs = wOutput, rowBytes = <usize>input << 2;
  let start0 = 0, width0 = 0, start1 = 0, width1 = 0, start2 = 0, width2 = 0, first = -3;
  for (let group = 0; group < input; group += 4) {
    const column = min(group, input - 4);
    while (first < 0 || start0 + width0 <= column) {
      start0 = start1; width0 = width1; start1 = start2; width1 = width2;
      first++;
      start2 = input + 4;
      if (first + 2 < outputs) {
        enterWindow(first + 2);
        start2 = -wPad;
        width2 = wWindow;
      }
    }
    const columns = i32x4.add(i32x4.splat(column), i32x4(0, 1, 2, 3));
    // Which of the three windows is the first over each column, and which the last.
    const early = i32x4.add(i32x4.ge_s(columns, i32x4.splat(start0 + width0)), i32x4.ge_s(columns, i32x4.splat(start1 + width1)));
    const late = i32x4.add(i32x4.ge_s(columns, i32x4.splat(start1)), i32x4.ge_s(columns, i32x4.splat(start2)));
    // The last windows are loaded with some before them.
    const loaded = min(first, outputs - 4), shift = i32x4.splat(first - loaded), none = i32x4.eq(early, late);
    const a = bytesOf(i32x4.sub(early, shift)), b = v128.or(bytesOf(i32x4.sub(late, shift)), none);
    const widths = i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(width0), 1, width1), 2, width2);
    const starts = i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(start0), 1, start1), 2, start2);
    let divisor = widths, nextDivisor = widths, numbers = widths, others = widths, widthsOfA = widths, widthsOfB = widths;
    if (routes) {
      // The tap numbers of the columns in the first row of their windows.
      widthsOfA = i8x16.swizzle(widths, bytesOf(early));
      widthsOfB = i8x16.swizzle(widths, bytesOf(late));
      numbers = i32x4.sub(columns, i8x16.swizzle(starts, bytesOf(early)));
      others = i32x4.sub(columns, i8x16.swizzle(starts, bytesOf(late)));
    } else {
      const moved = i8x16.swizzle(widths, bytesOf(i32x4.add(shift, i32x4(0, -1, -2, -3))));
      const each = countsTaps() ? moved : i32x4.splat(1);
      divisor = f32x4.convert_i32x4_s(i32x4.mul(each, i32x4.splat(cells)));
      nextDivisor = f32x4.convert_i32x4_s(i32x4.mul(each, i32x4.splat(nextCells)));
    }
    const before = i32x4.splat(tapRow);
    let to = dx + (<usize>column << 2), from = dy + (<usize>loaded << 2), image = images;
    // The loop tests at its end: only out of such a loop V8 moves what stays the same.
    do {
      let p = to, values = v128.load(from), taps = values;
      if (!routes) values = f32x4.div(values, divisor);
      let ofA = i8x16.swizzle(values, a), ofB = i8x16.swizzle(values, b), tapsOfA = ofA, tapsOfB = ofB, sum = f32x4.add(ofA, ofB);
      if (routes) {
        taps = loadTaps(from, argmaxOffset);
        // From the first row of the windows on.
        tapsOfA = i32x4.sub(i8x16.swizzle(taps, a), i32x4.add(numbers, i32x4.mul(before, widthsOfA)));
        tapsOfB = i32x4.sub(i8x16.swizzle(taps, b), i32x4.add(others, i32x4.mul(before, widthsOfB)));
      }
      const zero = i32x4.splat(0);
      for (let row = alone; row > 0; row--, p += rowBytes) {
        if (routes) {
          sum = f32x4.add(v128.and(ofA, i32x4.eq(tapsOfA, zero)), v128.and(ofB, i32x4.eq(tapsOfB, zero)));
          tapsOfA = i32x4.sub(tapsOfA, widthsOfA);
          tapsOfB = i32x4.sub(tapsOfB, widthsOfB);
        }
        v128.store(p, sum);
      }
      if (shares) {
        if (routes) sum = f32x4.add(v128.and(ofA, i32x4.eq(tapsOfA, zero)), v128.and(ofB, i32x4.eq(tapsOfB, zero)));
        const next = from + (<usize>outputs << 2);
        values = v128.load(next);
        if (!routes) values = f32x4.div(values, nextDivisor);
        ofA = i8x16.swizzle(values, a); ofB = i8x16.swizzle(values, b);
        if (routes) {
          taps = loadTaps(next, argmaxOffset);
          ofA = v128.and(ofA, i32x4.eq(i8x16.swizzle(taps, a), numbers));
          ofB = v128.and(ofB, i32x4.eq(i8x16.swizzle(taps, b), others));
        }
        v128.store(p, f32x4.add(f32x4.add(sum, ofA), ofB));
      }
      to += apart; from += apartInY;
    } while (--image > 0);
  }
}

/** Where the bytes of a lane lie; lanes are numbered downwards from 0. */
@inline
function bytesOf(lanes: v128): v128 {
  return i32x4.sub(i32x4.splat(0x03020100), i32x4.mul(lanes, i32x4.splat(0x04040404)));
}
