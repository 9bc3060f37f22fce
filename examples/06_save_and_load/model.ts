/** The model that is saved and loaded: pooling that keeps its argmax, and unpooling. Also part of the browser's page. */
import * as tf from '@tensorflow/tfjs';
import { im2colMaxPooling2d, maxUnpooling2d } from 'tfjs-im2col-pooling';

export function exampleModel(): tf.LayersModel {
  const x = tf.input({ shape: [8, 8, 2] });
  const options = { poolSize: 3, strides: 2, padding: 1, ceilMode: true };
  const pooled = im2colMaxPooling2d({ ...options, returnArgmax: true }).apply(x) as tf.SymbolicTensor[];
  const back = maxUnpooling2d({ ...options, outputSize: 8 }).apply(pooled) as tf.SymbolicTensor;
  const flat = tf.layers.flatten().apply(back);
  return tf.model({
    inputs: x,
    outputs: tf.layers.dense({ units: 3, kernelInitializer: 'glorotNormal' }).apply(flat) as tf.SymbolicTensor,
  });
}

/** Its predictions for one fixed picture. */
export function predict(model: tf.LayersModel): number[] {
  const y = tf.tidy(() => model.predict(tf.reshape(tf.sin(tf.range(0, 128)), [1, 8, 8, 2])) as tf.Tensor);
  return Array.from(y.dataSync());
}
