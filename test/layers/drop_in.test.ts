/** Im2ColMaxPooling against tf.layers.maxPooling: same shapes, and same values bit for bit, on cpu. */
import * as tf from '@tensorflow/tfjs';
import { im2colMaxPooling1d, im2colMaxPooling2d, im2colMaxPooling3d } from '../../src/index';
import { distinct, numbers, onCpuWithoutLeaks, sgd } from './support';

onCpuWithoutLeaks();

interface Options {
  poolSize: number | number[];
  strides: number | number[] | null;
  padding: 'valid' | 'same';
  dataFormat?: 'channelsFirst' | 'channelsLast';
}
type Factory = (args: object) => tf.layers.Layer;

const FACTORIES: Record<number, [ours: Factory, builtIn: Factory]> = {
  1: [im2colMaxPooling1d, tf.layers.maxPooling1d as Factory],
  2: [im2colMaxPooling2d, tf.layers.maxPooling2d as Factory],
  3: [im2colMaxPooling3d, tf.layers.maxPooling3d as Factory],
};

const PADDINGS = ['valid', 'same'] as const;
const cases = [
  ...PADDINGS.flatMap((padding) => [5, 8].map((size) => ({ sizes: [size], padding, dataFormat: undefined }))),
  ...PADDINGS.flatMap((padding) =>
    (['channelsLast', 'channelsFirst'] as const).flatMap((dataFormat) =>
      [
        [4, 4],
        [5, 7],
        [6, 3],
        [4, 5, 3],
        [3, 3, 3],
      ].map((sizes) => ({ sizes, padding, dataFormat })),
    ),
  ),
];

describe.each(cases)('sizes $sizes, padding $padding, $dataFormat', ({ sizes, padding, dataFormat }) => {
  const rank = sizes.length;
  const mixed = { 1: [2], 2: [3, 2], 3: [2, 3, 1] }[rank]!;
  const shape = dataFormat === 'channelsFirst' ? [2, 3, ...sizes] : [2, ...sizes, 3];

  test.each([1, 2, 3, mixed])('poolSize %j', (poolSize) => {
    for (const strides of [null, 1, 2, 3, mixed]) {
      // tf.layers.maxPooling1d has no dataFormat.
      const options = { poolSize, strides, padding, ...(dataFormat && { dataFormat }) };
      if (builtInPadsNegatively(sizes, options)) continue;
      expect({ options, ...result(rank, 0, options, shape) }).toEqual({ options, ...result(rank, 1, options, shape) });
    }
  });

  test('unknown sizes', () => {
    const unknown = shape.map((size, axis) => (axis === shape.indexOf(3, 1) ? size : null));
    const options = { poolSize: 2, strides: 2, padding, ...(dataFormat && { dataFormat }) };
    const [ours, builtIn] = FACTORIES[rank].map((factory) => factory(options).computeOutputShape(unknown));
    expect(ours).toEqual(builtIn);
  });
});

// tfjs's 3-D 'same' padding becomes negative where strides leave gaps, and moves the windows; its 2-D one, and
// TensorFlow's own, do not.
test("strides that leave gaps, 'same': in 3-D as in 2-D, where the built-in differs from itself", () => {
  tf.tidy(() => {
    const x = tf.tensor1d([0, 1, 2, 3, 4]);
    const [in2d, in3d] = [x.reshape([1, 1, 5, 1]), x.reshape([1, 1, 1, 5, 1])];
    const options = { poolSize: 1, strides: 3, padding: 'same' };
    const [ours2d, builtIn2d] = FACTORIES[2].map((factory) => numbers(factory(options).apply(in2d)));
    const [ours3d, builtIn3d] = FACTORIES[3].map((factory) => numbers(factory(options).apply(in3d)));
    expect([ours2d, builtIn2d, ours3d]).toEqual([
      [0, 3],
      [0, 3],
      [0, 3],
    ]);
    expect(builtIn3d).toEqual([1, 4]);
  });
});

test('values are the built-in ones where all are negative, equal or infinite', () => {
  tf.tidy(() => {
    for (const numbersOf of [
      [-1, -2, -3, -4],
      [7, 7, 7, 7],
      [-Infinity, -1, Infinity, 0],
    ]) {
      const x = tf.tensor4d(numbersOf, [1, 2, 2, 1]);
      const [ours, builtIn] = FACTORIES[2].map((factory) =>
        numbers(factory({ poolSize: 2, strides: 1, padding: 'same' }).apply(x)),
      );
      expect(ours).toEqual(builtIn);
    }
  });
});

test('training changes weights as with the built-in layer, bit for bit', async () => {
  const [ours, builtIn] = [
    await weightsAfterFit(im2colMaxPooling2d),
    await weightsAfterFit(tf.layers.maxPooling2d as Factory),
  ];
  expect(ours).toEqual(builtIn);
});

function builtInPadsNegatively(sizes: number[], { padding, poolSize, strides }: Options): boolean {
  const at = (value: number | number[], axis: number) => (Array.isArray(value) ? value[axis] : value);
  return (
    padding === 'same' &&
    sizes.length === 3 &&
    sizes.some((size, axis) => {
      const stride = at(strides ?? poolSize, axis);
      return (Math.ceil(size / stride) - 1) * stride + at(poolSize, axis) < size;
    })
  );
}

function result(rank: number, which: 0 | 1, options: Options, shape: number[]): { shape: unknown; values: number[] } {
  const layer = FACTORIES[rank][which](options);
  return tf.tidy(() => {
    const y = layer.apply(distinct(shape)) as tf.Tensor;
    expect(layer.computeOutputShape(shape)).toEqual(y.shape);
    return { shape: y.shape, values: numbers(y) };
  });
}

async function weightsAfterFit(pooling: Factory): Promise<number[][]> {
  const seeded = () => tf.initializers.glorotUniform({ seed: 7 });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 3, kernelSize: 3, kernelInitializer: seeded() }),
      pooling({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, kernelInitializer: seeded() }),
    ],
  });
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
  const [x, y] = [distinct([4, 6, 6, 1]), distinct([4, 2])];
  await model.fit(x, y, { epochs: 2, batchSize: 2, shuffle: false, verbose: 0 });
  const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
  tf.dispose([x, y]);
  model.dispose();
  return weights;
}
