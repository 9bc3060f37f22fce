/** This package's poolings of one image, [1, height, width, 1], each by its name. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import {
  adaptiveAveragePool2d,
  adaptiveMaxPool2d,
  adaptiveMaxPoolWithArgmax2d,
  averagePool2d,
  globalAveragePool2d,
  globalMaxPool2d,
  lpPool2d,
  maxPool2d,
  maxPoolWithArgmax2d,
} from 'tfjs-im2col-pooling';
import type { PoolingCall } from './routing_protocol';

/** x -> y, [1, outHeight, outWidth, 1] */
export function ourPool(x: Tensor4D, { pooling, options }: PoolingCall): Tensor {
  switch (pooling) {
    case 'max':
      return maxPool2d(x, options);
    case 'average':
      return averagePool2d(x, options);
    case 'globalMax':
      return globalMaxPool2d(x, { ...options, keepDims: true });
    case 'globalAverage':
      return globalAveragePool2d(x, { ...options, keepDims: true });
    case 'adaptiveMax':
      return adaptiveMaxPool2d(x, options);
    case 'adaptiveAverage':
      return adaptiveAveragePool2d(x, options);
    case 'lp':
      return lpPool2d(x, options);
  }
}

/** As {@link ourPool}, and the argmax of those operations that give it. */
export function ourPoolWithArgmax(x: Tensor4D, call: PoolingCall): { values: Tensor; argmax?: Tensor } {
  if (call.pooling === 'max') return maxPoolWithArgmax2d(x, call.options);
  if (call.pooling === 'adaptiveMax') return adaptiveMaxPoolWithArgmax2d(x, call.options);
  return { values: ourPool(x, call) };
}
