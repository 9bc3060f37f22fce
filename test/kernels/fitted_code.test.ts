/** The arithmetic that shaders do on windows fitted to the outputs, run here: no step of it leaves int32. */
import { type Language, scaledCode } from '../../src/kernels/fitted_code';

const JAVASCRIPT: Language = {
  quotient: (a, b) => `quotient(${a}, ${b})`,
  variable: (name, value) => `let ${name} = ${value};`,
};

function quotient(a: number, b: number): number {
  if (!(a >= 0 && a < 2 ** 31)) throw new Error(`${a} is no int32`);
  return Math.floor(a / b);
}

test.each([
  [7, 5],
  [5, 7],
  [46_341, 46_340],
  [46_340, 46_341],
  [100_003, 60_013],
  [60_013, 100_003],
  [2 ** 24 + 1, 2 ** 24 - 1],
  [3, 2 ** 29 - 3],
  [2 ** 29 - 3, 2 ** 29 - 1],
])('%i / %i times a number', (step, per) => {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const scaled = new Function('value', 'add', 'quotient', scaledCode(step, per, JAVASCRIPT)) as (
    value: number,
    add: number,
    divide: typeof quotient,
  ) => number;
  const values = [0, 1, 2, 3, per >> 2, per >> 1, (per >> 1) + 1, per - 2, per - 1, per].filter((value) => value >= 0);
  for (const value of values) {
    for (const add of [0, per - 1]) {
      const expected = (BigInt(value) * BigInt(step) + BigInt(add)) / BigInt(per);
      expect(scaled(value, add, quotient)).toBe(Number(expected));
    }
  }
});
