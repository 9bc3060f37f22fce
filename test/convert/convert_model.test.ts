/** convertPooling on models of every shape: what changes, what stays, what is refused, what leaks. */
import * as tf from '@tensorflow/tfjs';
import { convertPooling } from '../../src/convert/index';
import {
  im2colAdaptiveAveragePooling2d,
  im2colAveragePooling1d,
  im2colAveragePooling2d,
  im2colGlobalAveragePooling1d,
  im2colGlobalAveragePooling2d,
  im2colGlobalAveragePooling3d,
  im2colGlobalMaxPooling2d,
  im2colGlobalMaxPooling3d,
  im2colLpPooling2d,
  im2colMaxPooling1d,
  im2colMaxPooling2d,
  maxUnpooling2d,
} from '../../src/index';
import { MODELS, inputsFor, layerList, outputsOf } from './support';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe.each(Object.entries(MODELS))('%s', (_, makeModel) => {
  let model: tf.LayersModel;
  let inputs: tf.Tensor[];
  beforeEach(() => {
    model = makeModel();
    inputs = inputsFor(model);
  });
  afterEach(() => {
    model.dispose();
    tf.dispose(inputs);
  });

  test('has our layers under the same names, and the same predictions', async () => {
    const before = layerList(model);
    const ours = await convertPooling(model, { to: 'im2col' });
    expect(layerList(ours)).toEqual(
      before.map((line) => line.replace(/: ((Global)?(Max|Average)Pooling)/, ': Im2Col$1')),
    );
    expect(layerList(ours).join()).toMatch(/Im2Col(Global)?(Max|Average)Pooling/);
    expect(outputsOf(ours, inputs)).toEqual(outputsOf(model, inputs));
    expect(layerList(model)).toEqual(before);
    ours.dispose();
  });

  test('comes back as it was', async () => {
    const ours = await convertPooling(model, { to: 'im2col' });
    const back = await convertPooling(ours, { to: 'builtin' });
    expect(back.toJSON(null, false)).toEqual(model.toJSON(null, false));
    expect(outputsOf(back, inputs)).toEqual(outputsOf(model, inputs));
    [ours, back].forEach((made) => made.dispose());
  });

  test('leaks nothing, and outlives the original', async () => {
    const before = tf.memory().numTensors;
    const ours = await convertPooling(model, { to: 'im2col' });
    const expected = outputsOf(model, inputs);
    expect(tf.memory().numTensors - before).toBe(model.weights.length);
    ours.dispose();
    expect(tf.memory().numTensors).toBe(before);
    const again = await convertPooling(model, { to: 'im2col' });
    model.dispose();
    expect(outputsOf(again, inputs)).toEqual(expected);
    again.dispose();
    model = makeModel();
  });
});

test('training the copy leaves the original alone', async () => {
  const model = MODELS['a Sequential']();
  const inputs = inputsFor(model);
  const before = outputsOf(model, inputs);
  const ours = await convertPooling(model, { to: 'im2col' });
  ours.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await ours.fit(inputs[0], tf.ones([2, 2]), { epochs: 1, verbose: 0 });
  expect(outputsOf(ours, inputs)).not.toEqual(before);
  expect(outputsOf(model, inputs)).toEqual(before);
});

test('what is frozen stays frozen: layers, nested models, single weights', async () => {
  const model = MODELS['models in models']();
  (model.layers[0] as tf.LayersModel).layers[1].trainable = false;
  model.layers[3].weights[1].trainable = false;
  const ours = await convertPooling(model, { to: 'im2col' });
  const flags = (m: tf.LayersModel) => m.weights.map((w) => `${w.originalName}: ${w.trainable}`);
  expect(flags(ours)).toEqual(flags(model));
  expect(ours.trainableWeights.map((w) => w.originalName)).toEqual(model.trainableWeights.map((w) => w.originalName));
  expect(model.trainableWeights.length).toBeLessThan(model.weights.length);
});

test('a model without pooling is copied', async () => {
  const model = tf.sequential({ layers: [tf.layers.upSampling2d({ inputShape: [4, 4, 1] })] });
  for (const to of ['im2col', 'builtin'] as const) {
    expect(layerList(await convertPooling(model, { to }))).toEqual(layerList(model));
  }
});

test('to builtin, every layer that tf.layers cannot express is named with its reasons, and nothing is made', async () => {
  const x = tf.input({ shape: [12, 12, 1] });
  const apply = (layer: tf.layers.Layer, input: tf.SymbolicTensor) => layer.apply(input) as tf.SymbolicTensor;
  const both = im2colMaxPooling2d({ name: 'both', returnArgmax: true }).apply(x) as tf.SymbolicTensor[];
  const y = [
    apply(im2colMaxPooling2d({ name: 'dilated', dilationRate: 2, ceilMode: true }), x),
    apply(
      im2colMaxPooling2d({
        name: 'padded',
        padding: [
          [1, 0],
          [0, 0],
        ],
      }),
      x,
    ),
    apply(im2colMaxPooling2d({ name: 'fine', padding: 0, nan: 'ignore', implementation: 'im2col' }), x),
    apply(
      im2colMaxPooling1d({ name: 'first', dataFormat: 'channelsFirst' }),
      apply(tf.layers.reshape({ targetShape: [12, 12] }), x),
    ),
    maxUnpooling2d({ name: 'back' }).apply(both) as tf.SymbolicTensor,
  ];
  const model = tf.model({ inputs: x, outputs: y });
  const before = tf.memory().numTensors;
  await expect(convertPooling(model, { to: 'builtin' })).rejects.toThrow(
    `convertPooling: expected layers that tf.layers can express; got
  layer 'both' (Im2ColMaxPooling2D): tf.layers has no returnArgmax (here true)
  layer 'dilated' (Im2ColMaxPooling2D): tf.layers has no dilationRate (here [2, 2]), no ceilMode (here true)
  layer 'padded' (Im2ColMaxPooling2D): tf.layers has no numeric padding (here [[1, 0], [0, 0]])
  layer 'first' (Im2ColMaxPooling1D): tf.layers has no dataFormat in 1-D (here 'channelsFirst')
  layer 'back' (MaxUnpooling2D): tf.layers has no such layer`,
  );
  expect(tf.memory().numTensors).toBe(before);
});

test('to builtin: averages, global, adaptive and Lp pooling', async () => {
  const refusal = async (layer: tf.layers.Layer) => {
    const model = tf.sequential({ layers: [layer] });
    const message = await convertPooling(model, { to: 'builtin' }).then(
      () => 'converted',
      (error: Error) => error.message,
    );
    return message.replace(/^.*\): /, '');
  };
  const image = { inputShape: [6, 6, 1] };
  const volume = { inputShape: [4, 4, 4, 1] };
  expect(await refusal(im2colAveragePooling2d({ ...image, padding: 'same' }))).toBe('converted');
  expect(await refusal(im2colAveragePooling2d({ ...image, countIncludePad: true }))).toBe(
    'tf.layers has no countIncludePad (here true).',
  );
  expect(await refusal(im2colAveragePooling2d({ ...image, divisorOverride: 3 }))).toBe(
    'tf.layers has no divisorOverride (here 3).',
  );
  expect(await refusal(im2colAveragePooling2d({ ...image, dilationRate: 2, padding: 1 }))).toBe(
    'tf.layers has no dilationRate (here [2, 2]), no numeric padding (here [[1, 1], [1, 1]]).',
  );
  expect(await refusal(im2colAveragePooling1d({ inputShape: [4, 4], dataFormat: 'channelsFirst' }))).toBe(
    "tf.layers has no dataFormat in 1-D (here 'channelsFirst').",
  );
  expect(await refusal(im2colGlobalMaxPooling2d({ ...image, nan: 'ignore' }))).toBe('converted');
  expect(await refusal(im2colGlobalMaxPooling2d({ ...image, keepDims: true }))).toBe(
    'tf.layers has no keepDims (here true).',
  );
  expect(await refusal(im2colGlobalAveragePooling2d({ ...image, dataFormat: 'channelsFirst' }))).toBe('converted');
  expect(await refusal(im2colGlobalAveragePooling2d({ ...image, keepDims: true }))).toBe(
    'tf.layers has no keepDims (here true).',
  );
  expect(await refusal(im2colGlobalAveragePooling1d({ inputShape: [4, 4], dataFormat: 'channelsFirst' }))).toBe(
    "tf.layers has no dataFormat in 1-D (here 'channelsFirst').",
  );
  for (const layer of [
    im2colGlobalMaxPooling3d(volume),
    im2colGlobalAveragePooling3d(volume),
    im2colAdaptiveAveragePooling2d({ ...image, outputSize: 2 }),
    im2colLpPooling2d({ ...image, p: 2 }),
  ])
    expect(await refusal(layer)).toBe('tf.layers has no such layer.');
});

test('padding 0 becomes valid', async () => {
  const model = tf.sequential({ layers: [im2colMaxPooling2d({ inputShape: [5, 5, 1], padding: 0 })] });
  const builtin = await convertPooling(model, { to: 'builtin' });
  expect(builtin.layers[0].getConfig()).toMatchObject({ padding: 'valid', poolSize: [2, 2] });
});

test('an unregistered custom layer is an error that leaks nothing', async () => {
  class Twice extends tf.layers.Layer {
    static className = 'Twice';
    override computeOutputShape(shape: tf.Shape) {
      return shape;
    }
    override call(x: tf.Tensor | tf.Tensor[]) {
      return tf.mul(Array.isArray(x) ? x[0] : x, 2);
    }
  }
  const model = tf.sequential({
    layers: [tf.layers.conv2d({ inputShape: [4, 4, 1], filters: 1, kernelSize: 1 }), new Twice()],
  });
  const before = tf.memory().numTensors;
  await expect(convertPooling(model, { to: 'im2col' })).rejects.toThrow(/Unknown layer: Twice/);
  expect(tf.memory().numTensors).toBe(before);
});

test.each([
  [undefined, { to: 'im2col' }, 'convertPooling: expected a LayersModel; got undefined.'],
  [{}, { to: 'im2col' }, 'convertPooling: expected a LayersModel; got an object (Object).'],
  ['model', { to: 'onnx' }, "convertPooling: expected {to: 'im2col'} or {to: 'builtin'}; got 'onnx'."],
  ['model', undefined, "convertPooling: expected {to: 'im2col'} or {to: 'builtin'}; got undefined."],
])('bad arguments: %p, %p', async (model, options, message) => {
  const given = model === 'model' ? MODELS.volumes() : model;
  await expect(convertPooling(given as never, options as never)).rejects.toThrow(message);
});
