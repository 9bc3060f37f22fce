// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** What averages divide by: the number of cells that a window counts. */
import {
  dCount, dDilation, dInput, dStart, dWindow, endTap, hCount, hDilation, hInput, hStart, hWindow, wDilation, wInput, wWindow,
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

@inline
function cells(start: i32, end: i32, window: i32, dilation: i32, real: i32): i32 {
  return divisor == ONE ? 1 : divisor == REAL ? real : endTap(start, end, window, dilation);
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
