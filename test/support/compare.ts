/** Comparisons of plain tensors: bit for bit as numbers, where NaN equals NaN and -0 equals 0. */
import type { PlainTensor } from './run_case';

/** Throws unless shape, dtype and every number are the same. */
export function expectSame(what: string, actual: PlainTensor | undefined, expected: PlainTensor): void {
  expectWithin(what, actual, expected, 0);
}

/** As {@link expectSame}; numbers may differ by `tolerance` times the greatest magnitude expected. */
export function expectWithin(
  what: string,
  actual: PlainTensor | undefined,
  expected: PlainTensor,
  tolerance: number,
): void {
  if (actual === undefined) throw new Error(`${what}: expected a result; got none`);
  const head = ({ shape, dtype }: PlainTensor) => `${dtype} [${shape.join(', ')}]`;
  if (head(actual) !== head(expected)) throw new Error(`${what}: expected ${head(expected)}; got ${head(actual)}`);
  const size = expected.shape.reduce((a, b) => a * b, 1);
  if (actual.data.length !== size) throw new Error(`${what}: expected ${size} numbers; got ${actual.data.length}`);
  const slack = tolerance * greatest(expected.data);
  const isSame = (a: number, b: number) => a === b || (a !== a && b !== b) || Math.abs(a - b) <= slack;
  const wrong = expected.data.map((_, i) => i).filter((i) => !isSame(actual.data[i], expected.data[i]));
  if (wrong.length === 0) return;
  const shown = wrong.slice(0, 4).map((i) => `[${i}] expected ${expected.data[i]}, got ${actual.data[i]}`);
  throw new Error(`${what}: ${wrong.length} of ${size} numbers are wrong: ${shown.join('; ')}`);
}

function greatest(data: number[]): number {
  return data.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
}

/** The nearest half-precision number (ties to even); beyond 65504 an infinity. */
export function roundToHalf(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -14);
  const unit = 2 ** (exponent - 10);
  const steps = value / unit;
  const down = Math.floor(steps);
  const up = steps - down > 0.5 || (steps - down === 0.5 && down % 2 !== 0);
  const rounded = (down + (up ? 1 : 0)) * unit;
  return Math.abs(rounded) > 65504 ? Math.sign(rounded) * Infinity : rounded;
}
