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
import { loadApart, storeApart, sum, zip } from './lanes.as';
import { zeroUntil } from './scatter.as';

/** Padding reads as the float or integer that has these bits. */
export function im2col(x: usize, columns: usize, padBits: i32): void {
  for (let b = 0; b < batch; b++) {
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, columns += <usize>wOutput * rowBytes()) {
        rowOfWindows<i32>(enterRow(x, b, od, oh), columns, false, padBits);
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
        if (isFloat) addRowOfFloats(from, columns);
        else addRowOfIntegers(from, columns);
      }
    }
    zeroUntil(clean, end, end);
    dx = end;
  }
}

function addRowOfFloats(from: usize, columns: usize): void {
  rowOfWindows<f32>(from, columns, true, 0);
}

function addRowOfIntegers(from: usize, columns: usize): void {
  rowOfWindows<i32>(from, columns, true, 0);
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

/** A row of outputs, whose windows' taps (0, 0) are in the row of x at `from`. `adds`: from columns to x. */
@inline
function rowOfWindows<T>(from: usize, columns: usize, adds: bool, padBits: i32): void {
  const isWhole = dCount == dWindow && hCount == hWindow;
  const begin = isWhole ? firstWhole(0, wOutput) : wOutput, end = isWhole ? endWhole(begin, wOutput) : wOutput;
  const step = <usize>wStride * pixel, bytes = rowBytes();
  const origin = from - <usize>wPad * pixel;
  for (let ow = 0; ow < begin; ow++) windowOnTheEdge<T>(ow, origin, columns, adds, padBits);
  if (channels < 4) {
    for (let c: usize = 0; c < <usize>channels; c++) {
      const to = columns + <usize>begin * bytes + c * channelBytes();
      eachTap<T>(origin + <usize>begin * step + (c << 2), step, to, bytes, end - begin, adds);
    }
  } else {
    for (let ow = begin; ow < end; ow++) {
      eachTap<T>(origin + <usize>ow * step, 4, columns + <usize>ow * bytes, channelBytes(), channels, adds);
    }
  }
  for (let ow = end; ow < wOutput; ow++) windowOnTheEdge<T>(ow, origin, columns, adds, padBits);
}

/** The walk over the taps of a window, last to first: where the next one is, and how many are left in its row and plane. */
let nextTap: usize = 0;
let leftInRow: i32 = 0;
let leftInPlane: i32 = 0;

@inline
function startWalk(tapZero: usize): void {
  nextTap = tapZero + <usize>(dWindow - 1) * dStep + <usize>(hWindow - 1) * hStep + <usize>(wWindow - 1) * wStep;
  leftInRow = wWindow;
  leftInPlane = hWindow;
}

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
@inline
function eachTap<T>(tapZero: usize, step: usize, to: usize, toStep: usize, units: i32, adds: bool): void {
  startWalk(tapZero);
  let left = dWindow * hWindow * wWindow;
  for (; left & 3; left--) oneTap<T>(takeTap(), step, to + (<usize>(left - 1) << 2), toStep, units, adds);
  for (; left > 0; left -= 4) {
    const fourth = takeTap(), third = takeTap(), second = takeTap(), first = takeTap();
    fourTaps<T>(first, second, third, fourth, step, to + (<usize>(left - 4) << 2), toStep, units, adds);
  }
}

@inline
function oneTap<T>(tap: usize, step: usize, to: usize, toStep: usize, units: i32, adds: bool): void {
  for (let left = units; left > 0; left--, tap += step, to += toStep) move<T>(tap, to, adds);
}

@inline
function fourTaps<T>(
  first: usize, second: usize, third: usize, fourth: usize, step: usize, to: usize, toStep: usize, units: i32, adds: bool,
): void {
  const areClose = step == 4;
  let left = units, at: usize = 0;
  for (; left >= 4; left -= 4, at += step << 2, to += toStep << 2) {
    if (adds) {
      const a = v128.load(to), b = v128.load(to + toStep), c = v128.load(to + 2 * toStep), d = v128.load(to + 3 * toStep);
      const ab = zip(a, b, false), AB = zip(a, b, true), cd = zip(c, d, false), CD = zip(c, d, true);
      add<T>(fourth + at, step, areClose, v128.shuffle<i64>(AB, CD, 1, 3));
      add<T>(third + at, step, areClose, v128.shuffle<i64>(AB, CD, 0, 2));
      add<T>(second + at, step, areClose, v128.shuffle<i64>(ab, cd, 1, 3));
      add<T>(first + at, step, areClose, v128.shuffle<i64>(ab, cd, 0, 2));
    } else {
      const a = loadUnits(first + at, step, areClose), b = loadUnits(second + at, step, areClose);
      const c = loadUnits(third + at, step, areClose), d = loadUnits(fourth + at, step, areClose);
      const ab = zip(a, b, false), AB = zip(a, b, true), cd = zip(c, d, false), CD = zip(c, d, true);
      v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
      v128.store(to + toStep, v128.shuffle<i64>(ab, cd, 1, 3));
      v128.store(to + 2 * toStep, v128.shuffle<i64>(AB, CD, 0, 2));
      v128.store(to + 3 * toStep, v128.shuffle<i64>(AB, CD, 1, 3));
    }
  }
  for (; left > 0; left--, at += step, to += toStep) {
    move<T>(fourth + at, to + 12, adds);
    move<T>(third + at, to + 8, adds);
    move<T>(second + at, to + 4, adds);
    move<T>(first + at, to, adds);
  }
}

@inline
function loadUnits(p: usize, step: usize, areClose: bool): v128 {
  return areClose ? v128.load(p) : loadApart(p, step);
}

@inline
function add<T>(p: usize, step: usize, areClose: bool, values: v128): void {
  if (areClose) v128.store(p, sum<T>(v128.load(p), values));
  else storeApart(p, step, sum<T>(loadApart(p, step), values));
}

/** One element, from x to the matrix or, added up, back. */
@inline
function move<T>(tap: usize, to: usize, adds: bool): void {
  if (adds) store<T>(tap, load<T>(tap) + load<T>(to));
  else i32.store(to, i32.load(tap));
}

/** A window some of whose taps may be padding; `origin` is where the window at output 0 has its tap (0, 0, 0). */
@inline
function windowOnTheEdge<T>(ow: i32, origin: usize, columns: usize, adds: bool, padBits: i32): void {
  const start = ow * wStride - wPad;
  const first = firstTap(start, wDilation), end = endTap(start, wInput, wWindow, wDilation);
  const bytes = channelBytes(), tapZero = origin + <usize>(ow * wStride) * pixel;
  let to = columns + <usize>ow * rowBytes();
  for (let d = 0; d < dWindow; d++) {
    for (let h = 0; h < hWindow; h++) {
      const isRow = d >= dFirst && d < dFirst + dCount && h >= hFirst && h < hFirst + hCount;
      let tap = tapZero + <usize>d * dStep + <usize>h * hStep;
      for (let w = 0; w < wWindow; w++, to += 4, tap += wStep) {
        if (isRow && w >= first && w < end) oneTap<T>(tap, 4, to, bytes, channels, adds);
        else if (!adds) padTap(to, bytes, padBits);
      }
    }
  }
}

@inline
function padTap(to: usize, bytes: usize, padBits: i32): void {
  for (let left = channels; left > 0; left--, to += bytes) i32.store(to, padBits);
}
