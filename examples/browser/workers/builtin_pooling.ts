/** The pooling that TensorFlow.js has built in, called with this package's options as far as it can express them. */
import { type Tensor, type Tensor4D, maxPool, pool } from '@tensorflow/tfjs-core';
import type { PoolOptions } from 'tfjs-im2col-pooling';

/** @throws Error where the built-in does */
export function builtinMaxPool(x: Tensor4D, options: PoolOptions): Tensor {
  const window = options.poolSize as [number, number];
  const strides = options.strides as [number, number];
  const dilation = options.dilationRate as number;
  const padding = options.padding as 'valid' | 'same' | number;
  // It takes a rounding mode with numeric padding only; a padding of 0 is 'valid'.
  const takesRounding = typeof padding === 'number' || (options.ceilMode === true && padding === 'valid');
  const pad = takesRounding && padding === 'valid' ? 0 : padding;
  const rounding = takesRounding ? (options.ceilMode ? 'ceil' : 'floor') : undefined;
  return dilation === 1
    ? maxPool(x, window, strides, pad as number, rounding)
    : pool(x, window, 'max', pad as number, dilation, strides, rounding);
}
