/**
 * Windows fitted to the outputs, as adaptive pooling has them: output `o` sees the elements from
 * `(o * step + offset) / per` to `((o + 1) * step + offset) / per`, rounded outwards. No tensors and no tfjs import.
 */

/** Along a whole axis, `step` is its input, `per` its output and `offset` 0. */
export interface FittedWindows {
  readonly step: number;
  readonly per: number;
  /** Less than `per`. */
  readonly offset: number;
}

export function fittedStart({ step, per, offset }: FittedWindows, output: number): number {
  return quotient(output, step, offset, per);
}

export function fittedEnd({ step, per, offset }: FittedWindows, output: number): number {
  return quotient(output + 1, step, offset + per - 1, per);
}

/** The length of the longest window. */
export function longestWindow(input: number, output: number): number {
  // A window starts at most `(out - g) / out` after an element does, with g the greatest common divisor.
  const furthest = output - greatestCommonDivisor(input, output);
  return Math.ceil((input + furthest) / output);
}

/** The windows of the outputs [from, end), with the elements that they see counted from the first; and these, [first, last). */
export function cutFitted(
  windows: FittedWindows,
  from: number,
  end: number,
): [cut: FittedWindows, first: number, last: number] {
  const { step, per, offset } = windows;
  const first = fittedStart(windows, from);
  const rest = remainder(from, step, offset, per);
  return [{ step, per, offset: rest }, first, fittedEnd(windows, end - 1)];
}

/** `(a * b + c) / d`, rounded down. */
function quotient(a: number, b: number, c: number, d: number): number {
  const dividend = a * b + c;
  // Sizes are the user's: their product may be more than a number holds exactly.
  if (Number.isSafeInteger(dividend)) return Math.floor(dividend / d);
  return Number((BigInt(a) * BigInt(b) + BigInt(c)) / BigInt(d));
}

function remainder(a: number, b: number, c: number, d: number): number {
  const dividend = a * b + c;
  if (Number.isSafeInteger(dividend)) return dividend % d;
  return Number((BigInt(a) * BigInt(b) + BigInt(c)) % BigInt(d));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
