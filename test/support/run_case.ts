/**
 * Runs one conformance case on the current backend: value, argmax, gradient, second derivative, the
 * kernels that ran and what leaked. The same code runs in Node and, bundled, in the browser; a case
 * and its result are plain data.
 */
import type * as TfCore from '@tensorflow/tfjs-core';
import type * as Plugin from '../../src/base';
import type { PoolOptions } from '../../src/spec';

/** A tensor as plain data; NaN, infinities and -0 survive structured cloning. */
export interface PlainTensor {
  shape: number[];
  dtype: 'float32' | 'int32';
  data: number[];
}

export interface PoolCase {
  name: string;
  rank: 1 | 2 | 3;
  options: PoolOptions;
  x: PlainTensor;
  /** The gradient of y; float32. */
  dy: PlainTensor;
}

export interface PoolResult {
  y: PlainTensor;
  argmax: PlainTensor;
  /** The gradient of sum(y * dy). float32 x only. */
  dx?: PlainTensor;
  /**
   * With g the gradient of sum(y * y * dy) / 2, the gradient of sum(g * g) / 2 (as the golden data has
   * it). float32 x only.
   */
  ddx?: PlainTensor;
  /** Names of all kernels that ran, forward and backward. */
  kernels: string[];
  /** The backend that ran them. */
  backend: string;
  /** Tensors left behind, results not counted. */
  leaked: number;
}

type Pool = (x: TfCore.Tensor, options: PoolOptions) => TfCore.Tensor;
type PoolWithArgmax = (x: TfCore.Tensor, options: PoolOptions) => { values: TfCore.Tensor; argmax: TfCore.Tensor };

export async function runPoolCase(tf: typeof TfCore, plugin: typeof Plugin, c: PoolCase): Promise<PoolResult> {
  const pool = { 1: plugin.maxPool1d, 2: plugin.maxPool2d, 3: plugin.maxPool3d }[c.rank] as Pool;
  const poolWithArgmax = {
    1: plugin.maxPoolWithArgmax1d, 2: plugin.maxPoolWithArgmax2d, 3: plugin.maxPoolWithArgmax3d,
  }[c.rank] as PoolWithArgmax;
  const tensorsBefore = tf.memory().numTensors;
  const x = tf.tensor(c.x.data, c.x.shape, c.x.dtype);
  const dy = tf.tensor(c.dy.data, c.dy.shape, c.dy.dtype);
  const results: Record<string, TfCore.Tensor> = {};
  const profile = await tf.profile(() => {
    results.y = pool(x, c.options);
    results.argmax = poolWithArgmax(x, c.options).argmax;
    if (c.x.dtype === 'float32') {
      results.dx = tf.grad((t) => pool(t, c.options))(x, dy);
      const first = (t: TfCore.Tensor) => tf.grad((u) => {
        const y = pool(u, c.options);
        return tf.mul(tf.sum(tf.mul(tf.mul(y, y), dy)), 0.5);
      })(t);
      results.ddx = tf.grad((t) => { const g = first(t); return tf.mul(tf.sum(tf.mul(g, g)), 0.5); })(x);
    }
    return [];
  });
  const values = poolWithArgmax(x, c.options);
  values.values.dispose();
  values.argmax.dispose();
  const plain: Record<string, PlainTensor> = {};
  for (const [key, tensor] of Object.entries(results)) plain[key] = await toPlain(tensor);
  tf.dispose([x, dy, ...Object.values(results)]);
  return {
    y: plain.y, argmax: plain.argmax, dx: plain.dx, ddx: plain.ddx,
    kernels: [...new Set(profile.kernels.map((kernel) => kernel.name))],
    backend: tf.getBackend(),
    leaked: tf.memory().numTensors - tensorsBefore,
  };
}

export async function toPlain(tensor: TfCore.Tensor): Promise<PlainTensor> {
  return { shape: tensor.shape, dtype: tensor.dtype as 'float32', data: Array.from(await tensor.data()) };
}
