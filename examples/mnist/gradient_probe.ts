/**
 * Looks at the gradient where it passes a pooling layer: how much of it arrives, and where.
 */
import * as tf from '@tensorflow/tfjs';
import { aroundPooling } from './model';

/** What goes into the pooling's gradient and what comes out, on one batch. */
export interface GradientMass {
  /** Sums of absolute values: opposite signs cannot hide a loss. */
  readonly dyMass: number;
  readonly dxMass: number;
  /** `1 - dxMass / dyMass`. Windows do not overlap here, so nothing but loss can make it positive. */
  readonly lost: number;
}

/** The real gradient of the loss, before and after the model's pooling layer. */
export function gradientMass(model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor): GradientMass {
  const { before, pool, after } = aroundPooling(model);
  const [dy, dx] = tf.tidy(() => {
    const activations = before(x);
    const loss = (pooled: tf.Tensor) => tf.mean(tf.metrics.categoricalCrossentropy(y, after(pooled)));
    const dPooled = tf.grad(loss)(pool(activations));
    return [dPooled.dataSync(), tf.grad(pool)(activations, dPooled).dataSync()];
  });
  const [dyMass, dxMass] = [magnitude(dy), magnitude(dx)];
  return { dyMass, dxMass, lost: 1 - dxMass / dyMass };
}

/** A gradient of 1 for every window: how much of it each element of x receives. */
export function routingMap(pool: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): Float32Array {
  return tf.tidy(
    () =>
      tf
        .grad(pool)(x, tf.onesLike(pool(x)))
        .dataSync() as Float32Array,
  );
}

/** {@link routingMap} at the model's pooling layer, summed over its channels: [height * width]. */
export function routingInside(model: tf.LayersModel, x: tf.Tensor): Float32Array {
  const { before, pool } = aroundPooling(model);
  return tf.tidy(() => {
    const activations = before(x);
    const dx = tf.grad(pool)(activations, tf.onesLike(pool(activations)));
    return dx.sum(-1).dataSync() as Float32Array;
  });
}

// Float32 values summed in float64: what the order of the terms changes is far below what is shown.
function magnitude(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]);
  return sum;
}
