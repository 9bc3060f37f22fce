/** On wasm without the filter gradient, the error of training names the function that registers it; tfjs's registry stays as it is. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import '../../src/index';
import * as training from '../../src/training/index';

const HINT =
  /Kernel '(?:Depthwise)?Conv2\w+' not registered for backend 'wasm'; call (\w+)\(\) of tfjs-im2col-pooling\/training/;

beforeAll(() => tf.setBackend('wasm'));

test('tf.grads of conv2d, and fit of a model whose convolution is fused', async () => {
  expect(tf.getKernel('Conv2DBackpropFilter', 'wasm')).toBeUndefined();
  const [x, filter] = [tf.ones([1, 4, 4, 1]), tf.ones([2, 2, 1, 1])] as [tf.Tensor4D, tf.Tensor4D];
  const step = () =>
    tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'valid'))([x, filter]);
  expect(step).toThrow(HINT);
  const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [4, 4, 1], filters: 1, kernelSize: 4 })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const y = tf.ones([1, 1, 1, 1]);
  await expect(model.fit(x, y, { epochs: 1, verbose: 0 })).rejects.toThrow(HINT);
  // The function that the error names exists, and helps.
  const error = await Promise.resolve()
    .then(step)
    .then(String, (thrown: Error) => thrown.message);
  const remedy = HINT.exec(error)![1] as 'registerWasmTrainingKernels';
  const depthwise = () => tf.grad((f: tf.Tensor) => tf.depthwiseConv2d(x, f as tf.Tensor4D, 1, 'valid'))(filter);
  expect(depthwise).toThrow(HINT);
  training[remedy]();
  expect(depthwise().shape).toEqual(filter.shape);
  expect(step().map((gradient) => gradient.shape)).toEqual([x.shape, filter.shape]);
  await model.fit(x, y, { epochs: 1, verbose: 0 });
});
