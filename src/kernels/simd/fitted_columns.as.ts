// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** Four neighbouring windows of a row that are fitted to the outputs along the width. */
import { columnOffset, columnRest, columnWhole, perColumn } from './fitted_tiles.as';

/** The column where the first one starts, how many bytes after it the others do, and how wide they are. */
export let firstColumn: i32 = 0;
export let second: usize = 0;
export let third: usize = 0;
export let fourth: usize = 0;
export let fourWidths: v128 = i32x4.splat(0);

/** Where the next window starts, and the rest of that division. */
let column: i32 = 0;
let rest: i32 = 0;
/** The same of output `known`; the next window is the fourth one after it. */
let known: i32 = 0;
let knownColumn: i32 = 0;
let knownRest: i32 = 0;

/** The windows from output `ow` on. To be called with 0 first, and then in order. */
export function enterFour(ow: i32): void {
  if (ow > 0 && ow == known + 4) known = ow;
  else {
    if (ow < known || ow == 0) {
      known = 0;
      knownColumn = columnOffset / perColumn;
      knownRest = columnOffset % perColumn;
    }
    column = knownColumn;
    rest = knownRest;
    for (; known < ow; known++) nextWindow();
  }
  knownColumn = column;
  knownRest = rest;
  firstColumn = column;
  fourWidths = i32x4.splat(nextWindow());
  second = <usize>(column - firstColumn) << 2;
  fourWidths = i32x4.replace_lane(fourWidths, 1, nextWindow());
  third = <usize>(column - firstColumn) << 2;
  fourWidths = i32x4.replace_lane(fourWidths, 2, nextWindow());
  fourth = <usize>(column - firstColumn) << 2;
  fourWidths = i32x4.replace_lane(fourWidths, 3, nextWindow());
}

/** Goes to the next window, and returns the width of this one. */
@inline
function nextWindow(): i32 {
  const start = column;
  column += columnWhole;
  rest += columnRest;
  if (rest >= perColumn) {
    rest -= perColumn;
    column++;
  }
  return column + (rest > 0 ? 1 : 0) - start;
}
