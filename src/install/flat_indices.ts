/** Tap numbers to the flat indices that tf.maxPoolWithArgmax returns, as a tensor and at once. */
import { type Tensor, engine, env, tensor } from '@tensorflow/tfjs-core';
import type { PoolGeometry } from '../geometry';
import { gatherArgmaxLoop } from '../kernels/loops';
import { sizeOf } from '../layout';
import { gather } from '../ops/routing';

/**
 * `((b * height + y) * width + x) * channels + c`, `b` left out without `includeBatch`: what the argmax finds in a tensor of
 * x's shape that holds these numbers.
 *
 * The host looks where it can read the argmax at once. WebGPU, where it cannot, does it itself, in integers. WebGL does it
 * itself as long as its floats hold the greatest index, so that nothing has to wait; above, the argmax is read back, and the
 * result stays on the host until something computes with it. Call inside a tidy.
 */
export function flatIndices(argmax: Tensor, g: PoolGeometry, includeBatch: boolean): Tensor {
  const size = sizeOf(g.xShape);
  const count = includeBatch ? size : size / Math.max(1, g.batch);
  const numbers = new Int32Array(size);
  for (let i = 0; i < size; i++) numbers[i] = i % count;
  if (isExactOnDevice(count)) return gather(tensor(numbers, [...g.xShape], 'int32'), argmax, g);
  const found = new Int32Array(argmax.size);
  gatherArgmaxLoop(g, numbers, argmax.dataSync<'int32'>(), found);
  return tensor(found, argmax.shape, 'int32');
}

function isExactOnDevice(count: number): boolean {
  const { backendName } = engine();
  if (backendName === 'webgpu') return true;
  // Not backend.floatPrecision(): that is 16 where textures of 32 bit are enabled.
  return backendName === 'webgl' && count <= (env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') ? 2 ** 24 : 2 ** 11);
}
