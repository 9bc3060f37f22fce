// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** Sums of rows. */
import { loadLanes, storeLanes } from '../../kernels/simd/lanes.as';

/** y[j] = sum over i of x[i][j], added in the order of i; rows are `row` bytes apart. Columns side by side: no addition waits for another. */
export function sumRows(rows: i32, columns: i32, row: usize, x: usize, y: usize): void {
  for (; columns >= 32; columns -= 32, x += 128, y += 128) sumVectors(8, rows, row, x, y);
  if (columns >= 16) { sumVectors(4, rows, row, x, y); columns -= 16; x += 64; y += 64; }
  if (columns >= 8) { sumVectors(2, rows, row, x, y); columns -= 8; x += 32; y += 32; }
  if (columns >= 4) { sumVectors(1, rows, row, x, y); columns -= 4; x += 16; y += 16; }
  if (columns == 0) return;
  let sum = f32x4.splat(0);
  for (; rows > 0; rows--, x += row) sum = f32x4.add(sum, loadLanes(x, columns));
  storeLanes(y, sum, columns);
}

@inline
function sumVectors(count: i32, rows: i32, row: usize, x: usize, y: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (; rows > 0; rows--, x += row) {
    s0 = f32x4.add(s0, v128.load(x));
    if (count >= 2) s1 = f32x4.add(s1, v128.load(x, 16));
    if (count >= 4) { s2 = f32x4.add(s2, v128.load(x, 32)); s3 = f32x4.add(s3, v128.load(x, 48)); }
    if (count >= 8) {
      s4 = f32x4.add(s4, v128.load(x, 64)); s5 = f32x4.add(s5, v128.load(x, 80));
      s6 = f32x4.add(s6, v128.load(x, 96)); s7 = f32x4.add(s7, v128.load(x, 112));
    }
  }
  v128.store(y, s0);
  if (count >= 2) v128.store(y, s1, 16);
  if (count >= 4) { v128.store(y, s2, 32); v128.store(y, s3, 48); }
  if (count >= 8) { v128.store(y, s4, 64); v128.store(y, s5, 80); v128.store(y, s6, 96); v128.store(y, s7, 112); }
}

/** y[ids[i]] += x[i] for rows of `columns` elements, in the order of i; a row whose id is not in [0, segments) is left out. */
export function sumSegments(rows: i32, columns: i32, x: usize, ids: usize, segments: i32, y: usize): void {
  const row = <usize>columns << 2;
  memory.fill(y, 0, <usize>segments * row);
  for (; rows > 0; rows--, ids += 4) {
    const id = load<i32>(ids);
    if (<u32>id >= <u32>segments) { x += row; continue; }
    let to = y + <usize>id * row, left = columns;
    for (; left >= 4; left -= 4, x += 16, to += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(x)));
    for (; left > 0; left--, x += 4, to += 4) store<f32>(to, load<f32>(to) + load<f32>(x));
  }
}
