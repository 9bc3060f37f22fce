// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** Cube roots of four f32, by the steps of cubeRoot in ../lp_loops.ts. */

const LEAST_NORMAL: f32 = 1.1754943508222875e-38; // 2^-126
const THIRD: f32 = 0.3333333432674408;
const ROOT_BITS = 709958130;

/** Of negative numbers NaN, and of -Infinity Infinity. */
export function cubeRoot(sum: v128): v128 {
  const zero = f32x4.splat(0), infinity = f32x4.splat(Infinity);
  const isTiny = f32x4.lt(sum, f32x4.splat(LEAST_NORMAL));
  const a = f32x4.mul(sum, v128.bitselect(f32x4.splat(16777216), f32x4.splat(1), isTiny));
  const third = f32x4.mul(f32x4.convert_i32x4_s(a), f32x4.splat(THIRD));
  const root = i32x4.add(i32x4.trunc_sat_f32x4_s(third), i32x4.splat(ROOT_BITS));
  const low = f32x4.demote_f64x2_zero(nearer(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(root)));
  const highA = v128.shuffle<i64>(a, a, 1, 1), highRoot = v128.shuffle<i64>(root, root, 1, 1);
  const high = f32x4.demote_f64x2_zero(nearer(f64x2.promote_low_f32x4(highA), f64x2.promote_low_f32x4(highRoot)));
  const near = f32x4.mul(
    v128.shuffle<i64>(low, high, 0, 2),
    v128.bitselect(f32x4.splat(0.00390625), f32x4.splat(1), isTiny),
  );
  const numbers = v128.bitselect(near, f32x4.splat(NaN), f32x4.gt(sum, zero));
  const magnitude = f32x4.abs(sum);
  const isOwn = v128.or(f32x4.eq(sum, zero), f32x4.eq(magnitude, infinity));
  return v128.bitselect(magnitude, numbers, isOwn);
}

/** Two steps of Halley's from an estimate. */
@inline
function nearer(a: v128, estimate: v128): v128 {
  return step(a, step(a, estimate));
}

@inline
function step(a: v128, root: v128): v128 {
  const cube = f64x2.mul(f64x2.mul(root, root), root);
  return f64x2.div(
    f64x2.mul(root, f64x2.add(f64x2.add(a, a), cube)),
    f64x2.add(f64x2.add(a, cube), cube),
  );
}
