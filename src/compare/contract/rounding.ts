/**
 * How far rounding may lead a computation away, as bounds that hold for any order of additions.
 *
 * Each operation gives its exact result times 1 + d, |d| at most some units of u, the unit roundoff; k units in a row give at
 * most k u / (1 - k u) (Higham, Accuracy and Stability of Numerical Algorithms, chapter 3). n numbers are added by n - 1
 * additions, whatever the order, so their sum is off by at most n - 1 units of the sum of their magnitudes.
 */

/** A format of numbers. */
export interface Precision {
  /** The unit roundoff: half a unit in the last place of 1. */
  readonly roundoff: number;
  /** The least normal number; what is below may be flushed to 0. */
  readonly tiny: number;
}

export const FLOAT32: Precision = { roundoff: 2 ** -24, tiny: 2 ** -126 };
/** What WebGL's 16-bit textures hold between operations. */
export const FLOAT16: Precision = { roundoff: 2 ** -11, tiny: 2 ** -14 };

/** Roundings of a division: 2.5 units in the last place, which WebGPU's and Vulkan's specifications allow, are 5 of u. */
export const DIVISION = 5;

/** The most that `units` roundings in a row change a number of magnitude 1 by. */
export function relative(units: number, { roundoff }: Precision): number {
  const share = units * roundoff;
  // Beyond that there is no bound; still, no number becomes NaN by it.
  return share < 1 ? share / (1 - share) : Number.MAX_VALUE;
}
