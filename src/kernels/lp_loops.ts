/**
 * Lp pooling and its gradient as plain loops on typed arrays, channel innermost. With p = 2 and 3 every operation is rounded
 * to float32 by itself, as the SIMD module does; with any other p a window is computed in 64 bit.
 */
import type { PoolGeometry } from '../geometry';
import { forEachWindow } from './each_window';
import type { Values } from './pool_kernels';
import { LARGEST_FLOAT, isWhole } from './power_code';

/** Powers of magnitudes between these, and sums of them, are neither lost nor infinite. */
const [LEAST_UNSCALED, GREATEST_UNSCALED] = [2 ** -32, 2 ** 32];
/** Scales beyond these, or their reciprocals, might be lost themselves. */
const [LEAST_SCALE, GREATEST_SCALE] = [2 ** -126, 2 ** 100];

/** Powers without a general root: the SIMD module and the native one have them, and the loops round as these do. */
export function isLowPower(p: number): boolean {
  return p === 2 || p === 3;
}

/** x -> y: the p-norm of each window. */
export function lpPoolLoop(g: PoolGeometry, x: Values, y: Float32Array, p: number): void {
  const { channels } = g;
  const isLow = isLowPower(p);
  const [scales, sums] = [new Float64Array(channels), new Float64Array(channels)];
  forEachWindow(g, (to, origin, { count, offsets }) => {
    scales.fill(0);
    for (let t = 0; t < count; t++) findGreatest(x, origin + offsets[t]!, scales);
    for (let c = 0; c < channels; c++) scales[c] = isLow ? lowScale(scales[c]!) : wideScale(scales[c]!);
    sums.fill(0);
    for (let t = 0; t < count; t++) {
      if (isLow) addLowPowers(x, origin + offsets[t]!, scales, sums, p);
      else addPowers(x, origin + offsets[t]!, scales, sums, p);
    }
    for (let c = 0; c < channels; c++) {
      const sum = sums[c]!;
      y[to + c] = scales[c]! * (p === 2 ? Math.fround(Math.sqrt(sum)) : p === 3 ? cubeRoot(sum) : sum ** (1 / p));
    }
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
  const slopeOf = p === 2 ? ratioOf : p === 3 ? squaredRatio : isWhole(p - 1) ? wholeSlope : slope;
  dx.fill(0);
  forEachWindow(g, (from, origin, { count, offsets }) => {
    for (let t = 0; t < count; t++) {
      const to = origin + offsets[t]!;
      for (let c = 0; c < channels; c++) {
        const norm = y[from + c]!;
        if (norm !== 0) dx[to + c]! += Math.fround(dy[from + c]! * slopeOf(x[to + c]!, norm, p - 1));
      }
    }
  });
}

/** The greatest magnitude of each channel. NaN, which the sums have anyway, is none. */
function findGreatest(x: Values, from: number, greatest: Float64Array): void {
  for (let c = 0; c < greatest.length; c++) {
    const magnitude = Math.abs(x[from + c]!);
    if (magnitude > greatest[c]!) greatest[c] = magnitude;
  }
}

function lowScale(greatest: number): number {
  const isUnscaled = greatest === 0 || (greatest >= LEAST_UNSCALED && greatest <= GREATEST_UNSCALED);
  return isUnscaled ? 1 : powerOfTwo(greatest);
}

/** An infinite one leaves the others' powers finite. */
function wideScale(greatest: number): number {
  return greatest === 0 ? 1 : Math.min(greatest, LARGEST_FLOAT);
}

function addLowPowers(x: Values, from: number, scales: Float64Array, sums: Float64Array, p: number): void {
  for (let c = 0; c < sums.length; c++) {
    const value = Math.fround(x[from + c]! / scales[c]!);
    const square = Math.fround(value * value);
    sums[c] = Math.fround(sums[c]! + (p === 2 ? square : Math.fround(square * value)));
  }
}

function addPowers(x: Values, from: number, scales: Float64Array, sums: Float64Array, p: number): void {
  if (isWhole(p)) for (let c = 0; c < sums.length; c++) sums[c]! += wholePower(x[from + c]! / scales[c]!, p);
  else for (let c = 0; c < sums.length; c++) sums[c]! += (x[from + c]! / scales[c]!) ** p;
}

function ratioOf(value: number, norm: number): number {
  return Math.fround(value / norm);
}

function squaredRatio(value: number, norm: number): number {
  const ratio = Math.fround(value / norm);
  return Math.fround(ratio * ratio);
}

function wholeSlope(value: number, norm: number, power: number): number {
  return wholePower(value / norm, power);
}

/** An infinite one, at 0, is 0. */
function slope(value: number, norm: number, power: number): number {
  return power < 0 && value === 0 && norm === norm ? 0 : (value / norm) ** power;
}

/** x^b by multiplications, which are faster than the general power. */
function wholePower(x: number, b: number): number {
  let result = b & 1 ? x : 1;
  for (let left = b >> 1, square = x; left > 0; left >>= 1) {
    square *= square;
    if (left & 1) result *= square;
  }
  return result;
}

const FLOAT = new Float32Array(1);
const BITS = new Int32Array(FLOAT.buffer);

/** The power of two at or below a float32 magnitude, within bounds. Scaling by it rounds nothing. */
function powerOfTwo(magnitude: number): number {
  FLOAT[0] = magnitude;
  BITS[0]! &= 0x7f800000;
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
  BITS[0] = Math.fround(Math.fround(BITS[0]!) * THIRD) + ROOT_BITS;
  let root = FLOAT[0];
  for (let step = 0; step < 2; step++) {
    const cube = root * root * root;
    root = (root * (a + a + cube)) / (a + cube + cube);
  }
  return Math.fround(root) * (isTiny ? 2 ** -8 : 1);
}
