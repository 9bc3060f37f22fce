/**
 * 01, quick start: a network learns whether a noisy picture holds a bright dot. Its max pooling, through im2col, is
 * one line. Run: npx tsx examples/01_quick_start.ts
 */
import * as tf from '@tensorflow/tfjs';
import { im2colMaxPooling2d } from 'tfjs-im2col-pooling';

tf.enableProdMode(); // keeps tfjs's greeting off the terminal
const labels = tf.floor(tf.randomUniform([400, 1], 0, 2, 'float32', 1));
const dots = tf.mul(tf.oneHot(tf.randomUniform([400], 0, 64, 'int32', 2), 64), labels);
const pictures = tf.reshape(tf.add(dots, tf.randomUniform([400, 64], 0, 0.5, 'float32', 3)), [400, 8, 8, 1]);

const model = tf.sequential();
model.add(tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }));
model.add(im2colMaxPooling2d({ poolSize: 8 })); // where tf.layers.maxPooling2d would stand
model.add(tf.layers.flatten());
model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
model.compile({ optimizer: tf.train.adam(0.03), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
const onEpochEnd = (epoch: number, logs?: tf.Logs) =>
  console.log(`epoch ${epoch + 1}: accuracy ${logs?.acc.toFixed(3)}`);
void model.fit(pictures, labels, { epochs: 12, verbose: 0, callbacks: { onEpochEnd } });
