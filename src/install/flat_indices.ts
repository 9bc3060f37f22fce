/** Tap numbers to the flat indices that tf.maxPoolWithArgmax returns, as a tensor and at once. */
import { type Tensor, add, engine, gather, reshape, tensor, tensor1d } from '@tensorflow/tfjs-core';
import type { AxisGeometry, PoolGeometry } from '../geometry';

/**
 * `((b * height + y) * width + x) * channels + c`, `b` left out without `includeBatch`.
 *
 * The host adds up what it can read; WebGPU, which cannot be read at once, does it itself, in integers. WebGL does it
 * itself as long as its floats hold the greatest index, so that nothing waits for it; above, argmax is read back.
 * Call inside a tidy.
 */
export function flatIndices(argmax: Tensor, g: PoolGeometry, includeBatch: boolean): Tensor {
  const [origins, offsets] = [windowOrigins(g, includeBatch), tapOffsets(g)];
  if (onDevice(g, includeBatch)) {
    const offsetOfTap = gather(tensor1d(offsets, 'int32'), reshape(argmax, [-1]));
    return reshape(add(tensor1d(origins, 'int32'), offsetOfTap), argmax.shape);
  }
  const taps = argmax.dataSync();
  return tensor(origins.map((origin, i) => origin + offsets[taps[i]]), argmax.shape, 'int32');
}

function onDevice({ batch, channels, depth, height, width }: PoolGeometry, includeBatch: boolean): boolean {
  const { backendName, backend } = engine();
  if (backendName === 'webgpu') return true;
  const end = (includeBatch ? batch : 1) * depth.input * height.input * width.input * channels;
  return backendName === 'webgl' && end <= (backend.floatPrecision() === 32 ? 2 ** 24 : 2 ** 11);
}

/** For each output, where tap 0 of its window lies, or would lie. */
function windowOrigins(g: PoolGeometry, includeBatch: boolean): Int32Array {
  const { batch, channels, depth, height, width } = g;
  const start = (axis: AxisGeometry, output: number) => output * axis.stride - axis.padBefore;
  const origins = new Int32Array(batch * depth.output * height.output * width.output * channels);
  let i = 0;
  for (let b = 0; b < batch; b++) {
    for (let d = 0; d < depth.output; d++) {
      for (let h = 0; h < height.output; h++) {
        const plane = (includeBatch ? b * depth.input : 0) + start(depth, d);
        const row = plane * height.input + start(height, h);
        for (let w = 0; w < width.output; w++) {
          for (let c = 0; c < channels; c++) origins[i++] = (row * width.input + start(width, w)) * channels + c;
        }
      }
    }
  }
  return origins;
}

/** For each tap, how far it lies from tap 0. */
function tapOffsets({ taps, channels, depth, height, width }: PoolGeometry): Int32Array {
  return Int32Array.from({ length: taps }, (_, tap) => {
    const row = Math.floor(tap / width.window);
    const [d, h, w] = [Math.floor(row / height.window), row % height.window, tap % width.window];
    return ((d * depth.dilation * height.input + h * height.dilation) * width.input + w * width.dilation) * channels;
  });
}
