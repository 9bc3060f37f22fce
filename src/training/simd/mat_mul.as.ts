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

export function matMulScratch(n: i32, k: i32): usize {
  return HEAD_BYTES + 16 + TABLE_BYTES + panelsBytes(min(k, BLOCK_ROWS), min(n, BLOCK_COLUMNS));
}

/**
 * c[i][j] = bias[j] + sum over k of a[i][k] * b[k][j], added in the order of k, then kept between `low` and `high`; `bias` 0: no bias.
 * Steps are bytes: those of a transposed matrix are exchanged. k is at least 1.
 */
export function matMul(
  m: i32, n: i32, k: i32, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize,
  c: usize, bias: usize, low: f32, high: f32, scratch: usize,
): void {
  const segment = scratch + HEAD_BYTES, rows = segment + 16, panels = rows + TABLE_BYTES, cRow = <usize>n << 2;
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
