/** What ran and what it left: kernel names, results compared, bytes on the tape, layout. Runs in Node and in the page. */
import * as tf from '@tensorflow/tfjs';
import type { Pool, Step } from './contestants';

/** The names of the kernels that one run of `step` calls. */
export async function kernelNames(step: Step): Promise<string[]> {
  // What throws does so here: within tf.profile it would leave profiling on for good.
  tf.dispose(step());
  // Profiling would otherwise read every result back to look for NaN.
  const flag = 'CHECK_COMPUTATION_FOR_ERRORS';
  const before = tf.env().getBool(flag);
  tf.env().set(flag, false);
  try {
    const profile = await tf.profile(() => {
      tf.dispose(step());
      return [];
    });
    // The engine also lists the scopes of customGrad; kernels alone begin with a capital.
    return [...new Set(profile.kernels.map((kernel) => kernel.name))].filter((name) => !/^[a-z]/.test(name));
  } finally {
    tf.env().set(flag, before);
  }
}

/** The share of elements of b's result that are not a's, rounding apart; 1 where the shapes differ. NaN equals NaN. */
export async function shareThatDiffers(a: Step, b: Step): Promise<number> {
  const [ours, theirs] = [a()!, b()!];
  const sameShape = ours.shape.join() === theirs.shape.join();
  const [ourValues, theirValues] = [await ours.data(), await theirs.data()];
  tf.dispose([ours, theirs]);
  if (!sameShape) return 1;
  let count = 0;
  for (let i = 0; i < ourValues.length; i++) {
    const [p, q] = [ourValues[i], theirValues[i]];
    // Overlapping windows may add up in another order; that is rounding, not another result.
    const same = p === q || Math.abs(p - q) <= 1e-5 * Math.abs(p) || (Number.isNaN(p) && Number.isNaN(q));
    if (!same) count++;
  }
  return count / Math.max(1, ourValues.length);
}

/**
 * Bytes that only the tape keeps alive between forward and backward: of x, where x is an intermediate result, and of
 * all that the pooling saves. Measured in the first step of the backward pass, when everything else is gone.
 */
export function keptBytes(pool: Pool, x: tf.Tensor): number {
  return bytesInBackward(pool, x) - bytesInBackward((t) => tf.clone(t), x);
}

function bytesInBackward(pool: Pool, source: tf.Tensor): number {
  let bytes = 0;
  const before = tf.memory().numBytes;
  // Ends the forward pass without keeping y alive, as a loss would; its gradient is the first that runs.
  const end = ({ shape }: tf.Tensor) => ({
    value: tf.scalar(0),
    gradFunc: () => {
      bytes = tf.memory().numBytes - before;
      return tf.zeros(shape);
    },
  });
  // relu makes an x of which nobody but the pooling can be the owner; it saves its own input, which is there anyway.
  tf.dispose(tf.grad((t) => tf.customGrad((y) => end(y as tf.Tensor))(pool(tf.relu(t))))(source));
  return bytes;
}

/** How tensors lie in WebGL's textures; '' elsewhere. */
export function layout(tensors: Record<string, tf.Tensor>): string {
  if (tf.getBackend() !== 'webgl') return '';
  const { texData } = tf.backend() as tf.KernelBackend & { texData: { get(id: object): { isPacked: boolean } } };
  return Object.entries(tensors)
    .map(([name, tensor]) => `${name} ${texData.get(tensor.dataId).isPacked ? 'packed' : 'unpacked'}`)
    .join(', ');
}
