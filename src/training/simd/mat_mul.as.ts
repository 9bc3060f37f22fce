// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** Matrix products, of matrices or transposed ones: only the steps from row to row and from column to column differ. */
import {
  begin, beginWithMatrix, beginWithRow, beginWithZeros, endBetween, HEAD_BYTES, layOut, multiplyTiles, panelsBytes, readColumns, readSegments,
} from './tiles.as';

/** A block of b: so many rows and columns stay in the cache. */
const BLOCK_ROWS = 256;
const BLOCK_COLUMNS = 128;
/** A table of where rows of `a` begin serves for so many. */
const TABLE_ROWS = 1024;
const TABLE_BYTES: usize = TABLE_ROWS * 4;

/** The product that matMul works on. Steps are bytes: those of a transposed matrix are exchanged. Results end between `low` and `high`. */
let n: i32 = 0;
let k: i32 = 0;
let aRow: usize = 0;
let aColumn: usize = 0;
let bRow: usize = 0;
let bColumn: usize = 0;
let cRow: usize = 0;
let low: f32 = 0;
let high: f32 = 0;

/** k is at least 1. */
export function setProduct(
  columns: i32, depth: i32, aRowStep: usize, aColumnStep: usize, bRowStep: usize, bColumnStep: usize, cRowStep: usize, least: f32, most: f32,
): void {
  n = columns; k = depth; aRow = aRowStep; aColumn = aColumnStep; bRow = bRowStep; bColumn = bColumnStep; cRow = cRowStep; low = least; high = most;
}

/** Of the product that is set. */
export function matMulScratch(): usize {
  return HEAD_BYTES + 16 + TABLE_BYTES + panelsBytes(min(k, BLOCK_ROWS), min(n, BLOCK_COLUMNS));
}

/** c[i][j] = bias[j] + sum over k of a[i][k] * b[k][j] for m rows, added in the order of k; `bias` 0: no bias. */
export function matMul(m: i32, a: usize, b: usize, c: usize, bias: usize, scratch: usize): void {
  const segment = scratch + HEAD_BYTES, rows = segment + 16, panels = rows + TABLE_BYTES;
  begin(scratch);
  store<i32>(segment, 0);
  for (let i = 0, end = min(m, TABLE_ROWS); i < end; i++) store<usize>(rows + (<usize>i << 2), <usize>i * aRow);
  for (let j = 0; j < n; j += BLOCK_COLUMNS) {
    const columns = min(n - j, BLOCK_COLUMNS), to = c + (<usize>j << 2);
    for (let l = 0; l < k; l += BLOCK_ROWS) {
      const length = min(k - l, BLOCK_ROWS);
      layOut(b + <usize>l * bRow + <usize>j * bColumn, bRow, bColumn, length, columns, panels);
      readSegments(segment, 1, length, aColumn);
      readColumns(32, <usize>length * 32);
      if (l + length == k) endBetween(low, high);
      else endBetween(-Infinity, Infinity);
      for (let i = 0; i < m; i += TABLE_ROWS) {
        const block = to + <usize>i * cRow;
        if (l > 0) beginWithMatrix(block, cRow);
        else if (bias) beginWithRow(bias + (<usize>j << 2));
        else beginWithZeros();
        multiplyTiles(min(m - i, TABLE_ROWS), columns, rows, a + <usize>i * aRow + <usize>l * aColumn, panels, block, cRow);
      }
    }
  }
}
