// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** Four elements at a time, for f32 and i32 alike. */

/** Loses to everything. */
@inline
export function lowest<T>(): v128 {
  return isFloat<T>() ? f32x4.splat(-Infinity) : i32x4.splat(i32.MIN_VALUE);
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
