/** A small classifier whose pooling is the question: convolution, pooling, two dense layers; trained on clean digits. */
import * as tf from '@tensorflow/tfjs';
import { im2colAveragePooling2d, im2colMaxPooling2d } from 'tfjs-im2col-pooling';
import { CLASSES, type Digits, SIDE, indexRange, shuffled, toTensors } from '../mnist/data';
import { normalised } from './salt';

type Pooling = 'max' | 'average';

export interface Variant {
  readonly pooling: Pooling;
  readonly normalise: boolean;
}

const BATCH = 50;

export function nameOf({ pooling, normalise }: Variant): string {
  return `${pooling} pooling, ${normalise ? 'normalised digits' : 'raw digits'}`;
}

/** What the network of this variant sees of some digits. */
function seenBy({ normalise }: Variant, x: tf.Tensor4D): tf.Tensor4D {
  return normalise ? normalised(x) : tf.clone(x);
}

/** The trained network. The same seed gives the same first weights and the same order of digits. */
export async function trained(variant: Variant, digits: Digits, epochs: number, seed: number): Promise<tf.LayersModel> {
  const model = network(variant.pooling, seed);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled(digits.count, seed + epoch);
    for (const start of indexRange(0, Math.floor(digits.count / BATCH))) {
      const { x, y } = toTensors(digits, order.subarray(start * BATCH, (start + 1) * BATCH));
      const seen = seenBy(variant, x);
      await model.trainOnBatch(seen, y);
      tf.dispose([x, y, seen]);
    }
  }
  return model;
}

/** The share of digits that the network gets right. */
export async function accuracy(
  model: tf.LayersModel,
  variant: Variant,
  x: tf.Tensor4D,
  labels: Uint8Array,
): Promise<number> {
  const predicted = tf.tidy(() => tf.argMax(model.predict(seenBy(variant, x)) as tf.Tensor, 1));
  const classes = await predicted.data();
  predicted.dispose();
  return labels.reduce((right, label, i) => right + (classes[i] === label ? 1 : 0), 0) / labels.length;
}

function network(pooling: Pooling, seed: number): tf.LayersModel {
  const weights = (offset: number) => tf.initializers.heNormal({ seed: 3 * seed + offset });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [SIDE, SIDE, 1],
        filters: 8,
        kernelSize: 5,
        activation: 'relu',
        kernelInitializer: weights(0),
      }),
      pooling === 'max' ? im2colMaxPooling2d({ poolSize: 4 }) : im2colAveragePooling2d({ poolSize: 4 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 48, activation: 'relu', kernelInitializer: weights(1) }),
      tf.layers.dense({ units: CLASSES, activation: 'softmax', kernelInitializer: weights(2) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.002), loss: 'categoricalCrossentropy' });
  return model;
}
