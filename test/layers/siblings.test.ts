/** The adaptive, Lp and global average layers: shapes, arguments, configurations, models. */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { memoryHandler } from './save_load';
import { distinct, numbers, onCpuWithoutLeaks, symbolicPair } from './support';

onCpuWithoutLeaks();

type AnyClass = typeof plugin.Im2ColLpPooling2D;
type AnyLayer = tf.layers.Layer & { spec: object };

const FULL: Array<[kind: string, args: (rank: number) => object]> = [
  ['GlobalAveragePooling', () => ({ dataFormat: 'channelsFirst', keepDims: true, implementation: 'im2col' })],
  [
    'GlobalMaxPooling',
    () => ({ dataFormat: 'channelsFirst', keepDims: true, nan: 'ignore', implementation: 'im2col' }),
  ],
  [
    'AdaptiveMaxPooling',
    (rank) => ({
      outputSize: new Array(rank).fill(3),
      dataFormat: 'channelsFirst',
      nan: 'ignore',
      implementation: 'im2col',
      returnArgmax: true,
    }),
  ],
  [
    'AdaptiveAveragePooling',
    (rank) => ({ outputSize: new Array(rank).fill(3), dataFormat: 'channelsFirst', implementation: 'im2col' }),
  ],
  [
    'LpPooling',
    (rank) => ({
      poolSize: new Array(rank).fill(3),
      strides: new Array(rank).fill(2),
      padding: new Array(rank).fill([1, 0]),
      dilationRate: new Array(rank).fill(2),
      ceilMode: true,
      dataFormat: 'channelsFirst',
      implementation: 'im2col',
      p: 3,
    }),
  ],
];

describe.each(FULL.flatMap(([kind, args]) => [1, 2, 3].map((rank) => [kind, rank, args(rank)] as const)))(
  '%s %dD',
  (kind, rank, args) => {
    const name = `Im2Col${kind}${rank}D`;
    const LayerClass = (plugin as unknown as Record<string, AnyClass>)[name];
    const factory = (plugin as unknown as Record<string, (a: object) => AnyLayer>)[`im2col${kind}${rank}d`];

    test('is registered under its class name, and made by its factory', () => {
      expect(LayerClass.className).toBe(name);
      expect(tf.serialization.SerializationMap.getMap().classNameMap[name][0]).toBe(LayerClass);
      expect(factory(args)).toBeInstanceOf(LayerClass);
      expect(factory(args)).toBeInstanceOf(tf.layers.Layer);
    });

    test('its configuration, through JSON, makes the same layer', () => {
      const layer = factory({ ...args, name: 'mine', trainable: false });
      expect(layer.spec).toMatchObject(args);
      const config = JSON.parse(JSON.stringify(layer.getConfig())) as tf.serialization.ConfigDict;
      const again = LayerClass.fromConfig<plugin.Im2ColLpPooling2D>(LayerClass, config);
      expect(again.spec).toEqual(layer.spec);
      expect(again.getConfig()).toEqual(config);
      expect([again.name, again.trainable]).toEqual(['mine', false]);
    });

    test('rejects what it does not know', () => {
      expect(() => factory({ ...args, size: 1 })).toThrow(`${name}: unknown option 'size'; expected one of`);
    });

    test('computes what the operation computes, in the shape that it announces', () => {
      const op = (plugin as unknown as Record<string, (x: tf.Tensor, o: object) => tf.Tensor>)[
        `${kind[0].toLowerCase()}${kind.slice(1).replace('Pooling', 'Pool')}${rank}d`
      ];
      const { returnArgmax: _, ...options } = args as { returnArgmax?: boolean };
      const shape = [2, 2, ...[7, 8, 9].slice(0, rank)];
      tf.tidy(() => {
        const x = tf.abs(distinct(shape));
        const result = factory(args).apply(x) as tf.Tensor | tf.Tensor[];
        const values = Array.isArray(result) ? result[0] : result;
        expect(numbers(values)).toEqual(numbers(op(x, options)));
        const announced = factory(args).computeOutputShape(shape);
        expect(Array.isArray(result) ? announced[0] : announced).toEqual(values.shape);
      });
    });
  },
);

test('adaptive layers know their output where the input is unknown', () => {
  expect(plugin.im2colAdaptiveMaxPooling2d({ outputSize: [3, 2] }).computeOutputShape([null, null, null, 8])).toEqual([
    null,
    3,
    2,
    8,
  ]);
  const layer = plugin.im2colAdaptiveAveragePooling2d({ outputSize: 3, inputShape: [null, null, 2] });
  const model = tf.sequential({ layers: [layer, tf.layers.flatten(), tf.layers.dense({ units: 1 })] });
  expect(model.outputShape).toEqual([null, 1]);
  tf.tidy(() => {
    expect((model.predict(distinct([2, 7, 5, 2])) as tf.Tensor).shape).toEqual([2, 1]);
  });
  model.dispose();
});

test('returnArgmax: two outputs, the second int32', () => {
  const layer = plugin.im2colAdaptiveMaxPooling2d({ outputSize: 2, returnArgmax: true });
  const outputs = symbolicPair(layer.apply(tf.input({ shape: [5, 5, 1] })));
  expect(outputs.map(({ dtype, shape }) => [dtype, shape])).toEqual([
    ['float32', [null, 2, 2, 1]],
    ['int32', [null, 2, 2, 1]],
  ]);
  tf.tidy(() => {
    const x = distinct([1, 5, 5, 1]);
    const [values, argmax] = layer.apply(x) as tf.Tensor[];
    const expected = plugin.adaptiveMaxPoolWithArgmax2d(x, { outputSize: 2 });
    expect([numbers(values), numbers(argmax)]).toEqual([numbers(expected.values), numbers(expected.argmax)]);
  });
});

test('wrong arguments are named', () => {
  // @ts-expect-error no options
  expect(() => plugin.im2colAdaptiveMaxPooling2d()).toThrow(
    'Im2ColAdaptiveMaxPooling2D: expected outputSize to be a positive integer',
  );
  expect(() =>
    plugin.im2colAdaptiveMaxPooling1d({
      outputSize: 2,
      returnArgmax: 1,
    } as object as plugin.PoolingLayerArgs<'adaptiveMax'>),
  ).toThrow('Im2ColAdaptiveMaxPooling1D: expected returnArgmax to be true or false; got 1.');
  expect(() => plugin.im2colLpPooling3d({ p: -1 })).toThrow(
    'Im2ColLpPooling3D: expected p to be a positive number; got -1.',
  );
  expect(() => plugin.im2colGlobalAveragePooling1d({ nan: 'ignore' } as object)).toThrow(
    "Im2ColGlobalAveragePooling1D: unknown option 'nan'",
  );
});

test('an infinite p survives saving', () => {
  const layer = plugin.im2colLpPooling1d({ p: Infinity });
  const config = JSON.parse(JSON.stringify(layer.getConfig())) as tf.serialization.ConfigDict;
  expect(plugin.Im2ColLpPooling1D.fromConfig<plugin.Im2ColLpPooling1D>(plugin.Im2ColLpPooling1D, config).spec.p).toBe(
    Infinity,
  );
  tf.tidy(() => {
    expect(numbers(layer.apply(tf.tensor3d([1, -4, 3, 2], [1, 4, 1])))).toEqual([4, 3]);
  });
});

test("global average pooling is the built-in layer's", () => {
  for (const [builtIn, ours, shape] of [
    [tf.layers.globalAveragePooling1d({}), plugin.im2colGlobalAveragePooling1d(), [2, 6, 3]],
    [
      tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
      plugin.im2colGlobalAveragePooling2d(),
      [2, 4, 5, 3],
    ],
    [
      tf.layers.globalAveragePooling2d({ dataFormat: 'channelsFirst' }),
      plugin.im2colGlobalAveragePooling2d({ dataFormat: 'channelsFirst' }),
      [2, 3, 4, 5],
    ],
  ] as const) {
    tf.tidy(() => {
      const x = distinct([...shape]);
      const [a, b] = [ours.apply(x), builtIn.apply(x)] as tf.Tensor[];
      expect(a.shape).toEqual(b.shape);
      numbers(a).forEach((value, i) => {
        expect(value).toBeCloseTo(numbers(b)[i], 4);
      });
    });
    expect(ours.computeOutputShape([...shape])).toEqual(builtIn.computeOutputShape([...shape]));
  }
});

test('a model with all of them is saved, loaded and predicts the same', async () => {
  const one = (output: unknown) => output as tf.SymbolicTensor;
  const x = tf.input({ shape: [9, 9, 2] });
  const outputs = [
    plugin.im2colAdaptiveMaxPooling2d({ outputSize: [4, 2] }).apply(x),
    plugin.im2colAdaptiveAveragePooling2d({ outputSize: 2 }).apply(x),
    plugin.im2colLpPooling2d({ p: 4, poolSize: 3 }).apply(x),
    // tfjs writes strings of a configuration in snake case.
    plugin.im2colLpPooling2d({ p: Infinity, poolSize: 3 }).apply(x),
    plugin.im2colGlobalAveragePooling2d({ keepDims: true }).apply(x),
  ].map((output) => one(tf.layers.flatten().apply(one(output))));
  const model = tf.model({ inputs: x, outputs: one(tf.layers.concatenate().apply(outputs)) });
  const handler = memoryHandler(tf);
  await model.save(handler);
  const loaded = await tf.loadLayersModel(handler);
  tf.tidy(() => {
    const data = distinct([2, 9, 9, 2]);
    expect(numbers(loaded.predict(data))).toEqual(numbers(model.predict(data)));
  });
  [model, loaded].forEach((each) => each.dispose());
});
