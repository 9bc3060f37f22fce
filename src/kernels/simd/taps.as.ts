// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.

/** Whether all int32 in [p, end) lie in [0, last]. Negative numbers are the greatest, read as unsigned. */
export function areTaps(p: usize, end: usize, last: u32): bool {
  let even = i32x4.splat(0), odd = even;
  for (; p + 64 <= end; p += 64) {
    even = i32x4.max_u(even, i32x4.max_u(v128.load(p), v128.load(p, 16)));
    odd = i32x4.max_u(odd, i32x4.max_u(v128.load(p, 32), v128.load(p, 48)));
  }
  for (; p < end; p += 4) even = i32x4.max_u(even, v128.load32_zero(p));
  return !v128.any_true(i32x4.gt_u(i32x4.max_u(even, odd), i32x4.splat(last)));
}
