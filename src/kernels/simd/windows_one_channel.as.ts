// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * Images of one channel, window by window, for windows that no row of lanes serves: those fitted to the outputs, and rows too short. To
 * read, four images are done at a time: four columns of each are loaded and turned into four vectors of one column. To write, a vector
 * is four columns of the window, which all get the same.
 */
import { columnCells, rowCells } from './divisor.as';
import {
  dCount, dFirst, dStep, dWindow, endTap, enterWindow, firstRowOffset, firstTap, hCount, hFirst, hStep, hWindow, imageBytes, outputImageBytes, planeSkip,
  wDilation, wFitWhole, wInput, wOutput, wPad, wPer, wStep, wStride, wWindow,
} from './geometry.as';
import { isInBytes, loadTap, storeTapsApart } from './kept_taps.as';
import { larger, loadApart, loadLanes, storeApart, storeLanes, zip } from './lanes.as';
import { wins } from './max_exact.as';

/** How many images are worth doing at once, of `left`: by fours, as long as they fit into the cache, or one. */
export function imagesAtOnce(left: i32): i32 {
  return left < 4 ? 1 : min(left & ~3, max(4, min(16, <i32>(MOST_BYTES / imageBytes()) & ~3)));
}

const MOST_BYTES: usize = 131072;

/**
 * The outputs [begin, end) of a row, of as many images: by fours, or a single one. Where windows are fitted to the outputs, those before
 * `begin` have been entered.
 */
export function maxWindows(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, images: i32, ignoreNan: bool): void {
  windowsOf(from, y, argmaxOffset, begin, end, images, ignoreNan, false, true);
}

/** Maxima alone, where x has no NaN. */
export function valuesWindows(from: usize, y: usize, begin: i32, end: i32, images: i32): void {
  windowsOf(from, y, 0, begin, end, images, false, false, false);
}

export function averageWindows(from: usize, y: usize, begin: i32, images: i32): void {
  windowsOf(from, y, 0, begin, wOutput, images, false, true, true);
}

@inline
function windowsOf(
  from: usize, y: usize, argmaxOffset: usize, firstOutput: i32, end: i32, images: i32, ignoreNan: bool, averages: bool, exact: bool,
): void {
  // A single image is read as four that are alike.
  const ofFour = images >= 4, apart = ofFour ? imageBytes() : 0, apartInY = ofFour ? outputImageBytes() : 0;
  const origin = from + firstRowOffset(), input = wInput;
  const dilation = wDilation, step = wStep, rows = hCount, planes = dCount, rowStep = hStep, skip = planeSkip();
  const one = i32x4.splat(1), guarded = i32x4.splat(ignoreNan ? -1 : 0), mayTurn = dilation == 1;
  y += <usize>firstOutput << 2;
  for (let ow = firstOutput; ow < end; ow++, y += 4) {
    if (wPer) enterWindow(ow);
    const start = wPer ? -wPad : ow * wStride - wPad, window = wWindow, first = firstTap(start, dilation);
    const columns = endTap(start, input, window, dilation) - first, begin = start + first * dilation;
    const firstNumber = i32x4.splat((dFirst * hWindow + hFirst) * window + first);
    const rowNumbers = i32x4.splat(window - columns), planeNumbers = i32x4.splat((hWindow - rows) * window);
    const cells = averages ? f32x4.splat(<f32>(rowCells() * columnCells(start, columns))) : one;
    // As many columns as lie in whole vectors.
    const turned = mayTurn ? min(columns, max(0, (input - begin) & ~3)) : 0;
    let top = origin + (<usize>begin << 2), to = y;
    for (let left4 = images; left4 > 0; left4 -= 4, top += 4 * apart, to += 4 * apartInY) {
      let tap = top, number = firstNumber, argmax = firstNumber;
      let best = averages ? i32x4.splat(0) : loadApart(tap, apart);
      for (let d = planes; d > 0; d--, tap += skip) {
        for (let h = rows; h > 0; h--, tap += rowStep) {
          let p = tap, left = columns;
          for (let some = turned; some > 1; some -= 4, left -= 4, p += 16) {
            const a = v128.load(p), b = v128.load(p + apart), c = v128.load(p + 2 * apart), e = v128.load(p + 3 * apart);
            const ab = zip(a, b, false), ce = zip(c, e, false), first = v128.shuffle<i64>(ab, ce, 0, 2);
            const second = v128.shuffle<i64>(ab, ce, 1, 3);
            if (averages) best = f32x4.add(f32x4.add(best, first), second);
            else if (!exact) best = larger<f32>(larger<f32>(best, first), second);
            else {
              const better = wins<f32>(first, best, guarded);
              best = v128.bitselect(first, best, better);
              argmax = i32x4.max_s(argmax, v128.and(number, better));
              number = i32x4.add(number, one);
              const better2 = wins<f32>(second, best, guarded);
              best = v128.bitselect(second, best, better2);
              argmax = i32x4.max_s(argmax, v128.and(number, better2));
              number = i32x4.add(number, one);
            }
            if (some == 2) { left -= 2; p += 8; break; }
            const cd = zip(a, b, true), ef = zip(c, e, true), third = v128.shuffle<i64>(cd, ef, 0, 2);
            if (averages) best = f32x4.add(best, third);
            else if (!exact) best = larger<f32>(best, third);
            else {
              const better = wins<f32>(third, best, guarded);
              best = v128.bitselect(third, best, better);
              argmax = i32x4.max_s(argmax, v128.and(number, better));
              number = i32x4.add(number, one);
            }
            if (some == 3) { left -= 3; p += 12; break; }
            const fourth = v128.shuffle<i64>(cd, ef, 1, 3);
            if (averages) best = f32x4.add(best, fourth);
            else if (!exact) best = larger<f32>(best, fourth);
            else {
              const better = wins<f32>(fourth, best, guarded);
              best = v128.bitselect(fourth, best, better);
              argmax = i32x4.max_s(argmax, v128.and(number, better));
              number = i32x4.add(number, one);
            }
          }
          for (; left > 0; left--, p += step) {
            const value = loadApart(p, apart);
            if (averages) best = f32x4.add(best, value);
            else if (!exact) best = larger<f32>(best, value);
            else {
              const better = wins<f32>(value, best, guarded);
              best = v128.bitselect(value, best, better);
              argmax = i32x4.max_s(argmax, v128.and(number, better));
              number = i32x4.add(number, one);
            }
          }
          if (!averages && exact) number = i32x4.add(number, rowNumbers);
        }
        if (!averages && exact) number = i32x4.add(number, planeNumbers);
      }
      if (averages) best = f32x4.div(best, cells);
      storeApart(to, apartInY, best);
      if (!averages && argmaxOffset) storeTapsApart(to, apartInY, argmaxOffset, argmax);
    }
  }
}

/** Adds the shares of a row of windows to dx, in as many images, by turns: each waits for its own windows before. */
export function spreadWindows(from: usize, dy: usize, images: i32): void {
  const apart = imageBytes(), apartInY = outputImageBytes(), origin = from + firstRowOffset(), outputs = wOutput, input = wInput;
  const dilation = wDilation, step = wStep, rows = hCount, planes = dCount, rowStep = hStep, skip = planeSkip();
  for (let ow = 0; ow < outputs; ow++, dy += 4) {
    if (wPer) enterWindow(ow);
    const start = wPer ? -wPad : ow * wStride - wPad, first = firstTap(start, dilation);
    const columns = endTap(start, input, wWindow, dilation) - first, begin = start + first * dilation;
    const cells = f32x4.splat(<f32>(rowCells() * columnCells(start, columns)));
    // The columns past the window in its last vector get 0, where they lie in the row.
    const rest = columns & 3, whole = columns & ~3, fits = begin + whole + 4 <= input;
    const some = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(rest)), isNarrow = dilation == 1 && planes == 1 && whole == 0 && fits;
    let window = origin + (<usize>begin << 2), at = dy;
    if (dilation > 1 && images >= 4) {
      for (let left = images; left > 0; left -= 4, window += 4 * apart, at += 4 * apartInY) {
        const shares = f32x4.div(loadApart(at, apartInY), cells);
        let row = window;
        for (let d = planes; d > 0; d--, row += skip) {
          for (let h = rows; h > 0; h--, row += rowStep) {
            let p = row;
            for (let w = columns; w > 0; w--, p += step) storeApart(p, apart, f32x4.add(loadApart(p, apart), shares));
          }
        }
      }
      continue;
    }
    for (let image = images; image > 0; image--, window += apart, at += apartInY) {
      const shares = f32x4.div(v128.load32_splat(at), cells), last = v128.and(shares, some);
      let row = window;
      if (isNarrow) {
        for (let h = rows; h > 0; h--, row += rowStep) v128.store(row, f32x4.add(v128.load(row), last));
        continue;
      }
      for (let d = planes; d > 0; d--, row += skip) {
        for (let h = rows; h > 0; h--, row += rowStep) {
          let p = row;
          if (dilation > 1) {
            for (let w = columns; w > 0; w--, p += step) store<f32>(p, load<f32>(p) + f32x4.extract_lane(shares, 0));
            continue;
          }
          for (let w = whole; w > 0; w -= 4, p += 16) v128.store(p, f32x4.add(v128.load(p), shares));
          if (rest) {
            if (fits) v128.store(p, f32x4.add(v128.load(p), last));
            else storeLanes(p, f32x4.add(loadLanes(p, rest), last), rest);
          }
        }
      }
    }
  }
}

/**
 * dy, argmax -> dx: adds a row of gradients, or writes them, each where its argmax says; in as many images. A product with the
 * reciprocal of a window's width is the number of its row, exactly, below 2^16.
 */
export function routeRow<T>(from: usize, dy: usize, argmaxOffset: usize, images: i32, adds: bool): void {
  // Integers are rare, and not worth the code.
  if (!isFloat<T>()) routeRowOf<T>(from, dy, argmaxOffset, images, adds, isInBytes(argmaxOffset));
  else if (isInBytes(argmaxOffset)) routeRowOf<T>(from, dy, argmaxOffset, images, adds, true);
  else routeRowOf<T>(from, dy, argmaxOffset, images, adds, false);
}

@inline
function routeRowOf<T>(from: usize, dy: usize, argmaxOffset: usize, images: i32, adds: bool, inBytes: bool): void {
  const outputs = wOutput, input = wInput, dilation = wDilation, stride = wStride, rowStep = hStep, planeStep = dStep, lines = hWindow;
  const firstLine = hFirst, lineCount = hCount, firstPlane = dFirst, planeCount = dCount, isFlat = planeCount == 1 && dWindow == 1;
  const apart = imageBytes(), apartInY = outputImageBytes(), least = wPer ? max(1, wFitWhole) : wWindow;
  const ofLeast = reciprocal(least), ofNext = reciprocal(least + 1), ofLast = reciprocal(least + 2);
  let start = -wPad, window = wWindow, inverse = ofLeast;
  for (let ow = 0; ow < outputs; ow++, dy += 4, start += stride) {
    if (wPer) {
      enterWindow(ow);
      start = -wPad;
      window = wWindow;
      inverse = window == least ? ofLeast : window == least + 1 ? ofNext : ofLast;
    }
    let at = dy, to = from;
    for (let image = images; image > 0; image--, at += apartInY, to += apart) {
      const tap = <u32>loadTap(at, argmaxOffset, inBytes);
      const row = (tap | window) < 65536 ? <u32>((<u64>tap * inverse) >> 32) : tap / <u32>window;
      const column = start + <i32>(tap - row * window) * dilation;
      const plane = isFlat ? 0 : row / <u32>lines, line = row - plane * lines;
      if (<u32>column < <u32>input && <u32>(line - firstLine) < <u32>lineCount && <u32>(plane - firstPlane) < <u32>planeCount) {
        const p = to + <usize>plane * planeStep + <usize>line * rowStep + (<usize>column << 2);
        store<T>(p, adds ? load<T>(p) + load<T>(at) : load<T>(at));
      }
    }
  }
}

@inline
function reciprocal(window: i32): u64 {
  return (<u64>1 << 32) / <u64>window + 1;
}
