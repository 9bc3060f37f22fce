/** The two networks of `npm start` and of the demo page's Train part: each with our pooling or with the built-in layer. */
import { type Optimizer, train } from '@tensorflow/tfjs-core';
import { type LayersModel, initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { im2colAveragePooling2d, im2colMaxPooling2d } from 'tfjs-im2col-pooling';
import { CLASSES, SIDE } from './digit_format';

/** Whose layer pools. */
export type PoolingKind = 'im2col' | 'builtin';
/** What it makes of a window. */
export type PooledBy = 'max' | 'average';
type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];

export const FILTERS = 30;
export const KERNEL = 5;
export const POOL_LAYER = 'pool';
/** Of the network where it matters. */
const MATTERS_FILTERS = [12, 16];
const MATTERS_BIAS = -0.5;

const NETWORKS = {
  simple: { make: simpleConvNet, optimizer: (): Optimizer => train.adam(0.001) },
  matters: { make: networkWhereItMatters, optimizer: (): Optimizer => train.sgd(0.1) },
} as const;
export type NetworkName = keyof typeof NETWORKS;

/** The network, compiled. The same seed gives the same weights, whichever the pooling. */
export function newNetwork(name: NetworkName, pooling: PoolingKind, seed: number, by: PooledBy = 'max'): LayersModel {
  return compile(NETWORKS[name].make(pooling, seed, by), name);
}

export function compile(model: LayersModel, name: NetworkName): LayersModel {
  model.compile({
    optimizer: NETWORKS[name].optimizer(),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

/**
 * The textbook's SimpleConvNet: conv 5x5x30 -> relu -> pool 2x2/2 -> dense 100 -> relu -> dense 10 -> softmax.
 *
 * @see Saitoh, Deep Learning from Scratch, chapter 7: weights from N(0, 0.01), biases 0, Adam at 0.001
 */
function simpleConvNet(pooling: PoolingKind, seed: number, by: PooledBy): LayersModel {
  const weights = (offset: number) => initializers.randomNormal({ mean: 0, stddev: 0.01, seed: 3 * seed + offset });
  return sequential({
    name: 'simple_conv_net',
    layers: [
      layers.conv2d({
        inputShape: [SIDE, SIDE, 1],
        filters: FILTERS,
        kernelSize: KERNEL,
        activation: 'relu',
        kernelInitializer: weights(0),
        name: 'conv',
      }),
      poolingLayer(pooling, POOL_LAYER, by),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ units: 100, activation: 'relu', kernelInitializer: weights(1), name: 'hidden' }),
      layers.dense({ units: CLASSES, activation: 'softmax', kernelInitializer: weights(2), name: 'scores' }),
    ],
  });
}

/**
 * A network whose accuracy shows the gradient that the built-in max pooling loses on wasm: pooling before a leaky ReLU, on
 * activations that begin below 0. Behind a ReLU the loss is hidden, as the derivative of those windows is 0 anyway.
 */
function networkWhereItMatters(pooling: PoolingKind, seed: number, by: PooledBy): LayersModel {
  const weights = (offset: number) => initializers.glorotUniform({ seed: 3 * seed + offset });
  const block = (i: number, inputShape?: number[]) => [
    layers.conv2d({
      filters: MATTERS_FILTERS[i],
      kernelSize: KERNEL,
      kernelInitializer: weights(i),
      biasInitializer: initializers.constant({ value: MATTERS_BIAS }),
      name: `conv_${i + 1}`,
      ...(inputShape && { inputShape }),
    }),
    poolingLayer(pooling, `${POOL_LAYER}_${i + 1}`, by),
    layers.leakyReLU({ alpha: 0.3, name: `leaky_relu_${i + 1}` }),
  ];
  return sequential({
    name: 'network_where_it_matters',
    layers: [
      ...block(0, [SIDE, SIDE, 1]),
      ...block(1),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ units: CLASSES, activation: 'softmax', kernelInitializer: weights(2), name: 'scores' }),
    ],
  });
}

/** 2x2 with stride 2. */
export function poolingLayer(pooling: PoolingKind, name = POOL_LAYER, by: PooledBy = 'max'): Layer {
  const args = { poolSize: [2, 2] as [number, number], strides: [2, 2] as [number, number], name };
  const [ours, builtin] =
    by === 'max' ? [im2colMaxPooling2d, layers.maxPooling2d] : [im2colAveragePooling2d, layers.averagePooling2d];
  return (pooling === 'im2col' ? ours(args) : builtin(args)) as Layer;
}
