// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * The one inner loop of all products: up to six rows times eight columns,
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

/** `count` is 1 to 6. Up to a NaN, all sums end between `low` and `high`. */
export function tile(
  count: i32, rows: usize, a: usize, segments: usize, endOfSegments: usize, length: i32, step: usize,
  b: usize, bStep: usize, from: usize, fromStep: usize, c: usize, cStep: usize, low: f32, high: f32,
): void {
  switch (count) {
    case 1: return tileOf(1, rows, a, segments, endOfSegments, length, step, b, bStep, from, fromStep, c, cStep, low, high);
    case 2: return tileOf(2, rows, a, segments, endOfSegments, length, step, b, bStep, from, fromStep, c, cStep, low, high);
    case 3: return tileOf(3, rows, a, segments, endOfSegments, length, step, b, bStep, from, fromStep, c, cStep, low, high);
    case 4: return tileOf(4, rows, a, segments, endOfSegments, length, step, b, bStep, from, fromStep, c, cStep, low, high);
    case 5: return tileOf(5, rows, a, segments, endOfSegments, length, step, b, bStep, from, fromStep, c, cStep, low, high);
    default: tileOf(6, rows, a, segments, endOfSegments, length, step, b, bStep, from, fromStep, c, cStep, low, high);
  }
}

/** Twelve sums, two of b and one of a are as many vectors as there are registers. */
@inline
function tileOf(
  count: i32, rows: usize, a: usize, segments: usize, endOfSegments: usize, length: i32, step: usize,
  b: usize, bStep: usize, from: usize, fromStep: usize, c: usize, cStep: usize, low: f32, high: f32,
): void {
  let l0 = v128.load(from), r0 = v128.load(from, 16);
  let l1 = l0, r1 = r0, l2 = l0, r2 = r0, l3 = l0, r3 = r0, l4 = l0, r4 = r0, l5 = l0, r5 = r0;
  let p0 = a + <usize>load<i32>(rows), p1 = p0, p2 = p0, p3 = p0, p4 = p0, p5 = p0;
  if (count > 1) { from += fromStep; l1 = v128.load(from); r1 = v128.load(from, 16); p1 = a + <usize>load<i32>(rows, 4); }
  if (count > 2) { from += fromStep; l2 = v128.load(from); r2 = v128.load(from, 16); p2 = a + <usize>load<i32>(rows, 8); }
  if (count > 3) { from += fromStep; l3 = v128.load(from); r3 = v128.load(from, 16); p3 = a + <usize>load<i32>(rows, 12); }
  if (count > 4) { from += fromStep; l4 = v128.load(from); r4 = v128.load(from, 16); p4 = a + <usize>load<i32>(rows, 16); }
  if (count > 5) { from += fromStep; l5 = v128.load(from); r5 = v128.load(from, 16); p5 = a + <usize>load<i32>(rows, 20); }
  for (; segments < endOfSegments; segments += 4) {
    let k = <usize>load<i32>(segments);
    for (let left = length; left > 0; left--) {
      const left4 = v128.load(b), right4 = v128.load(b, 16);
      let s = v128.load_splat<f32>(p0 + k);
      l0 = add(l0, s, left4); r0 = add(r0, s, right4);
      if (count > 1) { s = v128.load_splat<f32>(p1 + k); l1 = add(l1, s, left4); r1 = add(r1, s, right4); }
      if (count > 2) { s = v128.load_splat<f32>(p2 + k); l2 = add(l2, s, left4); r2 = add(r2, s, right4); }
      if (count > 3) { s = v128.load_splat<f32>(p3 + k); l3 = add(l3, s, left4); r3 = add(r3, s, right4); }
      if (count > 4) { s = v128.load_splat<f32>(p4 + k); l4 = add(l4, s, left4); r4 = add(r4, s, right4); }
      if (count > 5) { s = v128.load_splat<f32>(p5 + k); l5 = add(l5, s, left4); r5 = add(r5, s, right4); }
      b += bStep; k += step;
    }
  }
  const least = f32x4.splat(low), most = f32x4.splat(high);
  put(c, l0, r0, least, most);
  if (count > 1) { c += cStep; put(c, l1, r1, least, most); }
  if (count > 2) { c += cStep; put(c, l2, r2, least, most); }
  if (count > 3) { c += cStep; put(c, l3, r3, least, most); }
  if (count > 4) { c += cStep; put(c, l4, r4, least, most); }
  if (count > 5) { c += cStep; put(c, l5, r5, least, most); }
}

@inline
function put(c: usize, left: v128, right: v128, low: v128, high: v128): void {
  v128.store(c, f32x4.pmin(f32x4.pmax(left, low), high));
  v128.store(c, f32x4.pmin(f32x4.pmax(right, low), high), 16);
}
