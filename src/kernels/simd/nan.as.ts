// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.

/**
 * Whether there may be a NaN in [p, end): one addition per element, and any NaN makes the total NaN. So do
 * opposite infinities, a false alarm. Integers have no NaN; they are read all the same, a cache line at a time.
 */
export function hasNan<T>(p: usize, end: usize): bool {
  let even = f32x4.splat(0), odd = even;
  for (; p + 128 <= end; p += 128) {
    even = f32x4.add(even, lineSum<T>(p));
    odd = f32x4.add(odd, lineSum<T>(p + 64));
  }
  for (; p + 16 <= end; p += 16) even = f32x4.add(even, v128.load(p));
  for (; p < end; p += 4) even = f32x4.add(even, v128.load32_zero(p));
  const total = f32x4.add(even, odd);
  return isFloat<T>() && v128.any_true(f32x4.ne(total, total));
}

/** The sum of a cache line; of integers, any of it. */
@inline
function lineSum<T>(p: usize): v128 {
  if (isInteger<T>()) return v128.load(p);
  return f32x4.add(f32x4.add(v128.load(p), v128.load(p, 16)), f32x4.add(v128.load(p, 32), v128.load(p, 48)));
}
