/**
 * Which layers of tf.layers can be trained on wasm with registerWasmTrainingKernels: a model with each takes a step, and all
 * weights change. Of the others the error says what tfjs-core lacks.
 */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { registerWasmTrainingKernels } from '../../src/training/index';

const L = tf.layers;
type Layers = () => tf.layers.Layer[];
const IMAGE = [6, 6, 3];
const SEQUENCE = [5, 4];
const VOLUME = [4, 4, 4, 2];

const afterConv =
  (layer: () => tf.layers.Layer): Layers =>
  () => [L.conv2d({ filters: 3, kernelSize: 1 }), layer()];
const afterDense =
  (layer: () => tf.layers.Layer): Layers =>
  () => [L.dense({ units: 4 }), layer()];

const TRAINABLE: Record<string, [shape: number[], layers: Layers]> = {
  dense: [[4], () => [L.dense({ units: 3, activation: 'relu' })]],
  conv1d: [SEQUENCE, () => [L.conv1d({ filters: 3, kernelSize: 2 })]],
  conv2d: [
    IMAGE,
    () => [L.conv2d({ filters: 3, kernelSize: 3, activation: 'relu' }), L.conv2d({ filters: 2, kernelSize: 3 })],
  ],
  'conv2d with strides and padding': [
    IMAGE,
    () => [L.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' })],
  ],
  conv2dTranspose: [IMAGE, afterConv(() => L.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 }))],
  conv3d: [VOLUME, () => [L.conv3d({ filters: 2, kernelSize: 2 })]],
  depthwiseConv2d: [IMAGE, afterConv(() => L.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }))],
  separableConv2d: [IMAGE, afterConv(() => L.separableConv2d({ filters: 3, kernelSize: 3 }))],
  embedding: [[5], () => [L.embedding({ inputDim: 2, outputDim: 3 })]],
  lstm: [SEQUENCE, () => [L.lstm({ units: 3 })]],
  gru: [SEQUENCE, () => [L.gru({ units: 3 })]],
  simpleRNN: [SEQUENCE, () => [L.simpleRNN({ units: 3 })]],
  bidirectional: [SEQUENCE, () => [L.bidirectional({ layer: L.lstm({ units: 3 }) as never })]],
  convLstm2d: [[3, 5, 5, 2], () => [L.convLstm2d({ filters: 2, kernelSize: 3 })]],
  timeDistributed: [SEQUENCE, () => [L.timeDistributed({ layer: L.dense({ units: 3 }) })]],
  masking: [SEQUENCE, () => [L.masking(), L.lstm({ units: 3 })]],
  batchNormalization: [IMAGE, () => [L.batchNormalization()]],
  layerNormalization: [SEQUENCE, () => [L.layerNormalization()]],
  dropout: [[4], afterDense(() => L.dropout({ rate: 0.1 }))],
  gaussianNoise: [[4], afterDense(() => L.gaussianNoise({ stddev: 0.5 }))],
  gaussianDropout: [[4], afterDense(() => L.gaussianDropout({ rate: 0.1 }))],
  alphaDropout: [[4], afterDense(() => L.alphaDropout({ rate: 0.1 }))],
  prelu: [IMAGE, () => [L.prelu()]],
  leakyReLU: [[4], afterDense(() => L.leakyReLU())],
  elu: [[4], afterDense(() => L.elu())],
  reLU: [[4], afterDense(() => L.reLU({ maxValue: 6 }))],
  softmax: [[4], afterDense(() => L.softmax())],
  activation: [[4], afterDense(() => L.activation({ activation: 'tanh' }))],
  maxPooling2d: [IMAGE, afterConv(() => L.maxPooling2d({ poolSize: 2 }))],
  averagePooling2d: [IMAGE, afterConv(() => L.averagePooling2d({ poolSize: 2 }))],
  globalMaxPooling2d: [IMAGE, afterConv(() => L.globalMaxPooling2d({}))],
  globalAveragePooling2d: [IMAGE, afterConv(() => L.globalAveragePooling2d({}))],
  maxPooling3d: [VOLUME, () => [L.conv3d({ filters: 2, kernelSize: 1 }), L.maxPooling3d({ poolSize: 2 })]],
  averagePooling3d: [VOLUME, () => [L.conv3d({ filters: 2, kernelSize: 1 }), L.averagePooling3d({ poolSize: 2 })]],
  upSampling2d: [IMAGE, afterConv(() => L.upSampling2d({ size: [2, 2] }))],
  zeroPadding2d: [IMAGE, afterConv(() => L.zeroPadding2d())],
  cropping2D: [IMAGE, afterConv(() => L.cropping2D({ cropping: [[1, 1], [1, 1]] }))], // prettier-ignore
  flatten: [IMAGE, afterConv(() => L.flatten())],
  reshape: [[4], afterDense(() => L.reshape({ targetShape: [2, 2] }))],
  permute: [SEQUENCE, afterDense(() => L.permute({ dims: [2, 1] }))],
  repeatVector: [[4], afterDense(() => L.repeatVector({ n: 2 }))],
};

/** tfjs-core has no gradient of these, on any backend. */
const UNTRAINABLE: Record<string, [shape: number[], layers: Layers, message: RegExp]> = {
  'dilated conv2d': [
    IMAGE,
    () => [L.conv2d({ filters: 3, kernelSize: 2, dilationRate: 2 })],
    /dilation rates greater than 1/,
  ],
  conv3dTranspose: [VOLUME, () => [L.conv3dTranspose({ filters: 2, kernelSize: 2 })], /gradient function not found/],
  thresholdedReLU: [[4], afterDense(() => L.thresholdedReLU()), /gradient function not found/],
};

/** One step of gradient descent. Returns the names of the weights that are as they were. */
async function step(shape: number[], layers: Layers): Promise<string[]> {
  const model = tf.sequential({ layers: [L.inputLayer({ inputShape: shape }), ...layers()] });
  const weights = model.trainableWeights.map((weight) => ({ weight, before: weight.read().dataSync().slice() }));
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  // Integers from 0 to 1 where indices are expected, and numbers as good as any elsewhere.
  const x = shape.length === 1 && shape[0] === 5 ? tf.ones([4, 5]) : tf.randomNormal([4, ...shape], 0, 1, 'float32', 1);
  const y = tf.randomNormal([4, ...(model.outputShape.slice(1) as number[])], 3, 1, 'float32', 2);
  try {
    expect(Number.isFinite(await model.trainOnBatch(x, y))).toBe(true);
    return weights
      .filter(({ weight, before }) =>
        weight
          .read()
          .dataSync()
          .every((value, i) => value === before[i]),
      )
      .map(({ weight }) => weight.originalName);
  } finally {
    tf.dispose([x, y]);
    model.optimizer.dispose();
    model.dispose();
  }
}

beforeAll(async () => {
  await tf.setBackend('wasm');
  registerWasmTrainingKernels();
});

test.each(Object.entries(TRAINABLE))('%s can be trained', async (_, [shape, layers]) => {
  expect(await step(shape, layers)).toEqual([]);
});

test.each(Object.entries(UNTRAINABLE))(
  '%s cannot: tfjs-core has no gradient of it',
  async (_, [shape, layers, message]) => {
    await expect(step(shape, layers)).rejects.toThrow(message);
  },
);

test('sums by ids are those of a plain loop; ids of no segment are left out; wrong inputs are refused by name', () => {
  const run = (x: tf.Tensor, segmentIds: tf.Tensor) =>
    tf.engine().runKernel('UnsortedSegmentSum', { x, segmentIds } as never, { numSegments: 3 } as never) as tf.Tensor;
  tf.tidy(() => {
    for (const columns of [1, 4, 6]) {
      const x = tf.randomNormal([7, columns], 0, 1, 'float32', columns);
      const ids = [2, 0, 2, -1, 2, 3, 0];
      const expected = new Float32Array(3 * columns);
      const data = x.dataSync();
      ids.forEach((id, row) => {
        if (id < 0 || id > 2) return;
        for (let j = 0; j < columns; j++) expected[id * columns + j] += data[row * columns + j];
      });
      const actual = run(x, tf.tensor1d(ids, 'int32'));
      expect(actual.shape).toEqual([3, columns]);
      expect(Array.from(actual.dataSync())).toEqual(Array.from(expected));
    }
    expect(() => run(tf.ones([2, 1]), tf.tensor1d([0], 'int32'))).toThrow(
      'UnsortedSegmentSum on wasm: expected x float32 [rows, ...] and segmentIds int32 [rows]; got float32 [2, 1] and int32 [1].',
    );
  });
});
