// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** Elements by themselves: what optimizers, activations and their gradients do. Each operation is one that IEEE 754 rounds, so its bits are anybody's. */

const ADD = 0;
const SUBTRACT = 1;
const MULTIPLY = 2;
const DIVIDE = 3;

/** Whose rows are one element each, which goes with each element of the other's row. */
const NONE = 0;
const OF_A = 1;
const OF_B = 2;

/** Rows of a and b, `aRow` and `bRow` bytes apart, combined: (a + b, a - b, a * b, a / b)[kind]. */
export function combine(kind: i32, single: i32, rows: i32, columns: i32, a: usize, aRow: usize, b: usize, bRow: usize, to: usize): void {
  switch (kind) {
    case ADD: return combineBy(ADD, single, rows, columns, a, aRow, b, bRow, to);
    case SUBTRACT: return combineBy(SUBTRACT, single, rows, columns, a, aRow, b, bRow, to);
    case MULTIPLY: return combineBy(MULTIPLY, single, rows, columns, a, aRow, b, bRow, to);
    default: combineBy(DIVIDE, single, rows, columns, a, aRow, b, bRow, to);
  }
}

@inline
function combineBy(kind: i32, single: i32, rows: i32, columns: i32, a: usize, aRow: usize, b: usize, bRow: usize, to: usize): void {
  if (single == NONE) combineRows(kind, NONE, rows, columns, a, aRow, b, bRow, to);
  else if (single == OF_A) combineRows(kind, OF_A, rows, columns, a, aRow, b, bRow, to);
  else combineRows(kind, OF_B, rows, columns, a, aRow, b, bRow, to);
}

@inline
function combineRows(kind: i32, single: i32, rows: i32, columns: i32, a: usize, aRow: usize, b: usize, bRow: usize, to: usize): void {
  for (; rows > 0; rows--, a += aRow, b += bRow) {
    let p = a, q = b, left = columns;
    const one = v128.load_splat<f32>(single == OF_A ? a : b);
    for (; left >= 4; left -= 4, to += 16) {
      v128.store(to, combined(kind, single == OF_A ? one : v128.load(p), single == OF_B ? one : v128.load(q)));
      if (single != OF_A) p += 16;
      if (single != OF_B) q += 16;
    }
    for (; left > 0; left--, to += 4) {
      v128.store_lane<f32>(to, combined(kind, v128.load_splat<f32>(p), v128.load_splat<f32>(q)), 0);
      if (single != OF_A) p += 4;
      if (single != OF_B) q += 4;
    }
  }
}

@inline
function combined(kind: i32, a: v128, b: v128): v128 {
  if (kind == ADD) return f32x4.add(a, b);
  if (kind == SUBTRACT) return f32x4.sub(a, b);
  return kind == MULTIPLY ? f32x4.mul(a, b) : f32x4.div(a, b);
}

const RELU = 0;
const STEP = 1;
const SQRT = 2;
const SQUARE = 3;

/** (relu, step, square root, square)[kind] of each element; a step is `low` below and at 0, else 1. NaN stays NaN. */
export function transform(kind: i32, elements: i32, x: usize, to: usize, low: f32): void {
  switch (kind) {
    case RELU: return transformBy(RELU, elements, x, to, low);
    case STEP: return transformBy(STEP, elements, x, to, low);
    case SQRT: return transformBy(SQRT, elements, x, to, low);
    default: transformBy(SQUARE, elements, x, to, low);
  }
}

@inline
function transformBy(kind: i32, elements: i32, x: usize, to: usize, low: f32): void {
  const least = f32x4.splat(low);
  for (; elements >= 4; elements -= 4, x += 16, to += 16) v128.store(to, transformed(kind, v128.load(x), least));
  for (; elements > 0; elements--, x += 4, to += 4) v128.store_lane<f32>(to, transformed(kind, v128.load_splat<f32>(x), least), 0);
}

@inline
function transformed(kind: i32, x: v128, low: v128): v128 {
  const zero = f32x4.splat(0);
  if (kind == RELU) return f32x4.pmax(x, zero);
  if (kind == SQRT) return f32x4.sqrt(x);
  if (kind == SQUARE) return f32x4.mul(x, x);
  const step = v128.bitselect(f32x4.splat(1), low, f32x4.gt(x, zero));
  return v128.bitselect(step, x, f32x4.eq(x, x));
}
