/** Saving and loading through memory, and models that Keras wrote. */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { memoryHandler, saveLoadPredictions } from './save_load';
import { distinct, numbers, onCpuWithoutLeaks, sgd } from './support';

onCpuWithoutLeaks();

/** A sequential model as Keras writes it into model.json, around one layer. */
function kerasJson(className: string, config: object): { modelTopology: object } {
  return {
    modelTopology: {
      keras_version: '2.15.0',
      backend: 'tensorflow',
      model_config: {
        class_name: 'Sequential',
        config: { name: 'sequential', layers: [{ class_name: className, config }] },
      },
    },
  };
}

test('a loaded model predicts what the saved one did, bit for bit', async () => {
  const { saved, loaded } = await saveLoadPredictions(tf, plugin, memoryHandler(tf));
  expect(saved).toHaveLength(15);
  expect(saved.some((value) => value !== saved[0])).toBe(true);
  expect(loaded).toEqual(saved);
});

test('a loaded model trains as the saved one does', async () => {
  const handler = memoryHandler(tf);
  const model = tf.sequential({
    layers: [plugin.im2colMaxPooling1d({ inputShape: [4, 1] }), tf.layers.flatten(), tf.layers.dense({ units: 1 })],
  });
  await model.save(handler);
  const loaded = await tf.loadLayersModel(handler);
  const [x, y] = [distinct([4, 4, 1]), distinct([4, 1])];
  for (const one of [model, loaded]) {
    one.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
    await one.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0 });
  }
  expect(loaded.getWeights().map(numbers)).toEqual(model.getWeights().map(numbers));
  tf.dispose([x, y]);
  [model, loaded].forEach((one) => one.dispose());
});

describe('configurations that Keras wrote', () => {
  // What tf.keras.layers.MaxPooling*.get_config() gives, under our class name.
  test.each([
    [
      'Im2ColMaxPooling1D',
      [null, 7, 2],
      { pool_size: [3], strides: [2], padding: 'same', data_format: 'channels_last' },
      { poolSize: [3], strides: [2], padding: 'same', dataFormat: 'channelsLast' },
    ],
    [
      'Im2ColMaxPooling2D',
      [null, 2, 8, 8],
      { pool_size: [3, 2], strides: [2, 1], padding: 'valid', data_format: 'channels_first' },
      { poolSize: [3, 2], strides: [2, 1], padding: 'valid', dataFormat: 'channelsFirst' },
    ],
    [
      'Im2ColMaxPooling3D',
      [null, 4, 4, 4, 1],
      { pool_size: [2, 2, 2], strides: null, padding: 'same', data_format: null },
      { poolSize: [2, 2, 2], strides: [2, 2, 2], padding: 'same', dataFormat: 'channelsLast' },
    ],
  ])('%s', async (className, shape, config, expected) => {
    const keras = { name: 'max_pooling', trainable: true, dtype: 'float32', batch_input_shape: shape, ...config };
    const model = await tf.loadLayersModel(tf.io.fromMemory(kerasJson(className, keras)));
    expect((model.layers[0] as plugin.Im2ColMaxPooling2D).spec).toMatchObject(expected);
    expect(model.layers[0].name).toBe('max_pooling');
  });

  test('our own options in snake case', async () => {
    const keras = {
      batch_input_shape: [null, 9, 9, 1],
      pool_size: 2,
      dilation_rate: [2, 1],
      ceil_mode: true,
      padding: [
        [1, 0],
        [0, 1],
      ],
      nan: 'ignore',
      implementation: 'im2col',
    };
    const model = await tf.loadLayersModel(tf.io.fromMemory(kerasJson('Im2ColMaxPooling2D', keras)));
    expect((model.layers[0] as plugin.Im2ColMaxPooling2D).spec).toMatchObject({
      dilationRate: [2, 1],
      ceilMode: true,
      padding: [
        [1, 0],
        [0, 1],
      ],
      nan: 'ignore',
      implementation: 'im2col',
    });
    tf.tidy(() => {
      expect(numbers(model.predict(distinct([1, 9, 9, 1])))).toHaveLength(25);
    });
  });

  test('an unknown key is named', async () => {
    const json = kerasJson('Im2ColMaxPooling2D', { batch_input_shape: [null, 4, 4, 1], pool_width: 2 });
    await expect(tf.loadLayersModel(tf.io.fromMemory(json))).rejects.toThrow(
      "Im2ColMaxPooling2D: unknown option 'poolWidth'",
    );
  });
});
