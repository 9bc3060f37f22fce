/** No intermediate leaves the range of 16 bit, at either end, where the result fits (contract 13). */
import { describeDevice } from '../support/devices';
import type { PlainTensor } from '../support/run_case';
import { shareOf } from '../support/wide';
import { HALF_CASES } from './half_range_cases';

/** The least half above 0. */
const LEAST = 2 ** -24;

/** Declares the tests on webgl with textures of 16 bit. */
export function halfRange(): void {
  describeDevice('webgl16', 'the range of 16 bit', (device) => {
    test.each(shareOf(HALF_CASES, 0, 3).map((c) => [c.name, c] as const))('%s', async (_, c) => {
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

    test('tf.avgPool on our kernels, and layers', async () => {
      const found = await device().page!.call(async ({ tf, plugin }) => {
        const image = tf.fill([1, 20, 20, 2], 500, 'float32') as import('@tensorflow/tfjs').Tensor4D;
        const { uninstall } = plugin.installPoolingKernels();
        const pool = (x: import('@tensorflow/tfjs').Tensor4D) => tf.avgPool(x, 20, 1, 'same');
        const results = [
          pool(image),
          tf.grad((x) => tf.sum(pool(x as typeof image)))(image),
          plugin.im2colGlobalAveragePooling2d().apply(image),
          plugin.im2colAdaptiveAveragePooling2d({ outputSize: 3 }).apply(image),
          plugin.im2colAveragePooling2d({ poolSize: 20 }).apply(image),
        ] as Array<import('@tensorflow/tfjs').Tensor>;
        uninstall();
        return Promise.all(results.map(async (t) => Array.from(await t.data())));
      }, undefined);
      const [averages, gradient, ...layers] = found;
      for (const values of [averages, ...layers])
        expectHalf(
          'averages',
          { data: values } as PlainTensor,
          values.map(() => 500),
          2 ** -9,
        );
      // All of the gradient comes back: 800 windows give 1 each.
      const total = gradient.reduce((sum, value) => sum + value, 0);
      expect(Math.abs(total - 800)).toBeLessThan(800 * 2 ** -8);
    });
  });
}

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
