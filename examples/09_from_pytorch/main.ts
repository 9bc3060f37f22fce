/**
 * A network of PyTorch predicts the same here: weights and pooling settings as PyTorch has them (model.json, which make_model.py
 * writes). Pooling with padding, ceil mode, dilation, and indices that unpooling uses.
 *
 *     npx tsx examples/09_from_pytorch/main.ts
 */
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  adaptiveAveragePool2d,
  averagePool2d,
  maxPool2d,
  maxPoolWithArgmax2d,
  maxUnpool2d,
  poolOptionsFromTorch,
} from 'tfjs-im2col-pooling';

interface Stored {
  readonly shape: number[];
  readonly values: number[];
}
interface Saved {
  readonly torch: string;
  readonly weights: Readonly<Record<string, Stored>>;
  readonly x: Stored;
  readonly y: Stored;
}

const HERE = dirname(fileURLToPath(import.meta.url));
const saved = JSON.parse(readFileSync(join(HERE, 'model.json'), 'utf8')) as Saved;
const tensor = ({ values, shape }: Stored) => tf.tensor(values, shape);
const weight = (name: string) => tensor(saved.weights[name]);

/** A convolution of PyTorch: channels first, its filters [out, in, height, width]. tfjs convolves channels last. */
function conv(x: tf.Tensor, name: string): tf.Tensor {
  const filters = tf.transpose(weight(`${name}.weight`), [2, 3, 1, 0]) as tf.Tensor4D;
  const last = tf.conv2d(tf.transpose(x, [0, 2, 3, 1]) as tf.Tensor4D, filters, 1, 'same');
  return tf.transpose(tf.relu(tf.add(last, weight(`${name}.bias`))), [0, 3, 1, 2]);
}

function network(input: tf.Tensor): tf.Tensor {
  // F.max_pool2d(x, 3, stride=2, padding=1, ceil_mode=True)
  const first = poolOptionsFromTorch({ kernel_size: 3, stride: 2, padding: 1, ceil_mode: true }, 'max_pool2d');
  let x = maxPool2d(conv(input, 'conv1'), first);
  // F.max_pool2d(x, 2, return_indices=True) and F.max_unpool2d(values, indices, 2, output_size=x.shape)
  const halves = poolOptionsFromTorch({ kernel_size: 2 }, 'max_pool2d');
  const { values, argmax } = maxPoolWithArgmax2d(x, halves);
  x = maxUnpool2d(values, argmax, x.shape, halves);
  // F.max_pool2d(x, 2, stride=1, dilation=2)
  x = maxPool2d(conv(x, 'conv2'), poolOptionsFromTorch({ kernel_size: 2, stride: 1, dilation: 2 }));
  // F.avg_pool2d(x, 3, stride=2, padding=1): padding counts
  x = averagePool2d(x, poolOptionsFromTorch({ kernel_size: 3, stride: 2, padding: 1 }, 'avg_pool2d'));
  // F.adaptive_avg_pool2d(x, 3)
  x = adaptiveAveragePool2d(x, poolOptionsFromTorch({ output_size: 3 }));
  const flat = tf.reshape(x, [x.shape[0], -1]);
  return tf.add(tf.matMul(flat, weight('linear.weight'), false, true), weight('linear.bias'));
}

async function main(): Promise<void> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const y = tf.tidy(() => network(tensor(saved.x))).dataSync();
  const apart = Math.max(...Array.from(y, (value, i) => Math.abs(value - saved.y.values[i])));
  const row = (values: ArrayLike<number>) => Array.from(values, (value) => value.toFixed(6)).join('  ');
  process.stdout.write(
    `PyTorch ${saved.torch}: ${row(saved.y.values)}\ntfjs          ${row(y)}\nwithin ${apart.toExponential(1)}\n`,
  );
  if (!(apart < 1e-6)) process.exitCode = 1;
}

void main();
