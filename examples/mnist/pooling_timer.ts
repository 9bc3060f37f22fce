/**
 * A stopwatch inside the pooling kernels, while a network trains.
 *
 * Kernels of wasm, cpu and node compute before they return, so the time from call to return is the time
 * that pooling takes: nothing is timed apart from the training, and nothing else is in it.
 */
import * as tf from '@tensorflow/tfjs';

/** Forward and gradient: tfjs's kernels and those of this package. */
const POOLING_KERNELS = ['MaxPool', 'MaxPoolGrad', 'Im2ColMaxPool', 'Im2ColMaxPoolArgmax', 'Im2ColScatterArgmax'];

export interface PoolingTimer {
  seconds: number;
  /** Takes the stopwatch out of the kernels. */
  remove(): void;
}

export function timePooling(): PoolingTimer {
  const kernels = POOLING_KERNELS.map((name) => tf.getKernel(name, tf.getBackend())).filter((kernel) => kernel != null);
  const originals = kernels.map((kernel) => kernel.kernelFunc);
  const timer: PoolingTimer = {
    seconds: 0,
    remove: () =>
      kernels.forEach((kernel, i) => {
        kernel.kernelFunc = originals[i];
      }),
  };
  kernels.forEach((kernel, i) => {
    kernel.kernelFunc = (params) => {
      const start = performance.now();
      try {
        return originals[i](params);
      } finally {
        timer.seconds += (performance.now() - start) / 1000;
      }
    };
  });
  return timer;
}
