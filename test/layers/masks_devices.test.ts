/** Rule 17 where the CPU does not see the numbers: a masked average, and its gradient, on the GPU backends and on tfjs-node. */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { describeDevice } from '../support/devices';

/** Runs in the page, too: nothing from outside but the arguments. */
async function maskedAverages(on: { tf: typeof tf; plugin: typeof plugin }): Promise<number[][]> {
  const { tf: t, plugin: p } = on;
  const masking = t.layers.masking({ maskValue: 0, inputShape: [4, 2] });
  const model = t.sequential({ layers: [masking, p.im2colGlobalAveragePooling1d()] });
  // Steps 2 and 4 of the first sequence are masked, no step of the second; the sums of the third are beyond 16 bit.
  const x = t.tensor3d(
    [1, 2, 0, 0, 3, 4, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 60000, 60000, 60000, 60000, 0, 0, 0, 0],
    [3, 4, 2],
  );
  const y = model.predict(x) as tf.Tensor;
  // tfjs's Masking has no gradient, so the layer gets its mask directly.
  const layer = p.im2colGlobalAveragePooling1d();
  const mask = t.tensor2d([1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0], [3, 4], 'bool');
  const dx = t.grad((input) => t.sum(t.mul(layer.call(input, { mask }) as tf.Tensor, 12)))(x);
  const numbers = await Promise.all([y, dx].map(async (each) => Array.from(await each.data())));
  [x, y, dx, mask].forEach((each) => each.dispose());
  model.dispose();
  return numbers;
}

for (const key of ['webgl', 'webgl16', 'webgpu', 'node'] as const) {
  describeDevice(key, 'a masked average', (device) => {
    test('is the mean of the steps that are not masked; its gradient goes to them alone', async () => {
      const { page } = device();
      const inPage = () => page!.call<undefined, number[][]>(maskedAverages as never, undefined);
      const [y, dx] = await (page ? inPage() : maskedAverages({ tf, plugin }));
      expect(y).toEqual([2, 3, 2.5, 2.5, 60_000, 60_000]);
      expect(dx).toEqual([6, 6, 0, 0, 6, 6, 0, 0, ...Array<number>(8).fill(3), 6, 6, 6, 6, 0, 0, 0, 0]);
    });
  });
}
