/** The global pooling layers against tf.layers': shapes, values, models; and the gradient that the built-in ones get wrong. */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { distinct, expectTrainsAndLoads, numbers, onCpuWithoutLeaks } from './support';

onCpuWithoutLeaks();

type Factory = (args: object) => tf.layers.Layer;
const MAX: Record<number, Factory> = {
  1: plugin.im2colGlobalMaxPooling1d,
  2: plugin.im2colGlobalMaxPooling2d,
  3: plugin.im2colGlobalMaxPooling3d,
};

describe.each([
  ['globalMaxPooling1d', 1, [2, 6, 3], {}],
  ['globalMaxPooling2d', 2, [2, 4, 5, 3], {}],
  ['globalMaxPooling2d', 2, [2, 4, 5, 3], { dataFormat: 'channelsLast' }],
  ['globalMaxPooling2d', 2, [2, 3, 4, 5], { dataFormat: 'channelsFirst' }],
] as const)('%s', (builtIn, rank, shape, options) => {
  const theirs = () => (tf.layers[builtIn] as Factory)(options);
  const ours = () => MAX[rank](options);

  test('same shapes and values, from tensors', () => {
    tf.tidy(() => {
      const x = distinct([...shape]);
      const [a, b] = [ours().apply(x), theirs().apply(x)] as tf.Tensor[];
      expect({ shape: a.shape, values: numbers(a) }).toEqual({ shape: b.shape, values: numbers(b) });
      expect(ours().computeOutputShape([...shape])).toEqual(b.shape);
    });
  });

  test('same shapes where sizes are unknown', () => {
    const channels = 'dataFormat' in options && options.dataFormat === 'channelsFirst' ? 1 : rank + 1;
    const unknown = shape.map((size, i) => (i === channels ? size : null));
    expect(ours().computeOutputShape(unknown)).toEqual(theirs().computeOutputShape(unknown));
    const model = tf.sequential({ layers: [MAX[rank]({ ...options, batchInputShape: unknown })] });
    tf.tidy(() => {
      const x = distinct([...shape]);
      expect(numbers(model.predict(x))).toEqual(numbers(theirs().apply(x)));
    });
  });

  test('the built-in configuration makes our layer', () => {
    const className = `Im2ColGlobalMaxPooling${rank}D` as 'Im2ColGlobalMaxPooling2D';
    const made = plugin[className].fromConfig<plugin.Im2ColGlobalMaxPooling2D>(plugin[className], theirs().getConfig());
    expect(made.spec).toMatchObject({ keepDims: false, dataFormat: 'channelsLast', ...options });
  });
});

test('there is no built-in 3-D one; ours pools', () => {
  expect('globalMaxPooling3d' in tf.layers).toBe(false);
  const layer = plugin.im2colGlobalMaxPooling3d({ keepDims: true, dataFormat: 'channelsFirst' });
  expect(layer.computeOutputShape([null, 3, null, 4, null])).toEqual([null, 3, 1, 1, 1]);
  tf.tidy(() => {
    const x = distinct([2, 3, 2, 4, 3]);
    expect(numbers(layer.apply(x))).toEqual(numbers(tf.max(x, [2, 3, 4])));
  });
});

test('of tied elements one gets the gradient, where the built-in layer gives it to each', () => {
  tf.tidy(() => {
    const x = tf.zeros([1, 2, 2, 1]);
    const gradient = (layer: tf.layers.Layer) => numbers(tf.grad((t) => layer.apply(t) as tf.Tensor)(x));
    expect(gradient(plugin.im2colGlobalMaxPooling2d())).toEqual([1, 0, 0, 0]);
    expect(gradient(tf.layers.globalMaxPooling2d({ dataFormat: 'channelsLast' }))).toEqual([1, 1, 1, 1]);
  });
});

test('wrong arguments are named', () => {
  expect(() => plugin.im2colGlobalMaxPooling2d({ keepDims: 'yes' } as object)).toThrow(
    "Im2ColGlobalMaxPooling2D: expected keepDims to be true or false; got 'yes'.",
  );
  expect(() => plugin.im2colGlobalMaxPooling1d({ poolSize: 2 } as object)).toThrow(
    "Im2ColGlobalMaxPooling1D: unknown option 'poolSize'",
  );
  expect(() => plugin.im2colGlobalMaxPooling2d().computeOutputShape([null, 4, 1])).toThrow(
    'Im2ColGlobalMaxPooling2D: expected an input shape of rank 4 [batch, height, width, channels]; got rank 3',
  );
  expect(() => plugin.im2colGlobalMaxPooling2d().computeOutputShape([null, 4, 0, 1])).toThrow(
    'Im2ColGlobalMaxPooling2D: expected an image of at least one element; got spatial size [4, 0].',
  );
});

test("Keras' name of keepDims is understood", async () => {
  const config = { batch_input_shape: [null, 4, 4, 2], data_format: 'channels_first', keepdims: true };
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: {
        keras_version: '2.15.0',
        backend: 'tensorflow',
        model_config: {
          class_name: 'Sequential',
          config: { name: 's', layers: [{ class_name: 'Im2ColGlobalMaxPooling2D', config }] },
        },
      },
    }),
  );
  expect(model.outputShape).toEqual([null, 4, 1, 1]);
});

test('a model with it trains, is saved, loaded and predicts the same', () =>
  expectTrainsAndLoads([null, null, 1], [plugin.im2colGlobalMaxPooling2d({ nan: 'ignore' })]));

test('the backward pass keeps the argmax of each stage and nothing else', () => {
  const shape: [number, number, number, number] = [2, 16, 16, 3];
  const keptBy = (f: (x: tf.Tensor) => tf.Tensor) => {
    let kept = 0;
    tf.tidy(() => {
      const x = tf.randomUniform(shape, -1, 1, 'float32', 7);
      const before = tf.memory().numBytes;
      const probe = tf.customGrad((y) => ({
        value: tf.scalar(0),
        gradFunc: () => {
          kept = tf.memory().numBytes - before;
          return tf.ones((y as tf.Tensor).shape);
        },
      }));
      tf.grad((t) => probe(f(t)))(x);
    });
    return kept;
  };
  const argmaxElements = 2 * 3 * (16 + 1);
  expect(keptBy((x) => plugin.globalMaxPool2d(x)) - keptBy((x) => tf.neg(x))).toBe(argmaxElements);
});
