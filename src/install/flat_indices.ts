/** Tap numbers to the flat indices that tf.maxPoolWithArgmax returns, as a tensor and at once. */
import { type Tensor, engine, env, tensor, tidy } from '@tensorflow/tfjs-core';
import { type PoolGeometry, windowStart } from '../geometry';
import { sizeOf } from '../layout';
import { gather } from '../ops/routing';

/**
 * `((b * height + y) * width + x) * channels + c`, `b` left out without `includeBatch`.
 *
 * The host computes it where it can read the argmax at once. WebGPU, where it cannot, looks it up itself in a tensor of x's
 * shape that holds these numbers. So does WebGL as long as its floats hold the greatest index, so that nothing has to wait;
 * above, the argmax is read back, and the result stays on the host until something computes with it.
 */
export function flatIndices(argmax: Tensor, g: PoolGeometry, includeBatch: boolean): Tensor {
  const size = sizeOf(g.xShape);
  const count = includeBatch ? size : size / Math.max(1, g.batch);
  if (!isExactOnDevice(count)) {
    const indices = indicesOf(argmax.dataSync<'int32'>(), g, includeBatch);
    return engine().makeTensor(indices, argmax.shape, 'int32');
  }
  const numbers = new Int32Array(size);
  for (let i = 0; i < size; i++) numbers[i] = i % count;
  return tidy(() => gather(tensor(numbers, [...g.xShape], 'int32'), argmax, g));
}

/** For two spatial axes, channels last, and an argmax of this package: each tap is on a real element. */
function indicesOf(argmax: ArrayLike<number>, g: PoolGeometry, includeBatch: boolean): Int32Array {
  const { batch, height, width, channels } = g;
  const offsets = Int32Array.from({ length: g.taps }, (_, tap) => {
    const [row, column] = [Math.floor(tap / width.window), tap % width.window];
    return (row * height.dilation * width.input + column * width.dilation) * channels;
  });
  const indices = new Int32Array(argmax.length);
  let i = 0;
  for (let b = 0; b < batch; b++) {
    const image = includeBatch ? b * height.input : 0;
    for (let y = 0; y < height.output; y++) {
      const row = (image + windowStart(height, y)) * width.input;
      for (let x = 0; x < width.output; x++) {
        const origin = (row + windowStart(width, x)) * channels;
        for (let c = 0; c < channels; c++, i++) indices[i] = origin + c + offsets[argmax[i]!]!;
      }
    }
  }
  return indices;
}

function isExactOnDevice(count: number): boolean {
  const { backendName } = engine();
  if (backendName === 'webgpu') return true;
  // Not backend.floatPrecision(): that is 16 where textures of 32 bit are enabled.
  return backendName === 'webgl' && count <= (env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') ? 2 ** 24 : 2 ** 11);
}
