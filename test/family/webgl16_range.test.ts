/** No intermediate leaves the range of 16 bit, at either end, where the result fits (contract 13). */
import { describeDevice } from '../support/devices';
import type { PlainTensor } from '../support/run_case';
import { HALF_CASES } from './half_range_cases';

/** The least half above 0. */
const LEAST = 2 ** -24;

describeDevice('webgl16', 'the range of 16 bit', (device) => {
  test.each(HALF_CASES.map((c) => [c.name, c] as const))('%s', async (_, c) => {
    const { result, gradient, leaked } = await device().runOp(c.first);
    expectHalf('result', result, c.y, c.tolerance);
    expect(result.shape).toEqual(c.yShape);
    if (c.dx) expectHalf('gradient', gradient, c.dx, c.tolerance);
    expect(leaked).toBe(0);
    if (!c.second) return;
    const { second } = await device().runOp(c.second);
    // Terms of opposite signs: the greatest number decides.
    expectHalf('second derivative', second, c.ddx!, c.tolerance, Math.max(...c.ddx!.map(Math.abs)) / 4);
  });
});

/** Each number by itself, or in proportion to `least` if that is more: within the tolerance, or of two units where units are largest in proportion. */
function expectHalf(
  what: string,
  actual: PlainTensor | undefined,
  expected: readonly number[],
  tolerance: number,
  least = 0,
): void {
  const data = actual?.data ?? [];
  expect([what, data.length]).toEqual([what, expected.length]);
  const isNear = (value: number, right: number) =>
    Math.abs(value - right) <= Math.max(2 * LEAST, tolerance * Math.max(least, Math.abs(right)));
  const wrong = expected.map((_, i) => i).filter((i) => !isNear(data[i], expected[i]));
  const shown = wrong.slice(0, 4).map((i) => `[${i}] expected ${expected[i]}, got ${data[i]}`);
  if (wrong.length > 0)
    throw new Error(`${what}: ${wrong.length} of ${expected.length} are wrong: ${shown.join('; ')}`);
}
