/** The average pooling layers against tf.layers': same shapes, and the same values but for rounding, on cpu. */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { distinct, expectTrainsAndLoads, numbers, onCpuWithoutLeaks } from './support';

onCpuWithoutLeaks();

type Factory = (args: object) => tf.layers.Layer;
const FACTORIES: Record<number, [ours: Factory, builtIn: Factory]> = {
  1: [plugin.im2colAveragePooling1d, tf.layers.averagePooling1d as Factory],
  2: [plugin.im2colAveragePooling2d, tf.layers.averagePooling2d as Factory],
  3: [plugin.im2colAveragePooling3d, tf.layers.averagePooling3d as Factory],
};
const CLASSES = {
  1: plugin.Im2ColAveragePooling1D,
  2: plugin.Im2ColAveragePooling2D,
  3: plugin.Im2ColAveragePooling3D,
} as const;

const cases = (['valid', 'same'] as const).flatMap((padding) => [
  { sizes: [5], padding, dataFormat: undefined },
  { sizes: [8], padding, dataFormat: undefined },
  ...(['channelsLast', 'channelsFirst'] as const).flatMap((dataFormat) =>
    [
      [4, 4],
      [5, 7],
      [6, 3],
      [4, 5, 3],
    ].map((sizes) => ({ sizes, padding, dataFormat })),
  ),
]);

describe.each(cases)('sizes $sizes, padding $padding, $dataFormat', ({ sizes, padding, dataFormat }) => {
  const rank = sizes.length;
  const shape = dataFormat === 'channelsFirst' ? [2, 3, ...sizes] : [2, ...sizes, 3];

  test.each([
    [2, null],
    [2, 1],
    [3, 2],
    [3, 1],
    [3, 3],
  ])('poolSize %j, strides %j', (poolSize, strides) => {
    const options = { poolSize, strides, padding, ...(dataFormat && { dataFormat }) };
    tf.tidy(() => {
      const x = distinct(shape);
      const [ours, builtIn] = FACTORIES[rank].map((factory) => factory(options).apply(x) as tf.Tensor);
      expect(ours.shape).toEqual(builtIn.shape);
      expect(FACTORIES[rank][0](options).computeOutputShape(shape)).toEqual(builtIn.shape);
      const expected = numbers(builtIn);
      numbers(ours).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 4);
      });
    });
  });

  test('unknown sizes', () => {
    const unknown = shape.map((size, axis) => (axis === shape.indexOf(3, 1) ? size : null));
    const options = { poolSize: 2, strides: 2, padding, ...(dataFormat && { dataFormat }) };
    const [ours, builtIn] = FACTORIES[rank].map((factory) => factory(options).computeOutputShape(unknown));
    expect(ours).toEqual(builtIn);
  });
});

describe.each([1, 2, 3] as const)('%d-D', (rank) => {
  const LayerClass = CLASSES[rank];

  test('its configuration, through JSON, makes the same layer; the built-in one does as well', () => {
    const layer = new LayerClass({
      name: 'pool',
      poolSize: 3,
      strides: 2,
      padding: new Array(rank).fill([1, 0]),
      dilationRate: 2,
      ceilMode: true,
      dataFormat: 'channelsFirst',
      implementation: 'im2col',
      countIncludePad: true,
    });
    const config = JSON.parse(JSON.stringify(layer.getConfig())) as tf.serialization.ConfigDict;
    const again = LayerClass.fromConfig<plugin.Im2ColAveragePooling2D>(LayerClass, config);
    expect(again.spec).toEqual(layer.spec);
    expect(again.getConfig()).toEqual(config);
    const builtIn = FACTORIES[rank][1]({ poolSize: 3, strides: 1, padding: 'same' }).getConfig();
    expect(LayerClass.fromConfig<plugin.Im2ColAveragePooling2D>(LayerClass, builtIn).spec).toMatchObject({
      poolSize: new Array(rank).fill(3),
      strides: new Array(rank).fill(1),
      padding: 'same',
      countIncludePad: false,
    });
  });

  test('wrong arguments are named', () => {
    const name = `Im2ColAveragePooling${rank}D`;
    expect(LayerClass.className).toBe(name);
    expect(() => new LayerClass({ nan: 'ignore' } as object)).toThrow(`${name}: unknown option 'nan'`);
    expect(() => new LayerClass({ countIncludePad: 1 } as object)).toThrow(
      `${name}: expected countIncludePad to be true or false; got 1.`,
    );
    expect(() => new LayerClass({ strides: 0 })).toThrow(`${name}: expected strides to be a positive integer`);
  });
});

test('padding counts if it is told to', () => {
  tf.tidy(() => {
    const x = tf.ones([1, 2, 2, 1]);
    const corners = (args: plugin.PoolingLayerArgs<'average'>) =>
      numbers(plugin.im2colAveragePooling2d({ poolSize: 2, padding: 1, ...args }).apply(x));
    expect(corners({})).toEqual([1, 1, 1, 1]);
    expect(corners({ countIncludePad: true })).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});

test('a model with it trains, is saved, loaded and predicts the same', () =>
  expectTrainsAndLoads(
    [6, 6, 1],
    [plugin.im2colAveragePooling2d({ padding: 1, ceilMode: true }), tf.layers.flatten()],
  ));

test('the backward pass needs nothing of the forward pass', () => {
  let kept = NaN;
  tf.tidy(() => {
    const x = tf.randomUniform([2, 8, 8, 3], -1, 1, 'float32', 7);
    const probe = tf.customGrad((y) => ({
      value: tf.scalar(0),
      gradFunc: () => {
        kept = tf.memory().numBytes - before;
        return tf.ones((y as tf.Tensor).shape);
      },
    }));
    const before = tf.memory().numBytes;
    tf.grad((t) => probe(plugin.averagePool2d(t)))(x);
  });
  // The probe's own value and the gradient that it gets.
  expect(kept).toBe(2 * 4);
});
