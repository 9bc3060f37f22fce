/** fromKerasModel and the reading of Keras' files: models that Keras 3.15 saved predict in tfjs what they should. */
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKerasFile } from '../../src/cli/keras_file';
import { weightsOf } from '../../src/cli/keras_weights';
import { convertPoolingTopology } from '../../src/convert';
import '../../src/index';
import { fromKerasModel, toKerasModel } from '../../src/keras';

interface Entry {
  readonly shape: number[];
  readonly at: number;
}
interface Golden {
  readonly name: string;
  readonly topology: object;
  readonly xs: Entry[];
  readonly ys: Entry[];
}
const GOLDEN = join(__dirname, '../golden');
const read = (file: string) => JSON.parse(readFileSync(join(GOLDEN, file), 'utf8')) as unknown;
const { models } = read('keras.json') as { models: Golden[] };
const bytes = readFileSync(join(GOLDEN, 'keras.bin'));
const tensor = ({ shape, at }: Entry) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    new Float32Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + 4 * size)),
    shape,
  );
};

beforeAll(() => tf.setBackend('cpu'));

async function loaded(file: string) {
  const saved = await readKerasFile(join(GOLDEN, 'keras_saved', file));
  const topology = fromKerasModel(saved.json as object);
  const weights = weightsOf(file, saved);
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: topology as object,
      weightSpecs: weights.map(({ name, shape }) => ({ name, shape: [...shape], dtype: 'float32' as const })),
      weightData: Uint8Array.from(Buffer.concat(weights.map(({ values }) => Buffer.from(values.buffer)))).buffer,
    }),
  );
  return { model, topology };
}

function expectPredictions(model: tf.LayersModel, xs: tf.Tensor[], ys: Float32Array[]) {
  const got = model.predict(xs.length === 1 ? xs[0] : xs);
  const outputs = Array.isArray(got) ? got : [got];
  expect(outputs).toHaveLength(ys.length);
  outputs.forEach((output, i) => {
    const values = output.dataSync<'float32'>();
    expect(values).toHaveLength(ys[i].length);
    expect(Math.max(...values.map((value, at) => Math.abs(value - ys[i][at])))).toBeLessThan(1e-6);
  });
}

/** The topology that the file gives, of a model that predicts as the model of this name. */
async function predicting(file: string, name: string): Promise<object> {
  const golden = models.find((model) => model.name === name)!;
  const { model, topology } = await loaded(file);
  const ys = golden.ys.map((entry) => tensor(entry).dataSync<'float32'>());
  expectPredictions(model, golden.xs.map(tensor), ys);
  return topology as object;
}

test.each([...models.map(({ name }) => [`${name}.keras`, name]), ['sequences.h5', 'sequences']])(
  '%s',
  async (file, name) => {
    const topology = await predicting(file, name);
    // Keras -> tfjs -> Keras -> tfjs is Keras -> tfjs.
    expect(fromKerasModel(toKerasModel(topology, { pooling: 'im2col' }))).toEqual(topology);
  },
);

test.each(['digits', 'sequences', 'nested'])('%s.keras2.h5, in the layout of Keras 2', async (name) => {
  const topology = await predicting(`${name}.keras2.h5`, name);
  // What Keras 2 leaves to its defaults, Keras 3 says.
  expect(settingsOf(fromKerasModel(toKerasModel(topology, { pooling: 'im2col' })))).toEqual(settingsOf(topology));
});

test.each(models.map((model) => [model.name, model] as const))(
  '%s to Keras and back is the same configuration',
  (_, { topology }) => {
    const ours = convertPoolingTopology(topology, { to: 'im2col' });
    const back = fromKerasModel(toKerasModel(topology, { pooling: 'im2col' }));
    expect(settingsOf(back)).toEqual(settingsOf(ours));
  },
);

/** What the layers say: their names, classes and settings, without those that ask for nothing. */
function settingsOf(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(settingsOf);
  if (typeof json !== 'object' || json === null) return json;
  const silent = ['keras_version', 'backend', 'implementation', 'input_length', 'dtype', 'sparse'];
  const entries = Object.entries(json).filter(([key, value]) => !silent.includes(key) && value !== null && !(key === 'data_format' && value === 'channels_last')); // prettier-ignore
  return Object.fromEntries(entries.map(([key, value]) => [key, settingsOf(value)]));
}

test.each(['stock.keras', 'stock.h5'])('%s, made by stock Keras, predicts the same', async (file) => {
  const { x, ys } = read('keras_saved.json') as { x: number[]; ys: number[][] };
  const { model } = await loaded(file);
  expectPredictions(
    model,
    [tf.tensor(x, [2, 3, 4, 4, 2])],
    ys.map((y) => Float32Array.from(y)),
  );
});

const kerasLayer = (className: string, config: object) => ({
  class_name: 'Sequential',
  module: 'keras',
  config: {
    name: 'model',
    layers: [
      { class_name: 'InputLayer', config: { batch_shape: [null, 4, 4], dtype: 'float32', name: 'input' } },
      { module: 'keras.layers', class_name: className, config: { name: 'layer', ...config } },
    ],
  },
});
test.each([
  ['GRU', { units: 2, reset_after: true }, 'tfjs has no GRU with reset_after'],
  ['Dense', { units: 2, activation: 'hard_sigmoid' }, 'activation hard_sigmoid is another function in tfjs'],
  ['MultiHeadAttention', {}, 'tfjs has no such layer of this meaning'],
  ['Conv1D', { groups: 2 }, 'tfjs has no groups (here 2)'],
  [
    'Dense',
    { dtype: { class_name: 'DTypePolicy', config: { name: 'mixed_float16' } } },
    "tfjs has no dtype 'mixed_float16' for layers",
  ],
])('%s %j is refused by its name', (className, config, why) => {
  expect(() => fromKerasModel(kerasLayer(className, config))).toThrow(
    new Error(`fromKerasModel: expected layers that tfjs can have; got layer 'layer' (${className}): ${why}.`),
  );
});

test('adaptive pooling is none of tf.layers', () => {
  const json = kerasLayer('AdaptiveMaxPooling1D', { output_size: 2 });
  expect(() => fromKerasModel(json, { pooling: 'builtin' })).toThrow(
    "fromKerasModel: expected layers that tfjs can have; got layer 'layer' (AdaptiveMaxPooling1D): tf.layers has no such layer.",
  );
  expect(fromKerasModel(json).config.layers).toMatchObject([{ class_name: 'Im2ColAdaptiveMaxPooling1D' }]);
});

test.each([undefined, [null], [{}]])('a model whose layers are %j is refused by its name', (layers) => {
  const json = { class_name: 'package>Functional', config: { name: 'model', layers } };
  expect(() => fromKerasModel(json)).toThrow(
    "fromKerasModel: expected a list of layers as layers of the model 'model'; got ",
  );
});
