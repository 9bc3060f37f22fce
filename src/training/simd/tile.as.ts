// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * The one inner loop of all products: up to four rows times eight columns,
 *
 *   c[i][j] = from[i][j] + sum over k of a(i, k) * b[k][j], added in the order of k.
 *
 * A row of `a` starts at `a` + rows[i], and its k lie in segments: `length` elements, `step` bytes apart, from each of the
 * offsets in [segments, endOfSegments) on. So a row may be one of a matrix, transposed or not, or the window of a convolution, or all
 * inputs of one tap of its filter: nothing is laid out first. The rows of `b` follow each other, `bStep` bytes apart.
 */

@inline
function add(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** `count` is 1 to 4. Up to a NaN, all sums end between `low` and `high`. */
export function tile(
  count: i32, rows: usize, a: usize, segments: usize, endOfSegments: usize, length: i32, step: usize,
  b: usize, bStep: usize, from: usize, fromStep: usize, c: usize, cStep: usize, low: f32, high: f32,
): void {
  switch (count) {
    case 1: return tileOf(1, rows, a, segments, endOfSegments, length, step, b, bStep, from, fromStep, c, cStep, low, high);
    case 2: return tileOf(2, rows, a, segments, endOfSegments, length, step, b, bStep, from, fromStep, c, cStep, low, high);
    case 3: return tileOf(3, rows, a, segments, endOfSegments, length, step, b, bStep, from, fromStep, c, cStep, low, high);
    default: tileOf(4, rows, a, segments, endOfSegments, length, step, b, bStep, from, fromStep, c, cStep, low, high);
  }
}

/** Eight sums, two of b, one of a and one product: more vectors are more than a compiler keeps in registers. */
@inline
function tileOf(
  count: i32, rows: usize, a: usize, segments: usize, endOfSegments: usize, length: i32, step: usize,
  b: usize, bStep: usize, from: usize, fromStep: usize, c: usize, cStep: usize, low: f32, high: f32,
): void {
  let l0 = v128.load(from), r0 = v128.load(from, 16);
  let l1 = l0, r1 = r0, l2 = l0, r2 = r0, l3 = l0, r3 = r0;
  let p0 = a + <usize>load<i32>(rows), p1 = p0, p2 = p0, p3 = p0;
  if (count > 1) { from += fromStep; l1 = v128.load(from); r1 = v128.load(from, 16); p1 = a + <usize>load<i32>(rows, 4); }
  if (count > 2) { from += fromStep; l2 = v128.load(from); r2 = v128.load(from, 16); p2 = a + <usize>load<i32>(rows, 8); }
  if (count > 3) { from += fromStep; l3 = v128.load(from); r3 = v128.load(from, 16); p3 = a + <usize>load<i32>(rows, 12); }
  for (; segments < endOfSegments; segments += 4) {
    const k = <usize>load<i32>(segments);
    let q0 = p0 + k, q1 = p1 + k, q2 = p2 + k, q3 = p3 + k;
    const end = b + <usize>length * bStep;
    while (b < end) {
      const left4 = v128.load(b), right4 = v128.load(b, 16);
      let s = v128.load_splat<f32>(q0); l0 = add(l0, s, left4); r0 = add(r0, s, right4);
      if (count > 1) { s = v128.load_splat<f32>(q1); l1 = add(l1, s, left4); r1 = add(r1, s, right4); }
      if (count > 2) { s = v128.load_splat<f32>(q2); l2 = add(l2, s, left4); r2 = add(r2, s, right4); }
      if (count > 3) { s = v128.load_splat<f32>(q3); l3 = add(l3, s, left4); r3 = add(r3, s, right4); }
      b += bStep; q0 += step;
      if (count > 1) q1 += step;
      if (count > 2) q2 += step;
      if (count > 3) q3 += step;
    }
  }
  const least = f32x4.splat(low), most = f32x4.splat(high);
  put(c, l0, r0, least, most);
  if (count > 1) { c += cStep; put(c, l1, r1, least, most); }
  if (count > 2) { c += cStep; put(c, l2, r2, least, most); }
  if (count > 3) { c += cStep; put(c, l3, r3, least, most); }
}

@inline
function put(c: usize, left: v128, right: v128, low: v128, high: v128): void {
  v128.store(c, f32x4.pmin(f32x4.pmax(left, low), high));
  v128.store(c, f32x4.pmin(f32x4.pmax(right, low), high), 16);
}
