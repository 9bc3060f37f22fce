/**
 * The textbook's SimpleConvNet: conv 5x5x30 -> relu -> pool 2x2/2 -> dense 100 -> relu -> dense 10 -> softmax.
 *
 * @see Saitoh, Deep Learning from Scratch, chapter 7: weights from N(0, 0.01), biases 0, Adam at 0.001
 */
import * as tf from '@tensorflow/tfjs';
import { im2colMaxPooling2d } from 'tfjs-im2col-pooling';
import { CLASSES, SIDE } from './data';

export type PoolingKind = 'im2col' | 'builtin';
export const POOLING_NAMES: Record<PoolingKind, string> = {
  im2col: 'im2colMaxPooling2d',
  builtin: 'tf.layers.maxPooling2d',
};
export const FILTERS = 30;
export const KERNEL = 5;
const POOL_LAYER = 'pool';

/** 2x2 with stride 2. */
export function poolingLayer(kind: PoolingKind, name = POOL_LAYER): tf.layers.Layer {
  const args = { poolSize: 2, strides: 2, name };
  return (kind === 'im2col' ? im2colMaxPooling2d(args) : tf.layers.maxPooling2d(args)) as tf.layers.Layer;
}

/** The network, compiled. The same seed gives the same weights, whichever the pooling. */
export function simpleConvNet(kind: PoolingKind, seed: number): tf.LayersModel {
  const weights = (offset: number) => tf.initializers.randomNormal({ mean: 0, stddev: 0.01, seed: 3 * seed + offset });
  const model = tf.sequential({
    name: 'simple_conv_net',
    layers: [
      tf.layers.conv2d({
        inputShape: [SIDE, SIDE, 1],
        filters: FILTERS,
        kernelSize: KERNEL,
        activation: 'relu',
        kernelInitializer: weights(0),
        name: 'conv',
      }),
      poolingLayer(kind),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ units: 100, activation: 'relu', kernelInitializer: weights(1), name: 'hidden' }),
      tf.layers.dense({ units: CLASSES, activation: 'softmax', kernelInitializer: weights(2), name: 'scores' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

/** A copy of the convolution's weights: [5, 5, 1, filters]. */
export function filtersOf(model: tf.LayersModel): Float32Array {
  return model.getLayer('conv').getWeights()[0].dataSync().slice() as Float32Array;
}

/** The model taken apart around its pooling layer. */
export function aroundPooling(model: tf.LayersModel): {
  before: (x: tf.Tensor) => tf.Tensor;
  pool: (x: tf.Tensor) => tf.Tensor;
  after: (x: tf.Tensor) => tf.Tensor;
} {
  const index = model.layers.findIndex((layer) => layer.name === POOL_LAYER);
  const chain = (layers: tf.layers.Layer[]) => (x: tf.Tensor) =>
    layers.reduce((value, layer) => layer.apply(value) as tf.Tensor, x);
  return {
    before: chain(model.layers.slice(0, index)),
    pool: chain([model.layers[index]]),
    after: chain(model.layers.slice(index + 1)),
  };
}
