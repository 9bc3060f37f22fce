/** The layers inside the models of tfjs: sequential, functional, TimeDistributed; fit, evaluate, predict. */
import * as tf from '@tensorflow/tfjs';
import { im2colMaxPooling1d, im2colMaxPooling2d, im2colMaxPooling3d, maxPool2d } from '../../src/index';
import { distinct, numbers, onCpuWithoutLeaks, sgd, symbolic, symbolicPair } from './support';

onCpuWithoutLeaks();

const seeded = () => tf.initializers.glorotUniform({ seed: 3 });

/** A classifier of [6, 6, 1] images into 2 classes. */
function classifier(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [6, 6, 1],
        filters: 3,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: seeded(),
      }),
      im2colMaxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded() }),
    ],
  });
  model.compile({ optimizer: sgd(), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

function batch(count: number): { xs: tf.Tensor; ys: tf.Tensor } {
  return tf.tidy(() => ({
    xs: distinct([count, 6, 6, 1]).div(100),
    ys: tf.oneHot(tf.range(0, count, 1, 'int32').mod(2).toInt(), 2).toFloat(),
  }));
}

test('sequential: the first layer makes the input', () => {
  const layers = [
    tf.sequential({ layers: [im2colMaxPooling1d({ inputShape: [7, 2] })] }),
    tf.sequential({ layers: [im2colMaxPooling2d({ batchInputShape: [3, null, 8, 2] })] }),
    tf.sequential({ layers: [im2colMaxPooling3d({ inputShape: [4, 4, 4, 1], batchSize: 5 })] }),
  ];
  expect(layers.map((model) => model.outputShape)).toEqual([
    [null, 3, 2],
    [3, null, 4, 2],
    [5, 2, 2, 2, 1],
  ]);
});

test('sequential: a model of int32 takes int32', () => {
  const model = tf.sequential({ layers: [im2colMaxPooling2d({ inputShape: [2, 2, 1], dtype: 'int32' })] });
  tf.tidy(() => {
    expect(numbers(model.predict(tf.tensor4d([3, 1, 4, 1], [1, 2, 2, 1], 'int32')))).toEqual([4]);
  });
});

test('a window that does not fit is an error when the model is built', () => {
  expect(() => tf.sequential({ layers: [im2colMaxPooling2d({ inputShape: [2, 2, 1], poolSize: 3 })] })).toThrow(
    'Im2ColMaxPooling2D: expected at least one window to fit into the height of the input; got input 2',
  );
});

test('functional: one layer shared by two inputs', () => {
  const inputs = [tf.input({ shape: [4, 4, 2] }), tf.input({ shape: [4, 4, 2] })];
  const pool = im2colMaxPooling2d();
  const outputs = symbolic(tf.layers.add().apply(inputs.map((input) => symbolic(pool.apply(input)))));
  const model = tf.model({ inputs, outputs });
  tf.tidy(() => {
    const x = distinct([1, 4, 4, 2]);
    expect(numbers(model.predict([x, x]))).toEqual(numbers(maxPool2d(x).mul(2)));
  });
});

test('functional: values and argmax as outputs of a model', () => {
  const input = tf.input({ shape: [4, 4, 1] });
  const outputs = symbolicPair(im2colMaxPooling2d({ returnArgmax: true }).apply(input));
  const model = tf.model({ inputs: input, outputs });
  const x = distinct([5, 4, 4, 1]);
  const [values, argmax] = model.predict(x, { batchSize: 2 }) as tf.Tensor[];
  expect([values.shape, argmax.shape, argmax.dtype]).toEqual([[5, 2, 2, 1], [5, 2, 2, 1], 'int32']);
  tf.dispose([x, values, argmax]);
});

test('TimeDistributed pools every step', () => {
  const model = tf.sequential({
    layers: [tf.layers.timeDistributed({ inputShape: [3, 4, 4, 2], layer: im2colMaxPooling2d() })],
  });
  expect(model.outputShape).toEqual([null, 3, 2, 2, 2]);
  tf.tidy(() => {
    const x = distinct([2, 3, 4, 4, 2]);
    expect(numbers(model.predict(x))).toEqual(numbers(maxPool2d(x.reshape([6, 4, 4, 2]))));
  });
});

test('TimeDistributed is saved with the layer in it', async () => {
  const layer = im2colMaxPooling2d({ poolSize: 3, strides: 1 });
  const model = tf.sequential({ layers: [tf.layers.timeDistributed({ inputShape: [3, 4, 4, 2], layer })] });
  const again = await tf.models.modelFromJSON(JSON.parse(JSON.stringify(model.toJSON(null, false))));
  expect(again.outputShape).toEqual([null, 3, 2, 2, 2]);
});

test('fit lowers the loss', async () => {
  const model = classifier();
  const data = batch(8);
  const { history } = await model.fit(data.xs, data.ys, { epochs: 8, batchSize: 4, shuffle: false, verbose: 0 });
  expect(history.loss[7]).toBeLessThan(history.loss[0] as number);
  tf.dispose(data);
  model.dispose();
});

test('fitDataset does what fit does', async () => {
  const [fitted, streamed] = [classifier(), classifier()];
  const data = batch(8);
  await fitted.fit(data.xs, data.ys, { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 });
  const dataset = tf.data.generator(function* () {
    for (const start of [0, 4]) yield { xs: data.xs.slice(start, 4), ys: data.ys.slice(start, 4) };
  });
  await streamed.fitDataset(dataset as tf.data.Dataset<{ xs: tf.Tensor; ys: tf.Tensor }>, { epochs: 2, verbose: 0 });
  expect(streamed.getWeights().map(numbers)).toEqual(fitted.getWeights().map(numbers));
  tf.dispose(data);
  [fitted, streamed].forEach((model) => model.dispose());
});

test('evaluate gives the loss of the predictions', () => {
  const model = classifier();
  const data = batch(6);
  tf.tidy(() => {
    const [loss] = model.evaluate(data.xs, data.ys, { batchSize: 6 }) as tf.Scalar[];
    const expected = tf.metrics.categoricalCrossentropy(data.ys, model.predict(data.xs) as tf.Tensor).mean();
    expect(numbers(loss)[0]).toBeCloseTo(numbers(expected)[0], 5);
  });
  tf.dispose(data);
  model.dispose();
});

test('predict in small batches equals predict at once', () => {
  const model = classifier();
  const data = batch(5);
  tf.tidy(() => {
    const [small, large] = [2, 5].map((batchSize) => numbers(model.predict(data.xs, { batchSize })));
    expect(small).toEqual(large);
  });
  tf.dispose(data);
  model.dispose();
});

test('predict, outside of tidy, leaves only its result', () => {
  const model = classifier();
  const data = batch(4);
  const before = tf.memory().numTensors;
  const y = model.predict(data.xs) as tf.Tensor;
  expect(tf.memory().numTensors).toBe(before + 1);
  tf.dispose([y, data]);
  model.dispose();
});
