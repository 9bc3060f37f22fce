// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** A product of any size, tile by tile: c[i][j] = from[i][j] + sum over k of a(i, k) * b[k][j]. */
import { loadApart, loadLanes, storeLanes } from '../../kernels/simd/lanes.as';
import { tile } from './tile.as';

/** Columns of a tile, and bytes of a row of one. */
export const COLUMNS = 8;
export const COLUMNS_BYTES: usize = 32;
const MOST_ROWS = 4;

/** What every scratch memory begins with: a row of zeros, and a tile for the columns at the right edge. */
export const HEAD_BYTES: usize = 256;
const EDGE_OFFSET: usize = 64;

/** How `a` is read (tile.as.ts): segments of `length` elements, `step` bytes apart. */
let segments: usize = 0;
let endOfSegments: usize = 0;
let length: i32 = 0;
let step: usize = 0;
/** How `b` is read: bytes from one row to the next, and from eight columns to the next eight. */
let bStep: usize = 0;
let panelStep: usize = 0;
/** What sums begin with: bytes from row to row and from eight columns to the next. */
let from: usize = 0;
let fromStep: usize = 0;
let fromPanelStep: usize = 0;
/** Between what sums end. */
let low: f32 = -Infinity;
let high: f32 = Infinity;
let head: usize = 0;

/** To be called first, with the scratch memory. */
export function begin(scratch: usize): void {
  head = scratch;
  memory.fill(scratch, 0, HEAD_BYTES);
  low = -Infinity;
  high = Infinity;
}

export function readSegments(first: usize, count: i32, elements: i32, bytes: usize): void {
  segments = first;
  endOfSegments = first + (<usize>count << 2);
  length = elements;
  step = bytes;
}

export function readColumns(rowBytes: usize, panelBytes: usize): void {
  bStep = rowBytes;
  panelStep = panelBytes;
}

/** Sums begin with zero. */
export function beginWithZeros(): void {
  from = head;
  fromStep = fromPanelStep = 0;
}

/** Sums begin with one value for each column. */
export function beginWithRow(row: usize): void {
  from = row;
  fromStep = 0;
  fromPanelStep = COLUMNS_BYTES;
}

/** Sums begin with what is there. */
export function beginWithMatrix(c: usize, cStep: usize): void {
  from = c;
  fromStep = cStep;
  fromPanelStep = COLUMNS_BYTES;
}

export function endBetween(least: f32, most: f32): void {
  low = least;
  high = most;
}

/** Rows of `a` start at `a` + rows[i]. No more than `n` columns of c are read or written; b has a multiple of eight. */
export function multiplyTiles(m: i32, n: i32, rows: usize, a: usize, b: usize, c: usize, cStep: usize): void {
  let sums = from;
  while (m > 0) {
    const count = rowsOfTile(m);
    let panel = b, begins = sums, to = c;
    for (let left = n; left > 0; left -= COLUMNS) {
      if (left >= COLUMNS) {
        tile(count, rows, a, segments, endOfSegments, length, step, panel, bStep, begins, fromStep, to, cStep, low, high);
      } else multiplyEdge(count, left, rows, a, panel, begins, to, cStep);
      panel += panelStep; begins += fromPanelStep; to += COLUMNS_BYTES;
    }
    rows += <usize>count << 2; sums += <usize>count * fromStep; c += <usize>count * cStep; m -= count;
  }
}

/** As even as it goes: of 25 rows, four times four and three times three, not six times four and one. */
@inline
function rowsOfTile(left: i32): i32 {
  const tiles = (left + MOST_ROWS - 1) / MOST_ROWS;
  return (left + tiles - 1) / tiles;
}

/** The last columns, less than eight, by way of a whole tile. */
function multiplyEdge(count: i32, columns: i32, rows: usize, a: usize, b: usize, begins: usize, c: usize, cStep: usize): void {
  const edge = head + EDGE_OFFSET;
  for (let i = 0; i < count; i++) copyColumns(edge + <usize>i * COLUMNS_BYTES, begins + <usize>i * fromStep, columns);
  tile(count, rows, a, segments, endOfSegments, length, step, b, bStep, edge, COLUMNS_BYTES, edge, COLUMNS_BYTES, low, high);
  for (let i = 0; i < count; i++) copyColumns(c + <usize>i * cStep, edge + <usize>i * COLUMNS_BYTES, columns);
}

/** 1 to 8 elements. */
@inline
function copyColumns(to: usize, from: usize, columns: i32): void {
  storeLanes(to, loadLanes(from, columns), columns);
  if (columns > 4) storeLanes(to + 16, loadLanes(from + 16, columns - 4), columns - 4);
}

/** Bytes of `k` rows of `n` columns in panels of eight. */
export function panelsBytes(k: i32, n: i32): usize {
  return <usize>((n + COLUMNS - 1) / COLUMNS) * <usize>k * COLUMNS_BYTES;
}

/** Lays out b, whose rows are `rowStep` bytes apart and columns `columnStep`, in panels of eight columns; the last is filled up with zeros. */
export function layOut(b: usize, rowStep: usize, columnStep: usize, k: i32, n: i32, panels: usize): void {
  for (; n > 0; n -= COLUMNS, b += COLUMNS * columnStep) {
    const columns = min(n, COLUMNS);
    let row = b;
    for (let left = k; left > 0; left--, row += rowStep, panels += COLUMNS_BYTES) {
      if (columns < COLUMNS) {
        layOutEdge(row, columnStep, columns, panels);
      } else if (columnStep == 4) {
        v128.store(panels, v128.load(row));
        v128.store(panels, v128.load(row, 16), 16);
      } else {
        v128.store(panels, loadApart(row, columnStep));
        v128.store(panels, loadApart(row + 4 * columnStep, columnStep), 16);
      }
    }
  }
}

function layOutEdge(row: usize, columnStep: usize, columns: i32, to: usize): void {
  const zero = f32x4.splat(0);
  v128.store(to, zero);
  v128.store(to, zero, 16);
  for (let j = 0; j < columns; j++) store<f32>(to + (<usize>j << 2), load<f32>(row + <usize>j * columnStep));
}
