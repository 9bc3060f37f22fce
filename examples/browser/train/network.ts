/**
 * The textbook's SimpleConvNet: conv 5x5x30 -> relu -> pool 2x2/2 -> dense 100 -> relu -> dense 10 -> softmax.
 *
 * @see Saitoh, Deep Learning from Scratch, chapter 7: weights from N(0, 0.01), biases 0, Adam at 0.001
 */
import { train } from '@tensorflow/tfjs-core';
import { type LayersModel, initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { im2colMaxPooling2d } from 'tfjs-im2col-pooling';
import { CLASSES, SIDE } from '../shared/mnist_format';
import type { PoolingKind } from '../workers/train_protocol';

type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];

/** The same seed gives the same weights, whichever the pooling. */
export function simpleConvNet(pooling: PoolingKind, seed: number): LayersModel {
  const weights = (offset: number) => initializers.randomNormal({ mean: 0, stddev: 0.01, seed: 3 * seed + offset });
  const pool = { poolSize: 2, strides: 2, name: 'pool' };
  return sequential({
    name: 'simple_conv_net',
    layers: [
      layers.conv2d({
        inputShape: [SIDE, SIDE, 1],
        filters: 30,
        kernelSize: 5,
        activation: 'relu',
        kernelInitializer: weights(0),
        name: 'conv',
      }),
      (pooling === 'im2col' ? im2colMaxPooling2d(pool) : layers.maxPooling2d({ ...pool, poolSize: [2, 2] })) as Layer,
      layers.flatten({ name: 'flatten' }),
      layers.dense({ units: 100, activation: 'relu', kernelInitializer: weights(1), name: 'hidden' }),
      layers.dense({ units: CLASSES, activation: 'softmax', kernelInitializer: weights(2), name: 'scores' }),
    ],
  });
}

export function compile(model: LayersModel): LayersModel {
  model.compile({ optimizer: train.adam(0.001), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}
