/** toKerasModel: what it makes of models of all sorts is what Keras 3.15 loaded (golden/keras.json); and what it refuses. */
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { im2colGlobalMaxPooling2d, im2colMaxPooling2d } from '../../src/index';
import { toKerasModel } from '../../src/keras';

interface Golden {
  readonly name: string;
  readonly topology: object;
  readonly keras: object;
  readonly stock: object | null;
}
const { models } = JSON.parse(readFileSync(join(__dirname, '../golden/keras.json'), 'utf8')) as { models: Golden[] };
const jsonOf = (...layers: tf.layers.Layer[]) => tf.sequential({ name: 'model', layers }).toJSON(null, false) as object;
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
const input = { inputShape: [4, 4, 2], name: 'layer' };

test.each(models.map((model) => [model.name, model] as const))('%s', (_, { topology, keras, stock }) => {
  const before = JSON.stringify(topology);
  expect(plain(toKerasModel(topology, { pooling: 'im2col' }))).toEqual(keras);
  if (stock !== null) expect(plain(toKerasModel(topology, { pooling: 'builtin' }))).toEqual(stock);
  else
    expect(() => toKerasModel(topology, { pooling: 'builtin' })).toThrow('expected layers that Keras 3 can have; got');
  expect(JSON.stringify(topology)).toBe(before);
  // A whole model.json, and what Keras 2 writes, are taken as well.
  expect(plain(toKerasModel({ modelTopology: topology }, { pooling: 'im2col' }))).toEqual(keras);
  expect(plain(toKerasModel({ modelTopology: { model_config: topology } }, { pooling: 'im2col' }))).toEqual(keras);
});

test.each([
  [im2colMaxPooling2d({ ...input, dilationRate: 2, strides: 1 }), 'stock Keras has no dilationRate (here [2, 2])'],
  [im2colMaxPooling2d({ ...input, padding: 1 }), 'stock Keras has no numeric padding (here [[1, 1], [1, 1]])'],
  [
    tf.layers.upSampling2d({ ...input, interpolation: 'bilinear' }),
    'bilinear interpolation takes other samples in Keras 3',
  ],
  [tf.layers.thresholdedReLU({ ...input }), 'Keras 3 has no such layer of this meaning'],
  [
    tf.layers.dense({ ...input, units: 1, activation: 'hardSigmoid' }),
    "activation hard_sigmoid is another function in Keras 3; with pooling 'im2col' the layer keeps tfjs's",
  ],
])('a layer that cannot go is refused by its name: %#', (layer, why) => {
  const refusal = `toKerasModel: expected layers that Keras 3 can have; got layer 'layer' (${layer.getClassName()}): ${why}.`;
  expect(() => toKerasModel(jsonOf(layer), { pooling: 'builtin' })).toThrow(new Error(refusal));
});

test('our layers get our names of options, whatever Keras calls them', () => {
  const topology = jsonOf(im2colGlobalMaxPooling2d({ ...input, keepDims: true }));
  const asKeras = JSON.parse(JSON.stringify(topology).replace('"keep_dims":true', '"keepdims":true')) as object;
  expect(JSON.stringify(asKeras)).toContain('"keepdims":true');
  expect(plain(toKerasModel(asKeras, { pooling: 'im2col' }))).toEqual(
    plain(toKerasModel(topology, { pooling: 'im2col' })),
  );
});

test('wrong calls', () => {
  const json = jsonOf(im2colMaxPooling2d(input));
  const call = (given: unknown, options: unknown) => () =>
    toKerasModel(given as object, options as { pooling: 'im2col' });
  expect(call(json, { pooling: 'stock' })).toThrow(
    "toKerasModel: expected pooling to be 'builtin' or 'im2col'; got 'stock'.",
  );
  expect(call(json, undefined)).toThrow("toKerasModel: expected pooling to be 'builtin' or 'im2col'; got undefined.");
  expect(call({}, { pooling: 'im2col' })).toThrow('toKerasModel: expected a saved LayersModel');
  expect(call(models[0].keras, { pooling: 'im2col' })).toThrow(
    /^toKerasModel: expected a topology of tfjs or Keras 2; got one of Keras 3 \(layer '.*' has batch_shape\)\.$/,
  );
});

const layers = [{ class_name: 'InputLayer', name: 'in', inbound_nodes: [], config: { batch_input_shape: [null, 2] } }];
const functional = { name: 'inner', layers, input_layers: [['in', 0, 0]], output_layers: [['in', 0, 0]] };

test.each([
  [{ input_layers: [] }, 'a list of references [layer, node, tensor] as input_layers', '[]'],
  [{ input_layers: undefined }, 'a list of references [layer, node, tensor] as input_layers', 'undefined'],
  [{ output_layers: [0] }, 'a list of references [layer, node, tensor] as output_layers', '[0]'],
  [{ layers: undefined }, 'a list of layers as layers', 'undefined'],
  [{ layers: [null] }, 'a list of layers as layers', '[null]'],
])('a model in a model with %j is refused by its name', (broken, what, got) => {
  const around = (config: object) => ({
    class_name: 'Sequential',
    config: { layers: [{ class_name: 'Model', config }] },
  });
  const call = (config: object) => () => toKerasModel(around(config), { pooling: 'builtin' });
  expect(call(functional)).not.toThrow();
  expect(call({ ...functional, ...broken })).toThrow(
    new Error(`toKerasModel: expected ${what} of the model 'inner'; got ${got}.`),
  );
});
