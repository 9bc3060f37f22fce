// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> columns and back: the im2col matrix has a row per window, columns channel-major, then tap, and is copied in blocks of
 * four taps of four channels or, with less channels, of four windows in a row. Taps come last to first: so those that
 * neighbouring windows add to the same element add up in the order of the windows.
 */
import {
  batch, channels, dCount, dDilation, dFirst, dInput, dOutput, dStart, dStep, dWindow, endTap, endWhole, enterRow, firstTap,
  firstWhole, hCount, hDilation, hFirst, hInput, hOutput, hStart, hStep, hWindow, imageBytes, pixel, wDilation, wInput,
  wOutput, wPad, wStep, wStride, wWindow,
} from './geometry.as';
import { loadApart, storeApart, zip } from './lanes.as';
import { zeroUntil } from './scatter.as';

/** What becomes of the elements: they are copied to the matrix, or added up in dx as one of two types. */
const COPY = 0, ADD_FLOATS = 1, ADD_INTEGERS = 2;

/** Padding reads as the float or integer that has these bits. */
export function im2col(x: usize, columns: usize, padBits: i32): void {
  for (let b = 0; b < batch; b++) {
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, columns += <usize>wOutput * rowBytes()) {
        rowOfWindows(enterRow(x, b, od, oh), columns, COPY, padBits);
      }
    }
  }
}

/** The first `kept` bytes of dx are added to; the rest is written. */
export function col2im(columns: usize, dx: usize, isFloat: bool, kept: usize): void {
  for (let b = 0; b < batch; b++, kept = 0) {
    const end = dx + imageBytes();
    let clean = dx + kept;
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, columns += <usize>wOutput * rowBytes()) {
        const from = enterRow(dx, 0, od, oh);
        const lastPlane = dStart + (dFirst + dCount - 1) * dDilation;
        const lastRow = hStart + (hFirst + hCount - 1) * hDilation;
        clean = zeroUntil(clean, dx + <usize>((lastPlane * hInput + lastRow + 1) * wInput) * pixel, end);
        rowOfWindows(from, columns, isFloat ? ADD_FLOATS : ADD_INTEGERS, 0);
      }
    }
    zeroUntil(clean, end, end);
    dx = end;
  }
}

/** Bytes of a row of one channel. */
@inline
function channelBytes(): usize {
  return <usize>(dWindow * hWindow * wWindow) << 2;
}

/** Bytes of a row of the matrix. */
@inline
function rowBytes(): usize {
  return channelBytes() * <usize>channels;
}

/** A row of outputs, whose windows' taps (0, 0) are in the row of x at `from`. */
function rowOfWindows(from: usize, columns: usize, mode: i32, padBits: i32): void {
  const isWhole = dCount == dWindow && hCount == hWindow;
  const begin = isWhole ? firstWhole(0, wOutput) : wOutput, end = isWhole ? endWhole(begin, wOutput) : wOutput;
  const step = <usize>wStride * pixel, bytes = rowBytes();
  const origin = from - <usize>wPad * pixel;
  windowsOnTheEdge(0, begin, origin, columns, mode, padBits);
  const along = channels < 4, first = origin + <usize>begin * step, to = columns + <usize>begin * bytes;
  for (let i: usize = 0, count: usize = along ? channels : end - begin; i < count; i++) {
    if (along) eachTap(first + (i << 2), step, to + i * channelBytes(), bytes, end - begin, mode);
    else eachTap(first + i * step, 4, to + i * bytes, channelBytes(), channels, mode);
  }
  windowsOnTheEdge(end, wOutput, origin, columns, mode, padBits);
}

/** The walk over the taps of a window, last to first: where the next one is, and how many are left in its row and plane. */
let nextTap: usize = 0;
let leftInRow: i32 = 0;
let leftInPlane: i32 = 0;

function takeTap(): usize {
  const tap = nextTap;
  nextTap -= wStep;
  if (--leftInRow == 0) {
    leftInRow = wWindow;
    nextTap += <usize>wWindow * wStep - hStep;
    if (--leftInPlane == 0) {
      leftInPlane = hWindow;
      nextTap += <usize>hWindow * hStep - dStep;
    }
  }
  return tap;
}

/**
 * So many units, channels of a window or windows in a row, all of whose taps are real. The first has its tap (0, 0, 0) at
 * `tapZero` and its row of taps at `to`; the next ones are so many bytes on.
 */
function eachTap(tapZero: usize, step: usize, to: usize, toStep: usize, units: i32, mode: i32): void {
  nextTap = tapZero + <usize>(dWindow - 1) * dStep + <usize>(hWindow - 1) * hStep + <usize>(wWindow - 1) * wStep;
  leftInRow = wWindow;
  leftInPlane = hWindow;
  let left = dWindow * hWindow * wWindow;
  to += <usize>left << 2;
  for (; left & 3; left--) oneTap(takeTap(), step, (to -= 4), toStep, units, mode);
  for (; left > 0; left -= 4) {
    const fourth = takeTap(), third = takeTap(), second = takeTap(), first = takeTap();
    to -= 16;
    if (mode == COPY) copyTaps(first, second, third, fourth, step, to, toStep, units);
    else addTaps(first, second, third, fourth, step, to, toStep, units, mode);
    const rest = units & 3, done = <usize>(units - rest), at = done * step, toRest = to + done * toStep;
    if (rest == 0) continue;
    oneTap(fourth + at, step, toRest + 12, toStep, rest, mode);
    oneTap(third + at, step, toRest + 8, toStep, rest, mode);
    oneTap(second + at, step, toRest + 4, toStep, rest, mode);
    oneTap(first + at, step, toRest, toStep, rest, mode);
  }
}

function oneTap(tap: usize, step: usize, to: usize, toStep: usize, units: i32, mode: i32): void {
  for (let left = units; left > 0; left--, tap += step, to += toStep) {
    if (mode == COPY) i32.store(to, i32.load(tap));
    else if (mode == ADD_FLOATS) f32.store(tap, f32.load(tap) + f32.load(to));
    else i32.store(tap, i32.load(tap) + i32.load(to));
  }
}

/** Blocks of four units; what is left over is not touched. */
function copyTaps(
  first: usize, second: usize, third: usize, fourth: usize, step: usize, to: usize, toStep: usize, units: i32,
): void {
  for (let left = units; left >= 4; left -= 4, to += toStep << 2) {
    const a = loadUnits(first, step), b = loadUnits(second, step), c = loadUnits(third, step), d = loadUnits(fourth, step);
    const ab = zip(a, b, false), AB = zip(a, b, true), cd = zip(c, d, false), CD = zip(c, d, true);
    v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
    v128.store(to + toStep, v128.shuffle<i64>(ab, cd, 1, 3));
    v128.store(to + 2 * toStep, v128.shuffle<i64>(AB, CD, 0, 2));
    v128.store(to + 3 * toStep, v128.shuffle<i64>(AB, CD, 1, 3));
    first += step << 2; second += step << 2; third += step << 2; fourth += step << 2;
  }
}

function addTaps(
  first: usize, second: usize, third: usize, fourth: usize, step: usize, to: usize, toStep: usize, units: i32, mode: i32,
): void {
  for (let left = units; left >= 4; left -= 4, to += toStep << 2) {
    const a = v128.load(to), b = v128.load(to + toStep), c = v128.load(to + 2 * toStep), d = v128.load(to + 3 * toStep);
    const ab = zip(a, b, false), AB = zip(a, b, true), cd = zip(c, d, false), CD = zip(c, d, true);
    addUnits(fourth, step, mode, v128.shuffle<i64>(AB, CD, 1, 3));
    addUnits(third, step, mode, v128.shuffle<i64>(AB, CD, 0, 2));
    addUnits(second, step, mode, v128.shuffle<i64>(ab, cd, 1, 3));
    addUnits(first, step, mode, v128.shuffle<i64>(ab, cd, 0, 2));
    first += step << 2; second += step << 2; third += step << 2; fourth += step << 2;
  }
}

@inline
function loadUnits(p: usize, step: usize): v128 {
  return step == 4 ? v128.load(p) : loadApart(p, step);
}

@inline
function addUnits(p: usize, step: usize, mode: i32, values: v128): void {
  const before = loadUnits(p, step);
  const after = mode == ADD_FLOATS ? f32x4.add(before, values) : i32x4.add(before, values);
  if (step == 4) v128.store(p, after);
  else storeApart(p, step, after);
}

/** Windows some of whose taps may be padding; `origin` is where the window at output 0 has its tap (0, 0, 0). */
function windowsOnTheEdge(from: i32, end: i32, origin: usize, columns: usize, mode: i32, padBits: i32): void {
  const bytes = channelBytes();
  let to = columns + <usize>from * rowBytes();
  for (let ow = from; ow < end; ow++, to += rowBytes() - bytes) {
    const start = ow * wStride - wPad;
    const firstColumn = firstTap(start, wDilation), endColumn = endTap(start, wInput, wWindow, wDilation);
    for (let d = 0; d < dWindow; d++) {
      for (let h = 0; h < hWindow; h++) {
        const isRow = d >= dFirst && d < dFirst + dCount && h >= hFirst && h < hFirst + hCount;
        let tap = origin + <usize>(ow * wStride) * pixel + <usize>d * dStep + <usize>h * hStep;
        for (let w = 0; w < wWindow; w++, to += 4, tap += wStep) {
          if (isRow && w >= firstColumn && w < endColumn) oneTap(tap, 4, to, bytes, channels, mode);
          else if (mode == COPY) padTap(to, bytes, padBits);
        }
      }
    }
  }
}

@inline
function padTap(to: usize, bytes: usize, padBits: i32): void {
  for (let left = channels; left > 0; left--, to += bytes) i32.store(to, padBits);
}
