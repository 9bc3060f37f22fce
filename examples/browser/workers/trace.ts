/** Which kernels TensorFlow.js runs during a function: the page shows that it is ours, and on what. */
import { engine } from '@tensorflow/tfjs-core';

/** tf.profile reads every output back; this only listens. */
export function traced<T>(f: () => T): { result: T; kernels: string[] } {
  const target = engine();
  const original = target.runKernel;
  const kernels = new Set<string>();
  target.runKernel = function listen(this: typeof target, name: string, ...rest: unknown[]) {
    kernels.add(name);
    return (original as (...all: unknown[]) => unknown).call(this, name, ...rest);
  } as typeof original;
  try {
    return { result: f(), kernels: [...kernels] };
  } finally {
    target.runKernel = original;
  }
}
