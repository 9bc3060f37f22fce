// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx for images of one channel, a row of windows of three columns with stride 1 or 2 at a time.
 *
 * A block is the elements from the start of one window to the start of the next. Four blocks are done at a time, each
 * with the windows that start there and in the (at most) two blocks before; the farthest comes first, so that what an
 * element gets is added up in the order of the outputs. The elements at both ends of the row are done one by one.
 */
import {
  channels, dCount, dFirst, firstRowOffset, fitted, hCount, hFirst, hStep, hWindow, planeSkip, wDilation, wInput, wOutput, wPad, wStride,
  wWindow,
} from './geometry.as';
import { isInBytes, loadTap, loadTaps } from './kept_taps.as';
import { unzip, zip } from './lanes.as';

/** The blocks that are done four at a time: they lie inside the row, and the windows that reach into them are there. */
let begin: i32 = 0;
let end: i32 = 0;

/** Whether the geometry is of this kind. To be called first. */
export function routesRows(): bool {
  if (fitted || channels != 1 || wDilation != 1 || wWindow != 3 || wStride > 2) return false;
  const reach = 2 / wStride + 1;
  begin = max((wPad + wStride - 1) / wStride, reach - 1);
  end = min(wOutput, (wInput + wPad) / wStride);
  return end - begin >= 4;
}

/** Adds to what dx holds. `from` is column 0 in the row of the windows' tap (0, 0). */
export function scatterRowOfOne(from: usize, dy: usize, argmaxOffset: usize): void {
  if (isInBytes(argmaxOffset)) {
    if (wStride == 1) rowOf(from, dy, argmaxOffset, 1, 3, true);
    else rowOf(from, dy, argmaxOffset, 2, 2, true);
  } else if (wStride == 1) rowOf(from, dy, argmaxOffset, 1, 3, false);
  else rowOf(from, dy, argmaxOffset, 2, 2, false);
}

/** The elements of a block are reached by `reach` windows; with stride 2, those in odd places by one less. */
@inline
function rowOf(from: usize, dy: usize, argmaxOffset: usize, stride: i32, reach: i32, inBytes: bool): void {
  const pad = wPad, input = wInput, last = end, to = from + firstRowOffset(), zero = i32x4.splat(0);
  const rows = hCount, rowStep = hStep, planes = dCount, skip = planeSkip(), rowNumbers = i32x4.splat(3);
  const firstNumber = i32x4.splat((dFirst * hWindow + hFirst) * 3);
  const planeNumbers = i32x4.splat((hWindow - rows) * 3), step = i32x4.splat(stride);
  routeElements(to, 0, begin * stride - pad, dy, argmaxOffset);
  for (let block = begin; block < last; block += 4) {
    const late = max(0, block + 4 - last);
    block -= late;
    const at = dy + (<usize>block << 2);
    let g0 = v128.load(at), g1 = v128.load(at - 4), g2 = reach > 2 ? v128.load(at - 8) : zero;
    const a0 = i32x4.sub(loadTaps(at, argmaxOffset, inBytes), firstNumber);
    const a1 = i32x4.sub(loadTaps(at - 4, argmaxOffset, inBytes), i32x4.add(firstNumber, step));
    const a2 = reach > 2 ? i32x4.sub(loadTaps(at - 8, argmaxOffset, inBytes), i32x4.add(firstNumber, i32x4.add(step, step))) : zero;
    if (late > 0) {
      // The last four blocks may overlap those before: these have got theirs.
      const fresh = i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(late));
      g0 = v128.and(g0, fresh);
      g1 = v128.and(g1, fresh);
      g2 = v128.and(g2, fresh);
    }
    let p = to + (<usize>(block * stride - pad) << 2);
    if (rows == 3 && planes == 1) {
      // The usual case without a loop, which takes a third longer.
      blocksOf(p, stride, reach, g0, g1, g2, a0, a1, a2, zero);
      blocksOf(p + rowStep, stride, reach, g0, g1, g2, a0, a1, a2, rowNumbers);
      blocksOf(p + 2 * rowStep, stride, reach, g0, g1, g2, a0, a1, a2, i32x4.add(rowNumbers, rowNumbers));
      continue;
    }
    let number = zero;
    for (let d = planes; d > 0; d--, p += skip, number = i32x4.add(number, planeNumbers)) {
      for (let h = rows; h > 0; h--, p += rowStep, number = i32x4.add(number, rowNumbers)) {
        blocksOf(p, stride, reach, g0, g1, g2, a0, a1, a2, number);
      }
    }
  }
  routeElements(to, last * stride - pad, input, dy, argmaxOffset);
}

/** Four blocks in one row of dx; `number` is that of the row's first tap. */
@inline
function blocksOf(
  p: usize, stride: i32, reach: i32, g0: v128, g1: v128, g2: v128, a0: v128, a1: v128, a2: v128, number: v128,
): void {
  if (stride == 1) return v128.store(p, sums(v128.load(p), reach, g0, g1, g2, a0, a1, a2, number));
  const lower = v128.load(p), upper = v128.load(p, 16), next = i32x4.add(number, i32x4.splat(1));
  const left = sums(unzip(lower, upper, false), reach, g0, g1, g2, a0, a1, a2, number);
  const right = sums(unzip(lower, upper, true), reach - 1, g0, g1, g2, a0, a1, a2, next);
  v128.store(p, zip(left, right, false));
  v128.store(p, zip(left, right, true), 16);
}

/** Adds the values of the last `windows` of three windows whose argmax is `number`. */
@inline
function sums(before: v128, windows: i32, g0: v128, g1: v128, g2: v128, a0: v128, a1: v128, a2: v128, number: v128): v128 {
  if (windows > 2) before = f32x4.add(before, v128.and(g2, i32x4.eq(a2, number)));
  if (windows > 1) before = f32x4.add(before, v128.and(g1, i32x4.eq(a1, number)));
  return f32x4.add(before, v128.and(g0, i32x4.eq(a0, number)));
}

/** Whether windows of two or four columns lie side by side in a row, so that all of their elements may be written. */
export function writesRows(): bool {
  return channels == 1 && (wWindow == 2 || wWindow == 4) && wStride == wWindow && wDilation == 1 && wPad == 0 && wOutput >= 4 &&
    wOutput * wWindow <= wInput;
}

/** Writes all elements of such a row of windows, four of them at a time; the last four end with the last one. */
export function writeRowOfOne(from: usize, dy: usize, argmaxOffset: usize): void {
  const to = from + firstRowOffset(), rows = hCount, rowStep = hStep, skip = planeSkip(), window = wWindow, outputs = wOutput;
  const first = i32x4.splat((dFirst * hWindow + hFirst) * window), rowNumbers = i32x4.splat(window);
  const planeNumbers = i32x4.splat((hWindow - rows) * window), one = i32x4.splat(1), each = i32x4(0, 1, 2, 3);
  for (let ow = 0; ow < outputs; ow += 4) {
    ow = min(ow, outputs - 4);
    const at = dy + (<usize>ow << 2), value = v128.load(at), argmax = i32x4.sub(loadTaps(at, argmaxOffset), first);
    let p = to + (<usize>(ow * window) << 2), number = i32x4.splat(0);
    for (let d = dCount; d > 0; d--, p += skip, number = i32x4.add(number, planeNumbers)) {
      for (let h = rows; h > 0; h--, p += rowStep, number = i32x4.add(number, rowNumbers)) {
        if (window == 2) {
          const left = v128.and(value, i32x4.eq(argmax, number)), right = v128.and(value, i32x4.eq(argmax, i32x4.add(number, one)));
          v128.store(p, zip(left, right, false));
          v128.store(p, zip(left, right, true), 16);
          continue;
        }
        const numbers = i32x4.add(number, each);
        v128.store(p, v128.and(v128.shuffle<i32>(value, value, 0, 0, 0, 0), i32x4.eq(v128.shuffle<i32>(argmax, argmax, 0, 0, 0, 0), numbers)));
        v128.store(p, v128.and(v128.shuffle<i32>(value, value, 1, 1, 1, 1), i32x4.eq(v128.shuffle<i32>(argmax, argmax, 1, 1, 1, 1), numbers)), 16);
        v128.store(p, v128.and(v128.shuffle<i32>(value, value, 2, 2, 2, 2), i32x4.eq(v128.shuffle<i32>(argmax, argmax, 2, 2, 2, 2), numbers)), 32);
        v128.store(p, v128.and(v128.shuffle<i32>(value, value, 3, 3, 3, 3), i32x4.eq(v128.shuffle<i32>(argmax, argmax, 3, 3, 3, 3), numbers)), 48);
      }
    }
  }
}

/** Some columns, in all rows of dx that the windows see. */
function routeElements(to: usize, column: i32, endColumn: i32, dy: usize, argmaxOffset: usize): void {
  for (; column < endColumn; column++) {
    const p = to + (<usize>column << 2), end = column + wPad, last = min(wOutput - 1, end / wStride);
    for (let output = end < 3 ? 0 : (end - 3) / wStride + 1; output <= last; output++) {
      const at = dy + (<usize>output << 2);
      addAt(p, load<f32>(at), loadTap(at, argmaxOffset) - (dFirst * hWindow + hFirst) * 3 - end + output * wStride);
    }
  }
}

/** Adds a value in the row that is `distance` tap numbers after the first. */
@inline
function addAt(p: usize, value: f32, distance: i32): void {
  const rows = hCount, rowStep = hStep, skip = planeSkip();
  for (let d = dCount; d > 0; d--, p += skip, distance -= (hWindow - rows) * 3) {
    for (let h = rows; h > 0; h--, p += rowStep, distance -= 3) {
      if (distance == 0) store<f32>(p, load<f32>(p) + value);
    }
  }
}
