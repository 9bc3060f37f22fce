/** convertPooling on a model of another copy of tfjs than the one that this package imports. */
import * as tf from '@tensorflow/tfjs';
import { convertPooling } from '../../src/convert/index';
import { registerIm2ColLayers } from '../../src/index';

type Layers = typeof import('@tensorflow/tfjs-layers') & typeof import('@tensorflow/tfjs-core');

/** Another core and another tfjs-layers; the engine and its backends are shared. */
function secondCopy(): Layers {
  let copy: Layers | undefined;
  const { warn } = console;
  console.warn = (message: string) => {
    if (!/^Platform node has already been set/.test(message)) warn(message);
  };
  jest.isolateModules(() => {
    copy = { ...require('@tensorflow/tfjs-core'), ...require('@tensorflow/tfjs-layers') } as Layers;
  });
  console.warn = warn;
  return copy!;
}

test('gives a model of that copy, once the layers are registered with it', async () => {
  await tf.setBackend('cpu');
  const copy = secondCopy();
  const model = copy.sequential({
    layers: [
      copy.layers.conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 1 }),
      copy.layers.maxPooling2d({ name: 'pool' }),
    ],
  });
  await expect(convertPooling(model as never, { to: 'im2col' })).rejects.toThrow(/Unknown layer: Im2ColMaxPooling2D/);
  registerIm2ColLayers(copy);
  const ours = await convertPooling(model as never, { to: 'im2col' });
  expect(ours).toBeInstanceOf(copy.LayersModel);
  expect(ours).not.toBeInstanceOf(tf.LayersModel);
  expect(ours.layers[1].getClassName()).toBe('Im2ColMaxPooling2D');
  const x = tf.range(0, 16).reshape([1, 4, 4, 1]);
  const numbers = (m: { predict(x: tf.Tensor): unknown }) => Array.from((m.predict(x) as tf.Tensor).dataSync());
  expect(numbers(ours)).toEqual(numbers(model as never));
});
