/**
 * Lp pooling and its gradient as plain loops on typed arrays, channel innermost. With p = 2 and 3 every operation is rounded
 * to float32 by itself, as the SIMD module does; with any other p a window is computed in 64 bit.
 */
import type { PoolGeometry } from '../geometry';
import { type Taps, forEachWindow } from './each_window';
import type { Values } from './pool_kernels';
import { factorsOf } from './power_code';

/** Powers of magnitudes between these, and sums of them, are neither lost nor infinite. */
const [LEAST_UNSCALED, GREATEST_UNSCALED] = [2 ** -32, 2 ** 32];
/** Scales beyond these, or their reciprocals, might be lost themselves. */
const [LEAST_SCALE, GREATEST_SCALE] = [2 ** -126, 2 ** 100];
const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** x -> y: the p-norm of each window. */
export function lpPoolLoop(g: PoolGeometry, x: Values, y: Float32Array, p: number): void {
  const { channels } = g;
  const normOf = p === 2 || p === 3 ? (at: number, taps: Taps) => lowNorm(x, at, taps, p) : wideNorms(x, p);
  forEachWindow(g, (to, origin, taps) => {
    for (let c = 0; c < channels; c++) y[to + c] = normOf(origin + c, taps);
  });
}

/** x, y, dy -> dx: `dy * (x / y)^(p - 1)` of each window, and 0 where y is 0. */
export function lpPoolGradientLoop(
  g: PoolGeometry,
  x: Values,
  y: Values,
  dy: Values,
  dx: Float32Array,
  p: number,
): void {
  const { channels } = g;
  const slopeOf = p === 2 ? lowSlope : p === 3 ? squaredSlope : wideSlopes(p);
  dx.fill(0);
  forEachWindow(g, (from, origin, { count, offsets }) => {
    for (let t = 0; t < count; t++) {
      const to = origin + offsets[t];
      for (let c = 0; c < channels; c++) {
        const norm = y[from + c];
        if (norm !== 0) dx[to + c] += Math.fround(dy[from + c] * slopeOf(x[to + c], norm));
      }
    }
  });
}

/** The norm of the window whose tap (0, 0, 0) is at `at`, for p = 2 and 3. */
function lowNorm(x: Values, at: number, taps: Taps, p: 2 | 3): number {
  const { count, offsets } = taps;
  let greatest = 0;
  for (let t = 0; t < count; t++) {
    const magnitude = Math.abs(x[at + offsets[t]]);
    if (magnitude > greatest) greatest = magnitude;
  }
  const isUnscaled = greatest === 0 || (greatest >= LEAST_UNSCALED && greatest <= GREATEST_UNSCALED);
  const scale = isUnscaled ? 1 : powerOfTwo(greatest);
  let sum = 0;
  for (let t = 0; t < count; t++) {
    const value = Math.fround(x[at + offsets[t]] / scale);
    const square = Math.fround(value * value);
    sum = Math.fround(sum + (p === 2 ? square : Math.fround(square * value)));
  }
  return scale * (p === 2 ? Math.fround(Math.sqrt(sum)) : cubeRoot(sum));
}

function lowSlope(value: number, norm: number): number {
  return Math.fround(value / norm);
}

function squaredSlope(value: number, norm: number): number {
  const ratio = Math.fround(value / norm);
  return Math.fround(ratio * ratio);
}

const FLOAT = new Float32Array(1);
const BITS = new Int32Array(FLOAT.buffer);

/** The power of two at or below a float32 magnitude, within bounds. Scaling by it rounds nothing. */
function powerOfTwo(magnitude: number): number {
  FLOAT[0] = magnitude;
  BITS[0] &= 0x7f800000;
  return Math.min(Math.max(FLOAT[0], LEAST_SCALE), GREATEST_SCALE);
}

const LEAST_NORMAL = 2 ** -126;
const THIRD = Math.fround(1 / 3);
/** Makes a third of a float32's bits those of its cube root, within 5 percent. */
const ROOT_BITS = 709958130;

/**
 * The cube root of a float32: NaN of a negative one, and Infinity of -Infinity, as the power of 1 / 3 has it. By steps that the SIMD
 * module takes, too; `Math.cbrt` is not the same everywhere.
 *
 * @see Halley's method; FreeBSD's s_cbrtf.c has this estimate
 */
export function cubeRoot(sum: number): number {
  if (sum === 0 || sum === Infinity || sum === -Infinity) return Math.abs(sum);
  if (!(sum > 0)) return NaN;
  const isTiny = sum < LEAST_NORMAL;
  const a = isTiny ? sum * 2 ** 24 : sum;
  FLOAT[0] = a;
  BITS[0] = Math.fround(Math.fround(BITS[0]) * THIRD) + ROOT_BITS;
  let root = FLOAT[0];
  for (let step = 0; step < 2; step++) {
    const cube = root * root * root;
    root = (root * (a + a + cube)) / (a + cube + cube);
  }
  return Math.fround(root) * (isTiny ? 2 ** -8 : 1);
}

/** As {@link lowNorm}, for any p. */
function wideNorms(x: Values, p: number): (at: number, taps: Taps) => number {
  const power = powers(p);
  return (at, { count, offsets }) => {
    let greatest = 0;
    for (let t = 0; t < count; t++) {
      const magnitude = Math.abs(x[at + offsets[t]]);
      if (magnitude > greatest) greatest = magnitude;
    }
    if (greatest === 0) greatest = 1;
    // An infinite one leaves the others' powers finite.
    else if (greatest === Infinity) greatest = LARGEST_FLOAT;
    let sum = 0;
    for (let t = 0; t < count; t++) sum += power(x[at + offsets[t]] / greatest);
    return greatest * sum ** (1 / p);
  };
}

/** (value / norm)^(p - 1). An infinite slope, at 0, is 0. */
function wideSlopes(p: number): (value: number, norm: number) => number {
  const power = powers(p - 1);
  return p > 1
    ? (value, norm) => power(value / norm)
    : (value, norm) => (value === 0 && norm === norm ? 0 : power(value / norm));
}

/** x^b. Multiplications are faster than the general power. */
function powers(b: number): (x: number) => number {
  const factors = factorsOf(b);
  if (!factors) return (x) => x ** b;
  const { isOdd, squares } = factors;
  return (x) => {
    let result = isOdd ? x : 1;
    let square = x;
    for (let i = 0; i < squares.length; i++) {
      square *= square;
      if (squares[i]) result *= square;
    }
    return result;
  };
}
