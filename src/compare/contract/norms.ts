/**
 * The contract of Lp pooling, PyTorch's: y = (sum of x^p)^(1 / p) with signs kept, and the gradient dy (x / y)^(p - 1), or 0
 * where y is 0 and p > 1. Computed in double precision; the bounds are those of powers made of exp2 and log2, as GPUs make them.
 */
import { statedAverages } from './averages';
import { statedMaxima } from './maxima';
import { DIVISION, type Precision, relative } from './rounding';
import { type Statement, UNPROMISED } from './statement';
import type { Windows } from './windows';

/** What Lp pooling of magnitudes must give: the gradient has the sign of x, and is 0 where x is. */
export function statedAbsoluteNorms(
  x: ArrayLike<number>,
  shape: readonly number[],
  windows: Windows,
  p: number,
  precision: Precision,
): Statement {
  return withSigns(statedNorms(magnitudesOf(x), shape, windows, p, precision), x);
}

/** What Lp pooling of `x` must give. */
export function statedNorms(
  x: ArrayLike<number>,
  shape: readonly number[],
  windows: Windows,
  p: number,
  precision: Precision,
): Statement {
  if (p === 1) return { ...statedAverages(x, shape, windows, 'one', precision), passesMassOn: false };
  // The element of the greatest magnitude wins, and gets the gradient with its own sign.
  if (p === Infinity)
    return { ...withSigns(statedMaxima(magnitudesOf(x), shape, windows, 'propagate'), x), passesMassOn: false };
  const { yShape } = windows;
  const size = yShape.reduce((a, b) => a * b, 1);
  const [norms, slack, units] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  windows.each((y, elements) => {
    const window = elements.map((element) => x[element]!);
    const [norm, unitsOfNorm] = normOf(window, p);
    [norms[y], units[y]] = [norm, unitsOfNorm];
    slack[y] = Math.abs(norm) * relative(unitsOfNorm, precision) + elements.length * precision.tiny;
  });
  return {
    values: { shape: yShape, data: norms.map(Math.fround), slack },
    passesMassOn: false,
    gradient: (dy) => {
      const [dx, off] = [new Float64Array(x.length), new Float64Array(x.length)];
      windows.each((y, elements) => {
        const norm = norms[y]!;
        if (norm === 0 && p > 1) return;
        for (const element of elements) {
          const share = x[element]! / norm;
          const term = dy[y]! * share ** (p - 1);
          const exponent = powerUnits(p - 1, share);
          // The quotient's own error is raised to the power with it; then two products and the sum over windows.
          const inTerm = Math.abs(p - 1) * (units[y]! + DIVISION) + exponent + 2 + elements.length;
          dx[element]! += term;
          off[element]! += Math.abs(term) * relative(inTerm, precision) + precision.tiny;
        }
      });
      // With p < 1 the slope at 0 is infinite, or the power of whatever a device takes for 0; and Infinity / Infinity.
      const isPromised = (value: number) => (p >= 1 || value !== 0) && Math.abs(value) !== Infinity;
      const slack = off.map((bound, i) => (isPromised(x[i]!) ? bound : UNPROMISED));
      return { shape, data: dx.map(Math.fround), slack };
    },
  };
}

function magnitudesOf(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, Math.abs);
}

/** What is stated of magnitudes, with gradients that have the signs of x. */
function withSigns(ofMagnitudes: Statement, x: ArrayLike<number>): Statement {
  return {
    ...ofMagnitudes,
    gradient: (dy) => {
      const gradient = ofMagnitudes.gradient(dy);
      const data = Float64Array.from(gradient.data, (value, i) => (x[i] === 0 ? 0 : value * Math.sign(x[i]!)));
      return { ...gradient, data };
    },
  };
}

/** The norm of a window, and by how many units of its size rounding may move it. */
function normOf(window: readonly number[], p: number): [norm: number, units: number] {
  const greatest = window.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = greatest === 0 || !Number.isFinite(greatest) ? 1 : greatest;
  let [total, magnitude, unitsOfTerms] = [0, 0, 0];
  for (const value of window) {
    const power = (value / scale) ** p;
    total += power;
    magnitude += Math.abs(power);
    if (power !== 0) unitsOfTerms += Math.abs(power) * (p * DIVISION + powerUnits(p, value / scale));
  }
  const norm = total === 0 ? 0 : scale * total ** (1 / p);
  // Where terms of either sign cancel, what is left of them is off by more of its own size.
  const unitsOfTotal = (unitsOfTerms + magnitude * (window.length - 1)) / Math.abs(total);
  return [norm, total === 0 ? 0 : unitsOfTotal / p + powerUnits(1 / p, total) + 2];
}

/**
 * Units of |base| ^ exponent as exp2(exponent * log2(base)): log2 is off by 2^-21, which is 8 of u, near 1 and by 3 units in
 * the last place elsewhere; exp2(e) by 3 + 2 |e| units in the last place, and by ln 2 of what e was off.
 */
function powerUnits(exponent: number, base: number): number {
  if (base === 0) return 0;
  const log = Math.abs(Math.log2(Math.abs(base)));
  const inExponent = Math.abs(exponent) * (8 + 6 * log + 2 * log);
  return Math.LN2 * inExponent + 2 * (3 + 2 * Math.abs(exponent) * log);
}
