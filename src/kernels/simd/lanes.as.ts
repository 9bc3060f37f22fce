// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** Four elements at a time, for f32 and i32 alike. */

/** Loses to everything. */
@inline
export function lowest<T>(): v128 {
  return isFloat<T>() ? f32x4.splat(-Infinity) : i32x4.splat(i32.MIN_VALUE);
}

/** Wins over everything. */
@inline
export function highest<T>(): v128 {
  return isFloat<T>() ? f32x4.splat(Infinity) : i32x4.splat(i32.MAX_VALUE);
}

@inline
export function greater<T>(a: v128, b: v128): v128 {
  return isFloat<T>() ? f32x4.gt(a, b) : i32x4.gt_s(a, b);
}

/** The greater of both. A NaN in `value` is ignored: one instruction, where f32x4.max costs several. */
@inline
export function larger<T>(best: v128, value: v128): v128 {
  return isFloat<T>() ? f32x4.pmax(best, value) : i32x4.max_s(best, value);
}

/** The smaller of both; `best` if `value` is NaN. */
@inline
export function smaller<T>(best: v128, value: v128): v128 {
  return isFloat<T>() ? f32x4.pmin(best, value) : i32x4.min_s(best, value);
}

@inline
export function sum<T>(a: v128, b: v128): v128 {
  return isFloat<T>() ? f32x4.add(a, b) : i32x4.add(a, b);
}

/** Loads the first `n` lanes, 1 to 4; nothing beyond them is read. */
@inline
export function loadLanes(p: usize, n: i32): v128 {
  if (n >= 4) return v128.load(p);
  if (n == 1) return v128.load32_zero(p);
  const two = v128.load64_zero(p);
  return n == 2 ? two : v128.load32_lane(p, two, 2, 8);
}

/** Stores the first `n` lanes, 1 to 4; nothing beyond them is written. */
@inline
export function storeLanes(p: usize, value: v128, n: i32): void {
  if (n >= 4) { v128.store(p, value); return; }
  if (n == 1) { v128.store32_lane(p, value, 0); return; }
  v128.store64_lane(p, value, 0);
  if (n == 3) v128.store32_lane(p, value, 2, 8);
}

/** Loads four elements that are `apart` bytes apart. */
@inline
export function loadApart(p: usize, apart: usize): v128 {
  const q = p + 2 * apart;
  const two = v128.load32_lane(p + apart, v128.load32_zero(p), 1);
  return v128.load32_lane(q + apart, v128.load32_lane(q, two, 2), 3);
}

/** Stores four elements that are `apart` bytes apart. */
@inline
export function storeApart(p: usize, apart: usize, value: v128): void {
  const q = p + 2 * apart;
  v128.store32_lane(p, value, 0);
  v128.store32_lane(p + apart, value, 1);
  v128.store32_lane(q, value, 2);
  v128.store32_lane(q + apart, value, 3);
}

/** Loads four elements, `stride` (1, 2, or ANY: `apart` bytes) from one to the next; nothing beyond the fourth is read. */
@inline
export function loadEvery(p: usize, stride: i32, apart: usize): v128 {
  if (stride == 1) return v128.load(p);
  if (stride == 2) return v128.shuffle<i32>(v128.load(p), v128.load(p, 12), 0, 2, 5, 7);
  return loadApart(p, apart);
}

/** As {@link loadEvery}, for a stride that is only known now. */
@inline
export function loadAnyEvery(p: usize, apart: usize): v128 {
  if (apart == 4) return v128.load(p);
  if (apart == 8) return v128.shuffle<i32>(v128.load(p), v128.load(p, 12), 0, 2, 5, 7);
  return loadApart(p, apart);
}

export const ANY = 0;

/** Of two times two elements each, alternating: the first of both, or (`high`) the last. One instruction; other shuffles are three. */
@inline
export function zip(a: v128, b: v128, high: bool): v128 {
  return high ? v128.shuffle<i32>(a, b, 2, 6, 3, 7) : v128.shuffle<i32>(a, b, 0, 4, 1, 5);
}

/** Of eight elements, those in even places, or (`odds`) in odd ones. */
@inline
export function unzip(a: v128, b: v128, odds: bool): v128 {
  return odds ? v128.shuffle<i32>(a, b, 1, 3, 5, 7) : v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

/** Loads elements `column` to `column + 3` of a row of `length`, four at least; those outside are 0, and nothing there is read. */
@inline
export function loadWithin(row: usize, column: i32, length: i32): v128 {
  if (column >= 0 && column + 4 <= length) return v128.load(row + (<usize>column << 2));
  return loadMoved(row + startWithin(column, length), bytesWithin(column, length));
}

/** Where four elements of the row start, in bytes: from `column` on, or the nearest to it. */
export function startWithin(column: i32, length: i32): usize {
  return <usize>max(0, min(column, length - 4)) << 2;
}

/** Where the bytes of the elements from `column` on lie in those. */
export function bytesWithin(column: i32, length: i32): v128 {
  const moved = max(-4, min(4, column - max(0, min(column, length - 4))));
  return i8x16.add(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>(moved << 2)));
}

/** A byte that lies outside is 0. */
@inline
export function loadMoved(p: usize, bytes: v128): v128 {
  return i8x16.swizzle(v128.load(p), bytes);
}
