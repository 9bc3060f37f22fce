/** The two autoencoders: the same encoder and the same weights to begin with; only the way up differs. */
import * as tf from '@tensorflow/tfjs';
import { im2colMaxPooling2d, maxUnpooling2d } from 'tfjs-im2col-pooling';
import { SIDE } from '../mnist/data';

export const DECODERS = ['maxUnpooling2d', 'tf.layers.upSampling2d'] as const;
export type Decoder = (typeof DECODERS)[number];

/**
 * 28x28 -> 14x14 -> 7x7 and back. Only two channels pass through the middle; beside them, the
 * unpooling knows where in its window each maximum stood.
 */
export function autoencoder(decoder: Decoder): tf.LayersModel {
  let seed = 0;
  const conv = (x: tf.SymbolicTensor, filters: number, activation: 'relu' | 'sigmoid' = 'relu') =>
    tf.layers
      .conv2d({
        filters,
        kernelSize: 3,
        padding: 'same',
        activation,
        kernelInitializer: tf.initializers.heNormal({ seed: ++seed }),
      })
      .apply(x) as tf.SymbolicTensor;
  const pool = (x: tf.SymbolicTensor) =>
    im2colMaxPooling2d({ poolSize: 2, returnArgmax: true }).apply(x) as tf.SymbolicTensor[];
  const up = (x: tf.SymbolicTensor, argmax: tf.SymbolicTensor) =>
    (decoder === 'maxUnpooling2d'
      ? maxUnpooling2d({ poolSize: 2 }).apply([x, argmax])
      : tf.layers.upSampling2d({ size: [2, 2] }).apply(x)) as tf.SymbolicTensor;

  const picture = tf.input({ shape: [SIDE, SIDE, 1] });
  const [half, halfArgmax] = pool(conv(picture, 8));
  const [quarter, quarterArgmax] = pool(conv(half, 2));
  const drawing = conv(up(conv(up(quarter, quarterArgmax), 8), halfArgmax), 1, 'sigmoid');
  const model = tf.model({ inputs: picture, outputs: drawing });
  model.compile({ optimizer: tf.train.adam(0.005), loss: 'binaryCrossentropy' });
  return model;
}
