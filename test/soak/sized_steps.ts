/** Poolings of another size, and by and by of another window, with each call: what is kept by size must be bounded. */
import * as tf from '@tensorflow/tfjs';
import { type Step, operationOf } from './call';

const WINDOWS = [2, 3, 4, 5];
/** tfjs keeps a shader and a texture for each size; its own operations must have met all sizes in the first third of the calls. */
const SIZES_ON_A_GPU = 20;

/** One call: forward, and the gradient. Sizes never come again on cpu, wasm and node, as long as there are 10,000. */
export function sizedStep(name: string): Step {
  const pool = operationOf(name);
  const onGpu = ['webgl', 'webgpu'].includes(tf.getBackend());
  return (i) => {
    const n = onGpu ? i % SIZES_ON_A_GPU : i;
    const window = WINDOWS[n % WINDOWS.length];
    const shape = [1, 6 + (n % 100), 6 + (Math.floor(n / 100) % 100), 2];
    return tf.tidy(() => [tf.grad((x) => pool(x, optionsOf(name, window)) as tf.Tensor)(tf.ones(shape))]);
  };
}

function optionsOf(name: string, window: number): object {
  if (name.startsWith('global')) return {};
  return name.startsWith('adaptive') ? { outputSize: window } : { poolSize: window, strides: 2, padding: 1 };
}
