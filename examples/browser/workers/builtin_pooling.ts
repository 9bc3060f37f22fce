/** The pooling that TensorFlow.js has built in, called with this package's options as far as it can express them. */
import { type Tensor, type Tensor4D, avgPool, max, maxPool, mean, pool } from '@tensorflow/tfjs-core';
import type { PoolOptions } from 'tfjs-im2col-pooling';
import type { Backend } from '../shared/backends';
import type { Failure, PoolingCall } from './routing_protocol';

/** Why the built-in cannot be asked for this; null where it can. */
export function builtinFailure(call: PoolingCall, backend: Backend, [, , width]: number[]): Failure | null {
  const absent = (reason: string): Failure => ({ how: 'absent', reason });
  switch (call.pooling) {
    case 'adaptiveMax':
    case 'adaptiveAverage':
      return absent('TensorFlow.js has no adaptive pooling.');
    case 'lp':
      return absent('TensorFlow.js has no Lp pooling.');
    case 'average':
      if (call.options.countIncludePad && call.options.padding !== 'valid')
        return absent('TensorFlow.js has no countIncludePad: it always divides by the elements that are there.');
      return harm(call.options, backend, width);
    case 'max':
      return harm(call.options, backend, width);
    default:
      return null;
  }
}

/** @throws Error where the built-in does */
export function builtinPool(x: Tensor4D, { pooling, options }: PoolingCall): Tensor {
  switch (pooling) {
    case 'max':
      return overWindows(x, options, 'max');
    case 'average':
      return overWindows(x, options, 'avg');
    case 'globalMax':
      return max(x, [1, 2], true);
    case 'globalAverage':
      return mean(x, [1, 2], true);
    default:
      throw new Error(`TensorFlow.js has no ${pooling} pooling.`);
  }
}

function overWindows(x: Tensor4D, options: PoolOptions, how: 'max' | 'avg'): Tensor {
  const window = options.poolSize as [number, number];
  const strides = options.strides as [number, number];
  const dilation = options.dilationRate as number;
  const padding = options.padding as 'valid' | 'same' | number;
  // It takes a rounding mode with numeric padding only; a padding of 0 is 'valid'.
  const takesRounding = typeof padding === 'number' || (options.ceilMode === true && padding === 'valid');
  const pad = takesRounding && padding === 'valid' ? 0 : padding;
  const rounding = takesRounding ? (options.ceilMode ? 'ceil' : 'floor') : undefined;
  if (dilation > 1) return pool(x, window, how, pad as number, dilation, strides, rounding);
  return (how === 'max' ? maxPool : avgPool)(x, window, strides, pad as number, rounding);
}

/**
 * With padding by a number it takes the window's height for both axes. Where that makes the output too narrow, the wasm
 * kernel, which knows better, writes on after its end: over other tensors, ours among them.
 */
function harm(options: PoolOptions, backend: Backend, width: number): Failure | null {
  const { poolSize, strides, padding, dilationRate, ceilMode } = options;
  if (backend !== 'wasm' || typeof padding !== 'number' || dilationRate !== 1) return null;
  const [windowHeight, windowWidth] = poolSize as [number, number];
  const steps = (window: number) => (width + 2 * padding - window) / (strides as [number, number])[1];
  const made = ceilMode ? Math.ceil(steps(windowHeight)) : Math.floor(steps(windowHeight));
  if (Math.floor(steps(windowWidth)) <= made) return null;
  return { how: 'harmful', reason: 'on wasm it would write past the end of its output, which is too narrow.' };
}
