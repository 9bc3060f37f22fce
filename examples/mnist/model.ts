/** SimpleConvNet, looked into. */
import type { LayersModel, Tensor, layers } from '@tensorflow/tfjs';
import { POOL_LAYER, type PoolingKind } from './networks';

export const POOLING_NAMES: Record<PoolingKind, string> = {
  im2col: 'im2colMaxPooling2d',
  builtin: 'tf.layers.maxPooling2d',
};

/** A copy of the convolution's weights: [5, 5, 1, filters]. */
export function filtersOf(model: LayersModel): Float32Array {
  return model.getLayer('conv').getWeights()[0].dataSync().slice() as Float32Array;
}

/** The model taken apart around its pooling layer. */
export function aroundPooling(model: LayersModel): {
  before: (x: Tensor) => Tensor;
  pool: (x: Tensor) => Tensor;
  after: (x: Tensor) => Tensor;
} {
  const index = model.layers.findIndex((layer) => layer.name === POOL_LAYER);
  const chain = (parts: layers.Layer[]) => (x: Tensor) =>
    parts.reduce((value, layer) => layer.apply(value) as Tensor, x);
  return {
    before: chain(model.layers.slice(0, index)),
    pool: chain([model.layers[index]]),
    after: chain(model.layers.slice(index + 1)),
  };
}
