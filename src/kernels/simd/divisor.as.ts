// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** What averages divide by: the number of cells that a window counts. */
import {
  dCount, dDilation, dInput, dStart, dWindow, endTap, hCount, hDilation, hInput, hStart, hWindow, stackImages, wDilation, wInput, wPad,
  wStride, wWindow,
} from './geometry.as';

/** What divides: nothing, the real taps, or the taps on the padded input. */
const ONE = 0;
const REAL = 1;

let divisor: i32 = ONE;
/** Divides as well: 1, or what the user divides by in place of a count. */
let given: i32 = 1;
/** Where the padded input ends. */
let dEnd: i32 = 0;
let hEnd: i32 = 0;
let wEnd: i32 = 0;

/** To be called after the geometry is set. */
export function setDivisor(mode: i32, factor: i32, dAfter: i32, hAfter: i32, wAfter: i32): void {
  divisor = mode;
  given = factor;
  dEnd = dInput + dAfter;
  hEnd = hInput + hAfter;
  wEnd = wInput + wAfter;
}

/** As {@link stackImages}, for averages. */
export function stackAveraged(): void {
  if (hEnd != hInput) return;
  stackImages();
  hEnd = hInput;
}

@inline
function cells(start: i32, end: i32, window: i32, dilation: i32, real: i32): i32 {
  return divisor == ONE ? 1 : divisor == REAL ? real : endTap(start, end, window, dilation);
}

/** Whether windows without padding divide by the number of their taps. */
@inline
export function countsTaps(): bool {
  return divisor != ONE;
}

/** The part of the current output row's divisors that is the same for all of its windows. */
@inline
export function rowCells(): i32 {
  return given * cells(dStart, dEnd, dWindow, dDilation, dCount) * cells(hStart, hEnd, hWindow, hDilation, hCount);
}

/** The rest: of a window that starts at `start` and has so many real columns. */
@inline
export function columnCells(start: i32, columns: i32): i32 {
  return cells(start, wEnd, wWindow, wDilation, columns);
}

/** The same of four neighbouring outputs; at least 1. */
export function cellsOfFour(output: i32): v128 {
  const one = i32x4.splat(1);
  if (divisor == ONE) return one;
  const outputs = i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(output));
  const starts = i32x4.sub(i32x4.mul(outputs, i32x4.splat(wStride)), i32x4.splat(wPad));
  const isReal = divisor == REAL, zero = i32x4.splat(0), end = i32x4.splat(isReal ? wInput : wEnd);
  if (wDilation == 1) {
    const ends = i32x4.min_s(i32x4.add(starts, i32x4.splat(wWindow)), end);
    return i32x4.max_s(i32x4.sub(ends, isReal ? i32x4.max_s(starts, zero) : starts), one);
  }
  let cells = zero;
  for (let w = wWindow, tap = starts; w > 0; w--, tap = i32x4.add(tap, i32x4.splat(wDilation))) {
    const counts = i32x4.lt_s(tap, end);
    cells = i32x4.sub(cells, isReal ? v128.andnot(counts, i32x4.lt_s(tap, zero)) : counts);
  }
  return i32x4.max_s(cells, one);
}
