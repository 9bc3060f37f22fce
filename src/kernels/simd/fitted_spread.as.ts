// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy -> dx for images of one channel and windows that are fitted to the outputs: the gradient of an average. Along an axis an element lies
 * in one window or two, and four neighbouring ones in four at most: their shares are made at once, and each element picks its first
 * window's and its second one's. Every row of dx is written once for each plane of windows over it; dx may hold garbage.
 */
import { countsTaps, rowCells } from './divisor.as';
import { enterFour, fourWidths } from './fitted_columns.as';
import { columnOffset, columnStep, isTiled, perColumn, perRow, restOfRow, rowRest, rowWhole, setTiles, tileImages, tileRows } from './fitted_tiles.as';
import {
  batch, dCount, dOutput, dStart, enterRow, hCount, hInput, hOutput, hStart, imageBytes, outputImageBytes, outputRowBytes, wInput, wOutput,
} from './geometry.as';

/** Whether the geometry is of this kind. */
export function spreadsFitted(): bool {
  return isTiled() && 3 * <i64>columnStep >= 4 * <i64>perColumn && wInput >= 4 && wOutput >= 4;
}

/** Bytes from one image to the next. An engine would compute a local anew for each. */
let apart: usize = 0;
let apartInY: usize = 0;

export function spreadFitted(dy: usize, dx: usize): void {
  setTiles(4);
  apart = imageBytes();
  apartInY = outputImageBytes();
  for (let left = batch, images = 0; left > 0; left -= images) {
    images = min(left, tileImages);
    for (let oh = 0; oh < hOutput; oh += tileRows) {
      // Whether the first row of these windows is done; and the planes that hold what windows before gave.
      const shared = <i32>(oh > 0 && restOfRow(oh) > 0);
      for (let od = 0, done = 0; od < dOutput; od++, done = dStart + dCount) {
        enterRow(0, 0, od, oh);
        for (let plane = dStart; plane < dStart + dCount; plane++) {
          spreadTile(
            dy + <usize>(od * hOutput + oh) * outputRowBytes(), dx + ((<usize>(plane * hInput + hStart + shared) * wInput) << 2), plane < done,
            shared, oh, min(hOutput, oh + tileRows), images);
        }
      }
    }
    dx += <usize>images * apart;
    dy += <usize>images * apartInY;
  }
}

/** The first of the four windows that are loaded for four columns, and where each column finds its first window and its last one there. */
let loaded: i32 = 0;
let early: v128 = i32x4.splat(0);
let late: v128 = i32x4.splat(0);

/** The first window over the next column, and the rest of that division. */
let window: i32 = 0;
let rest: i32 = 0;
let nextColumn: i32 = 0;

function enterColumns(column: i32): void {
  if (column != nextColumn || column == 0) {
    const at = <i64>column * perColumn - columnOffset;
    window = at < 0 ? 0 : <i32>(at / columnStep);
    rest = <i32>(at - <i64>window * columnStep);
  }
  nextColumn = column + 4;
  loaded = min(window, wOutput - 4);
  let firsts = 0, lasts = 0;
  for (let lane = 0; lane < 32; lane += 8) {
    const first = window;
    rest += perColumn;
    if (rest >= columnStep) {
      rest -= columnStep;
      window++;
    }
    const last = min(wOutput - 1, rest > 0 ? window : window - 1);
    firsts |= (first - loaded) << lane;
    lasts |= (last > first ? last - loaded : NO_LANE) << lane;
  }
  early = bytesOf(firsts);
  late = bytesOf(lasts);
}

const NO_LANE: i32 = 8;

/** Where the bytes of four lanes lie, whose numbers are the bytes of `lanes`. */
@inline
function bytesOf(lanes: i32): v128 {
  const each = i8x16.swizzle(i32x4.splat(lanes << 2), i8x16(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3));
  return i32x4.add(each, i32x4.splat(0x03020100));
}

/**
 * The rows of a plane of dx under the rows [oh, end) of windows. dx is the first one that is not done: with `shared`, the first one of the
 * windows is. `adds`: to what dx holds.
 */
function spreadTile(dy: usize, dx: usize, adds: bool, shared: i32, oh: i32, end: i32, images: i32): void {
  const input = wInput, rowBytes = <usize>input << 2, outputs = hOutput, outputBytes = outputRowBytes(), zero = f32x4.splat(0);
  const counts = countsTaps(), cellsOfRow = counts ? rowCells() / hCount : rowCells(), firstRest = restOfRow(oh);
  for (let group = 0; group < input; group += 4) {
    const column = min(group, input - 4), isDone = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(adds ? group - column : 0));
    enterColumns(column);
    enterFour(loaded);
    // The last four columns may overlap those before, which have got theirs.
    const a = v128.or(early, isDone), b = v128.or(late, isDone), cells = i32x4.mul(i32x4.splat(cellsOfRow), counts ? fourWidths : i32x4.splat(1));
    let top = dx + (<usize>column << 2), from = dy + (<usize>loaded << 2), rest = firstRest, done = shared;
    for (let row = oh; row < end; row++, from += outputBytes) {
      rest += rowRest;
      let count = rowWhole;
      if (rest >= perRow) {
        rest -= perRow;
        count++;
      }
      const below = rest + rowRest, linesBelow = rowWhole + <i32>(below >= perRow) + <i32>(below != perRow && below > 0);
      const lines = count + <i32>(rest > 0), isShared = rest > 0 && row + 1 < outputs, alone = lines - done - <i32>isShared;
      const divisor = f32x4.convert_i32x4_s(counts ? i32x4.mul(cells, i32x4.splat(lines)) : cells);
      const divisorBelow = f32x4.convert_i32x4_s(counts ? i32x4.mul(cells, i32x4.splat(linesBelow)) : cells);
      let to = top, q = from, image = images;
      // The loop tests at its end: only out of such a loop V8 moves what stays the same.
      do {
        const shares = f32x4.div(v128.load(q), divisor), first = i8x16.swizzle(shares, a), second = i8x16.swizzle(shares, b);
        let p = to;
        for (let line = alone; line > 0; line--, p += rowBytes) {
          v128.store(p, f32x4.add(f32x4.add(adds ? v128.load(p) : zero, first), second));
        }
        if (isShared) {
          const sum = f32x4.add(f32x4.add(adds ? v128.load(p) : zero, first), second);
          const sharesBelow = f32x4.div(v128.load(q + outputBytes), divisorBelow);
          v128.store(p, f32x4.add(f32x4.add(sum, i8x16.swizzle(sharesBelow, a)), i8x16.swizzle(sharesBelow, b)));
        }
        to += apart; q += apartInY;
      } while (--image > 0);
      top += <usize>(alone + <i32>isShared) * rowBytes;
      done = <i32>isShared;
    }
  }
}
