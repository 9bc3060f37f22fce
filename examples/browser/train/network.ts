/**
 * The textbook's SimpleConvNet: conv 5x5x30 -> relu -> max (or average) pool 2x2/2 -> dense 100 -> relu -> dense 10 -> softmax.
 *
 * @see Saitoh, Deep Learning from Scratch, chapter 7: weights from N(0, 0.01), biases 0, Adam at 0.001
 */
import { train } from '@tensorflow/tfjs-core';
import { type LayersModel, initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { im2colAveragePooling2d, im2colMaxPooling2d } from 'tfjs-im2col-pooling';
import { CLASSES, SIDE } from '../shared/mnist_format';
import type { TrainOptions } from '../workers/train_protocol';

type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];

/** The same seed gives the same weights, whichever the pooling. */
export function simpleConvNet({ pooling, kind, seed }: TrainOptions): LayersModel {
  const weights = (offset: number) => initializers.randomNormal({ mean: 0, stddev: 0.01, seed: 3 * seed + offset });
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
      poolingLayer(pooling, kind),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ units: 100, activation: 'relu', kernelInitializer: weights(1), name: 'hidden' }),
      layers.dense({ units: CLASSES, activation: 'softmax', kernelInitializer: weights(2), name: 'scores' }),
    ],
  });
}

function poolingLayer(pooling: TrainOptions['pooling'], kind: TrainOptions['kind']): Layer {
  const args = { poolSize: [2, 2] as [number, number], strides: [2, 2] as [number, number], name: 'pool' };
  const [ours, builtin] =
    kind === 'max' ? [im2colMaxPooling2d, layers.maxPooling2d] : [im2colAveragePooling2d, layers.averagePooling2d];
  return (pooling === 'im2col' ? ours(args) : builtin(args)) as Layer;
}

/** The names that a network's figures have after that. */
export const compiledNames = 'loss,acc';

export function compile(model: LayersModel): LayersModel {
  model.compile({ optimizer: train.adam(0.001), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}
