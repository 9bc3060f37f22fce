/** Salt noise on digits: some pixels become full ink. And what is done about it: the digit is normalised. */
import * as tf from '@tensorflow/tfjs';
import { SIDE } from '../mnist/data';

const PIXELS = SIDE * SIDE;

/** Each pixel of x [n, 28, 28, 1] becomes 1 with this probability; the same pixels for the same seed. */
export function salted(x: tf.Tensor4D, probability: number, seed: number): tf.Tensor4D {
  return tf.tidy(() => {
    const salt = tf.less(tf.randomUniform(x.shape, 0, 1, 'float32', seed), probability);
    return tf.where(salt, tf.onesLike(x), x) as tf.Tensor4D;
  });
}

/** Each digit with mean 0 and standard deviation 1. */
export function normalised(x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const flat = tf.reshape(x, [-1, PIXELS]);
    const { mean, variance } = tf.moments(flat, 1, true);
    return tf.reshape(tf.div(tf.sub(flat, mean), tf.add(tf.sqrt(variance), 1e-6)), x.shape);
  });
}
