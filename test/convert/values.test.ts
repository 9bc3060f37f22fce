/** Values that tfjs never writes: a layer of tf.layers that loads keeps its meaning, and what does not load is refused by its name. */
import * as tf from '@tensorflow/tfjs';
import { convertPooling, convertPoolingTopology } from '../../src/convert/index';
import '../../src/index';
import { inputsFor, outputsOf } from './support';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const SHAPES = { 1: [6, 2], 2: [6, 6, 2], 3: [4, 4, 4, 2] } as const;
type Rank = keyof typeof SHAPES;
type Json = Record<string, unknown>;

const layer = (class_name: string, config: object): Json => ({ class_name, config: { name: 'p', ...config } });
const sequential = (layers: Json[]): Json => ({ class_name: 'Sequential', config: { name: 's', layers } });
/** A model of one layer. */
const alone = (rank: Rank, class_name: string, config: object) =>
  sequential([layer(class_name, { batch_input_shape: [null, ...SHAPES[rank]], ...config })]);
/** tfjs takes configurations apart when it reads them. */
const clone = (json: object) => JSON.parse(JSON.stringify(json)) as Json;
const load = (modelTopology: object) => tf.loadLayersModel(tf.io.fromMemory({ modelTopology }));
/** What tfjs makes of the model: values, or why it refuses. */
async function outcome(topology: object): Promise<{ outputs: number[][] } | { refused: string }> {
  try {
    const model = await load(clone(topology));
    const inputs = inputsFor(model);
    const outputs = outputsOf(model, inputs);
    tf.dispose(inputs);
    model.dispose();
    return { outputs };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

const SIZES = [
  2,
  '2',
  'x',
  2.5,
  0,
  -1,
  null,
  true,
  [2],
  [2, 3],
  [2, 1, 2],
  [1, 2, 2, 1],
  [],
  [2, null],
  [2, '2'],
  {},
  { type: 'ndarray', value: 3 },
];
const CONFIGS: object[] = [
  {},
  ...SIZES.map((pool_size) => ({ pool_size })),
  ...SIZES.map((strides) => ({ pool_size: 2, strides })),
  { pool_size: 1e308 },
  ...['same', 'valid', 'causal', 'SAME', 'VALID', '', 0, 1, null, [[0, 0]]].map((padding) => ({ padding })),
  ...['channels_last', 'channelsLast', 'channels_first', 'channelsFirst', null].map((data_format) => ({
    pool_size: 1,
    data_format,
  })),
  { poolSize: 3 },
  { poolSize: 3, pool_size: 2 },
  { pool_size: 2, poolSize: 3 },
  { padding: 'causal', strides: 1, data_format: 'channels_last' },
];
/** They load, and compute nothing that could be kept: an axis without a size, or without elements. */
const isSenseless = (rank: Rank, config: object) =>
  'pool_size' in config && Array.isArray(config.pool_size) && config.pool_size.length < rank;

describe.each([1, 2, 3] as const)('%d-D', (rank) => {
  const formats = rank === 1 ? [] : ['NHWC', '', 5].map((data_format) => ({ data_format }));
  test.each(['MaxPooling', 'AveragePooling'])('%s: converted to the same values, or refused', async (name) => {
    const className = `${name}${rank}D`;
    let [kept, refused] = [0, 0];
    for (const config of [...CONFIGS, ...formats]) {
      const json = alone(rank, className, config);
      const before = JSON.stringify(json);
      const stock = await outcome(json);
      const about = JSON.stringify(config);
      let ours: Json;
      try {
        ours = convertPoolingTopology(json, { to: 'im2col' });
      } catch (error) {
        const start = `convertPoolingTopology: expected layers that this package can express; got layer 'p' (${className}): `;
        expect([about, (error as Error).message.slice(0, start.length)]).toEqual([about, start]);
        expect([about, 'refused' in stock || isSenseless(rank, config)]).toEqual([about, true]);
        refused += 1;
        continue;
      }
      // In 1-D, tf.layers reads past channels first, which Keras honours.
      if (rank > 1 || !/first/i.test(about)) expect([about, await outcome(ours)]).toEqual([about, stock]);
      const back = convertPoolingTopology(ours, { to: rank === 1 && /first/i.test(about) ? 'im2col' : 'builtin' });
      expect([about, 'outputs' in (await outcome(back))]).toEqual([about, true]);
      expect(JSON.stringify(json)).toBe(before);
      kept += 1;
    }
    expect([kept > 15, refused > 15]).toEqual([true, true]);
  });
});

test.each<[string, object, string]>([
  ['MaxPooling2D', { dilation_rate: 2 }, 'MaxPooling2D has no option dilationRate (here 2)'],
  ['AveragePooling2D', { count_include_pad: true }, 'AveragePooling2D has no option countIncludePad (here true)'],
  ['MaxPooling2D', { ceil_mode: true }, 'MaxPooling2D has no option ceilMode (here true)'],
  ['Im2ColMaxPooling2D', { pool_size: 'x' }, 'expected poolSize to be a positive integer'],
  ['GlobalMaxPooling2D', { data_format: 'NHWC' }, 'expected dataFormat to be'],
  ['GlobalMaxPooling2D', { keepdims: 'yes' }, 'expected keepDims to be true or false'],
  ['GlobalAveragePooling1D', { data_format: 'NWC' }, 'expected dataFormat to be'],
  ['AdaptiveMaxPooling2D', {}, 'expected outputSize to be'],
  ['AdaptiveMaxPooling2D', { output_size: [2, 2, 2] }, 'expected outputSize to be'],
  ['MaxPooling2D', { pool_size: 7 }, 'expected at least one window to fit'],
  ['MaxPooling2D', { constructor: 1 }, 'Im2ColMaxPooling2D has no option constructor (here 1)'],
])('refused: %s %j', (className, config, message) => {
  const json = alone(2, className, config);
  expect(() => convertPoolingTopology(json, { to: 'im2col' })).toThrow(
    `expected layers that this package can express; got layer 'p' (${className}): ${message}`,
  );
});

/** Where a layer may be; each has one pooling layer of this configuration on images of 6x6. */
const PLACES: Record<string, (pool: Json) => Json> = {
  'a nested model': (pool) =>
    sequential([
      {
        class_name: 'Sequential',
        config: { name: 'inner', layers: [layer('Activation', { name: 'a', activation: 'relu', ...INPUT }), pool] },
      },
    ]),
  TimeDistributed: (pool) =>
    sequential([layer('TimeDistributed', { name: 't', batch_input_shape: [null, 2, 6, 6, 2], layer: pool })]),
  'a shared layer': (pool) => ({
    class_name: 'Model',
    config: {
      name: 'm',
      layers: [
        ...['x', 'y'].map((name) => ({
          class_name: 'InputLayer',
          name,
          config: { name, ...INPUT },
          inbound_nodes: [],
        })),
        { ...pool, name: 'p', inbound_nodes: [[['x', 0, 0, {}]], [['y', 0, 0, {}]]] },
        {
          class_name: 'Add',
          name: 'add',
          config: { name: 'add' },
          inbound_nodes: [
            [
              ['p', 0, 0, {}],
              ['p', 1, 0, {}],
            ],
          ],
        },
      ],
      input_layers: [
        ['x', 0, 0],
        ['y', 0, 0],
      ],
      output_layers: [['add', 0, 0]],
    },
  }),
};
const INPUT = { batch_input_shape: [null, 6, 6, 2] };

test.each(Object.entries(PLACES))('%s: the same', async (_, place) => {
  const json = place(layer('MaxPooling2D', { padding: 'causal', pool_size: [2, 3, 4] }));
  const stock = await outcome(json);
  expect('outputs' in stock && stock.outputs[0].length).toBeGreaterThan(0);
  expect(await outcome(convertPoolingTopology(json, { to: 'im2col' }))).toEqual(stock);
  expect(() =>
    convertPoolingTopology(place(layer('MaxPooling2D', { strides: [1, 2, 2, 1] })), { to: 'im2col' }),
  ).toThrow("layer 'p' (MaxPooling2D): expected strides to be");
});

test('every layer that is refused has a line', () => {
  const json = sequential([
    layer('MaxPooling2D', { pool_size: 'x' }),
    layer('Dense', { name: 'd' }),
    layer('AveragePooling1D', { name: 'q', strides: [0] }),
  ]);
  expect(() => convertPoolingTopology(json, { to: 'im2col' })).toThrow(
    /got\n {2}layer 'p' \(MaxPooling2D\): expected poolSize .*\n {2}layer 'q' \(AveragePooling1D\): expected strides .*$/,
  );
});

test('two layers of one name, which tfjs refuses when the model is built', async () => {
  const json = alone(2, 'MaxPooling2D', {});
  (json.config as { layers: Json[] }).layers.push(layer('MaxPooling2D', {}));
  expect(await outcome(json)).toEqual({ refused: expect.stringMatching(/name "p" is used 2 times/) });
  expect(() => convertPoolingTopology(json, { to: 'im2col' })).toThrow(
    "got layer 'p' (MaxPooling2D): another layer of the model has this name.",
  );
  // One name in two models is none.
  const inner = alone(2, 'MaxPooling2D', {});
  const outer = sequential([inner, layer('MaxPooling2D', {})]);
  expect(await outcome(convertPoolingTopology(outer, { to: 'im2col' }))).toEqual(await outcome(outer));
});

test('convertPooling: as the model has it in memory', async () => {
  const model = await load(alone(2, 'MaxPooling2D', { padding: 'causal', pool_size: [3, 2] }));
  const ours = await convertPooling(model, { to: 'im2col' });
  expect(ours.layers[0].getConfig()).toMatchObject({ padding: 'valid', poolSize: [3, 2], strides: [3, 2] });
  const inputs = inputsFor(model);
  expect(outputsOf(ours, inputs)).toEqual(outputsOf(model, inputs));
  // A window that fits nowhere makes an output without elements in tf.layers.
  const wide = await load(
    sequential([
      layer('Activation', { name: 'a', activation: 'relu', ...INPUT }),
      layer('AveragePooling2D', { pool_size: 9 }),
    ]),
  );
  const before = tf.memory().numTensors;
  await expect(convertPooling(wide, { to: 'im2col' })).rejects.toThrow(
    /^convertPooling: layer 'p' \(AveragePooling2D\): expected at least one window to fit into the height of the input; got input 6, /,
  );
  expect(tf.memory().numTensors).toBe(before);
});

describe('layers that only Keras has', () => {
  const VOLUME = { batch_input_shape: [null, 4, 4, 4, 2] };
  test.each(['GlobalAveragePooling3D', 'GlobalMaxPooling3D'])('%s', async (className) => {
    for (const [keepdims, shape] of [
      [true, [null, 4, 1, 1, 1]],
      [false, [null, 4]],
    ] as const) {
      const json = sequential([layer(className, { ...VOLUME, data_format: 'channels_first', keepdims })]);
      const ours = convertPoolingTopology(json, { to: 'im2col' });
      expect((await load(clone(ours))).outputShape).toEqual(shape);
      for (const either of [ours, json])
        expect(() => convertPoolingTopology(either, { to: 'builtin' })).toThrow(/\): tf\.layers has no such layer\.$/);
    }
  });

  test.each(['Average', 'Max'])('Adaptive%sPooling', async (kind) => {
    for (const rank of [1, 2, 3] as const) {
      const config = { output_size: new Array(rank).fill(3), data_format: 'channels_last' };
      const json = alone(rank, `Adaptive${kind}Pooling${rank}D`, config);
      const ours = convertPoolingTopology(json, { to: 'im2col' });
      const model = await load(clone(ours));
      expect(model.outputShape).toEqual([null, ...new Array(rank).fill(3), 2]);
      expect(model.layers[0].getClassName()).toBe(`Im2ColAdaptive${kind}Pooling${rank}D`);
      for (const either of [ours, json])
        expect(() => convertPoolingTopology(either, { to: 'builtin' })).toThrow(/\): tf\.layers has no such layer\.$/);
    }
  });
});

test.each<[string, Json]>([
  ["layer 'x' has batch_shape", layer('InputLayer', { name: 'x', batch_shape: [null, 6, 6, 2] })],
  [
    "layer 'p' has a DTypePolicy",
    layer('MaxPooling2D', { ...INPUT, dtype: { class_name: 'DTypePolicy', config: { name: 'float32' } } }),
  ],
  [
    "layer 'p' has keras_tensor in its inbound_nodes",
    { ...layer('MaxPooling2D', INPUT), inbound_nodes: [{ args: [{ class_name: '__keras_tensor__' }], kwargs: {} }] },
  ],
])('what Keras 3 writes: %s', (sign, part) => {
  const json = sequential([{ ...part, module: 'keras.layers', registered_name: null }]);
  for (const to of ['im2col', 'builtin'] as const)
    expect(() => convertPoolingTopology(json, { to })).toThrow(
      `convertPoolingTopology: expected a topology of tfjs or Keras 2; got one of Keras 3 (${sign}), which tfjs cannot load. ` +
        'Save the model with Keras 2 (TF_USE_LEGACY_KERAS=1) and convert it with tensorflowjs_converter.',
    );
});

test('what late Keras 2 writes beside the configuration is no sign of Keras 3', () => {
  const json = sequential([{ ...layer('MaxPooling2D', INPUT), module: 'keras.layers', registered_name: null }]);
  expect(JSON.stringify(convertPoolingTopology(json, { to: 'im2col' }))).toBe(
    JSON.stringify(json).replace('"MaxPooling2D"', '"Im2ColMaxPooling2D"'),
  );
});

test('a model too deep, and one that has itself in it', () => {
  let json = alone(2, 'MaxPooling2D', {});
  for (let i = 0; i < 20_000; i++) json = sequential([json]);
  const circle = sequential([]);
  (circle.config as { layers: Json[] }).layers.push(circle);
  for (const model of [json, circle])
    expect(() => convertPoolingTopology(model, { to: 'im2col' })).toThrow(
      'convertPoolingTopology: expected a model of at most 1000 levels of JSON; got a deeper one.',
    );
});
