/** convertPoolingTopology on what tfjs and Keras 2 write: what changes, and that nothing else does. */
import * as tf from '@tensorflow/tfjs';
import { pairOf } from '../../src/convert/layer_pairs';
import { convertPoolingTopology } from '../../src/convert/index';
import { im2colMaxPooling2d, maxUnpooling2d, registerIm2ColLayers } from '../../src/index';
import { KINDS } from '../../src/kinds';
import { LAYER_ARG_NAMES } from '../../src/layers/layer_args';
import { MODELS, inputsFor, outputsOf } from './support';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** As Keras 2.15's model.to_json() has it, inside what the converter for tfjs writes. */
const KERAS_2 = {
  format: 'layers-model',
  generatedBy: 'keras v2.15.0',
  convertedBy: 'TensorFlow.js Converter v4.22.0',
  modelTopology: {
    keras_version: '2.15.0',
    backend: 'tensorflow',
    model_config: {
      class_name: 'Functional',
      config: {
        name: 'model',
        trainable: true,
        layers: [
          {
            class_name: 'InputLayer',
            config: {
              batch_input_shape: [null, 8, 8, 2],
              dtype: 'float32',
              sparse: false,
              ragged: false,
              name: 'input_1',
            },
            inbound_nodes: [],
            name: 'input_1',
          },
          {
            class_name: 'MaxPooling2D',
            inbound_nodes: [[['input_1', 0, 0, {}]]],
            name: 'pool',
            config: {
              name: 'pool',
              trainable: true,
              dtype: 'float32',
              pool_size: [3, 2],
              padding: 'same',
              strides: [2, 2],
              data_format: 'channels_first',
            },
          },
          {
            class_name: 'TimeDistributed',
            inbound_nodes: [[['pool', 0, 0, {}]]],
            name: 'td',
            config: {
              name: 'td',
              trainable: true,
              dtype: 'float32',
              layer: {
                class_name: 'MaxPooling1D',
                config: {
                  name: 'one',
                  trainable: true,
                  dtype: 'float32',
                  pool_size: [2],
                  strides: [2],
                  padding: 'valid',
                  data_format: 'channels_last',
                },
              },
            },
          },
          {
            class_name: 'Flatten',
            config: { name: 'flatten', trainable: true, dtype: 'float32', data_format: 'channels_last' },
            inbound_nodes: [[['td', 0, 0, {}]]],
            name: 'flatten',
          },
        ],
        input_layers: [['input_1', 0, 0]],
        output_layers: [['flatten', 0, 0]],
      },
    },
    training_config: { loss: 'mse', 1: 'a key that JavaScript would sort first' },
  },
  weightsManifest: [
    { paths: ['group1-shard1of1.bin'], weights: [{ name: 'MaxPooling2D', class_name: 'MaxPooling2D', config: {} }] },
  ],
  somethingElse: { nested: [1, null, 'MaxPooling2D'] },
};

async function loaded(topology: object): Promise<tf.LayersModel> {
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology: topology }));
}

test('what Keras 2 wrote: class names change, nothing else does, and it loads with the same predictions', async () => {
  const text = JSON.stringify(KERAS_2);
  const converted = convertPoolingTopology(KERAS_2, { to: 'im2col' });
  // Of a class name in a pooling layer, that is; those in the manifest are somebody's weights.
  expect(JSON.stringify(converted)).toBe(
    text
      .replace('"class_name":"MaxPooling2D","inbound_nodes"', '"class_name":"Im2ColMaxPooling2D","inbound_nodes"')
      .replace('"class_name":"MaxPooling1D"', '"class_name":"Im2ColMaxPooling1D"'),
  );
  expect(JSON.stringify(KERAS_2)).toBe(text);
  const [model, ours] = [await loaded(KERAS_2.modelTopology), await loaded(converted.modelTopology)];
  expect(ours.layers[1].getConfig()).toMatchObject({
    poolSize: [3, 2],
    strides: [2, 2],
    padding: 'same',
    dataFormat: 'channelsFirst',
  });
  const inputs = inputsFor(model);
  expect(outputsOf(ours, inputs)).toEqual(outputsOf(model, inputs));
  expect(JSON.stringify(convertPoolingTopology(converted, { to: 'builtin' }))).toBe(text);
});

/** A Sequential of one layer, on images of 4x4. */
const sequentialOf = (class_name: string, config: object) => ({
  class_name: 'Sequential',
  config: {
    name: 's',
    layers: [{ class_name, config: { name: 'p', batch_input_shape: [null, 4, 4, 1], ...config } }],
    build_input_shape: [null, 4, 4, 1],
  },
});

test('what Keras says of any layer leaves a pooling layer, which would reject it', async () => {
  const fields = { dynamic: true, autocast: true, activity_regularizer: null };
  const converted = convertPoolingTopology(sequentialOf('MaxPooling2D', { pool_size: 2, ...fields }), { to: 'im2col' });
  expect(converted).toEqual(sequentialOf('Im2ColMaxPooling2D', { pool_size: 2 }));
  expect((await loaded(converted)).outputShape).toEqual([null, 2, 2, 1]);
});

test.each(['GlobalMaxPooling2D', 'GlobalAveragePooling2D'])("Keras' keepdims of %s is honoured", async (className) => {
  for (const [keepdims, shape] of [
    [true, [null, 1, 1, 1]],
    [false, [null, 1]],
  ] as const) {
    const json = sequentialOf(className, { data_format: 'channels_last', keepdims });
    const ours = convertPoolingTopology(json, { to: 'im2col' });
    expect(ours).toEqual(sequentialOf(`Im2Col${className}`, { data_format: 'channels_last', keepdims }));
    expect((await loaded(ours)).outputShape).toEqual(shape);
    if (keepdims) {
      expect(() => convertPoolingTopology(ours, { to: 'builtin' })).toThrow(
        `got layer 'p' (Im2Col${className}): tf.layers has no keepDims (here true).`,
      );
    } else expect(convertPoolingTopology(ours, { to: 'builtin' })).toEqual(json);
  }
});

test('an option that nobody here knows is refused, not lost, either way', () => {
  const old = { pool_size: [2, 2], border_mode: 'same' };
  expect(() => convertPoolingTopology(sequentialOf('MaxPooling2D', old), { to: 'im2col' })).toThrow(
    'convertPoolingTopology: expected layers that this package can express; ' +
      "got layer 'p' (MaxPooling2D): Im2ColMaxPooling2D has no option border_mode (here 'same').",
  );
  expect(() => convertPoolingTopology(sequentialOf('Im2ColMaxPooling2D', old), { to: 'builtin' })).toThrow(
    "got layer 'p' (Im2ColMaxPooling2D): Im2ColMaxPooling2D has no option border_mode (here 'same').",
  );
  // An option of another family is none of this one.
  expect(() => convertPoolingTopology(sequentialOf('MaxPooling2D', { keepdims: true }), { to: 'im2col' })).toThrow(
    'Im2ColMaxPooling2D has no option keepdims (here true).',
  );
});

const PAIRS = KINDS.flatMap(({ layer, builtin }) =>
  builtin ? [1, 2, 3].map((rank) => pairOf(`${layer}${rank}D`)!) : [],
);

test.each(PAIRS)("$im2col: the options that convert knows are the layer's own", ({ im2col, optionNames }) => {
  const { [im2col as 'Im2ColMaxPooling2D']: Layer } = registerIm2ColLayers();
  const required = optionNames.includes('outputSize') ? { outputSize: 1 } : {};
  const own = Object.keys(new Layer(required as object).getConfig()).filter((key) => !LAYER_ARG_NAMES.includes(key));
  expect([...optionNames].sort()).toEqual(own.sort());
});

test('a list of layers, as old files have for a Sequential', () => {
  const json = { class_name: 'Sequential', config: [{ class_name: 'MaxPooling1D', config: { name: 'p' } }] };
  expect(convertPoolingTopology(json, { to: 'im2col' }).config).toEqual([
    { class_name: 'Im2ColMaxPooling1D', config: { name: 'p' } },
  ]);
});

test.each(Object.keys(MODELS))('what tfjs writes: %s', async (name) => {
  const model = MODELS[name]();
  const json = model.toJSON(null, false) as object;
  const ours = convertPoolingTopology(json, { to: 'im2col' });
  expect(JSON.stringify(ours)).toBe(
    JSON.stringify(json).replace(/"class_name":"((Global)?(Max|Average)Pooling)/g, '"class_name":"Im2Col$1'),
  );
  const copy = await loaded(ours);
  copy.setWeights(model.getWeights());
  const inputs = inputsFor(model);
  expect(outputsOf(copy, inputs)).toEqual(outputsOf(model, inputs));
  // Written by our layers, with all their options, and back again; in 1-D, Keras writes data_format where tfjs does not.
  const back = convertPoolingTopology(copy.toJSON(null, false) as object, { to: 'builtin' });
  const without1D = JSON.stringify(back, (_, value) =>
    /Pooling1D$/.test(value?.class_name as string)
      ? { ...value, config: { ...value.config, data_format: undefined } }
      : value,
  );
  expect(JSON.parse(without1D)).toEqual(json);
});

test('to builtin, refusals name the layers', () => {
  const x = tf.input({ shape: [8, 8, 1] });
  const pooled = im2colMaxPooling2d({
    name: 'p',
    returnArgmax: true,
    strides: 1,
    padding: [1, 2],
    dilationRate: [1, 2],
  }).apply(x);
  const model = tf.model({
    inputs: x,
    outputs: maxUnpooling2d({ name: 'u', strides: 1, padding: [1, 2], dilationRate: [1, 2] }).apply(
      pooled,
    ) as tf.SymbolicTensor,
  });
  const json = model.toJSON(null, false) as object;
  expect(() => convertPoolingTopology(json, { to: 'builtin' })).toThrow(
    'convertPoolingTopology: expected layers that tf.layers can express; got\n' +
      "  layer 'p' (Im2ColMaxPooling2D): tf.layers has no dilationRate (here [1, 2]), no returnArgmax (here true), " +
      'no numeric padding (here [[1, 1], [2, 2]])\n' +
      "  layer 'u' (MaxUnpooling2D): tf.layers has no such layer",
  );
});

test.each([
  [null, 'expected the JSON object of a saved model; got null.'],
  [[], 'expected the JSON object of a saved model; got an array.'],
  [{}, 'got an object with nothing in it.'],
  [{ weightsManifest: [], format: 'layers-model' }, 'got an object with weightsManifest, format.'],
  [{ format: 'graph-model', modelTopology: { node: [] } }, 'expected a LayersModel; got a GraphModel'],
  [{ modelTopology: { node: [] } }, 'expected a LayersModel; got a GraphModel'],
])('what is no saved LayersModel: %j', (json, message) => {
  expect(() => convertPoolingTopology(json as object, { to: 'im2col' })).toThrow('convertPoolingTopology: ');
  expect(() => convertPoolingTopology(json as object, { to: 'im2col' })).toThrow(message);
});
