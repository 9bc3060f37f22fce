/**
 * 05, gradient penalty: the critic of a WGAN-GP tells MNIST digits from ghosts (means of two digits). Its loss holds the
 * length of its own gradient, so that training it differentiates max pooling twice: with the built-in pooling that
 * throws. Run: npx tsx examples/05_gradient_penalty.ts
 *
 * @see Gulrajani et al., Improved Training of Wasserstein GANs (2017)
 */
import * as tf from '@tensorflow/tfjs';
import { im2colMaxPooling2d } from 'tfjs-im2col-pooling';
import { useBackend } from './mnist/backend';
import { type Digits, indexRange, loadMnist, toTensors } from './mnist/data';

const BATCH = 32;
const STEPS = Number(process.argv[2] ?? 120);
const PENALTY = 10;

type Layer = tf.layers.Layer;

async function main(): Promise<void> {
  await useBackend('wasm');
  const digits = loadMnist(3 * BATCH * STEPS).train;
  const pools: Record<string, () => Layer> = {
    'im2colMaxPooling2d, with the penalty': () => im2colMaxPooling2d({ poolSize: 2 }),
    'tf.layers.maxPooling2d, with the penalty': () => tf.layers.maxPooling2d({ poolSize: 2 }),
  };
  train(
    'im2colMaxPooling2d, without the penalty',
    critic(() => im2colMaxPooling2d({ poolSize: 2 })),
    digits,
    0,
  );
  for (const [name, pool] of Object.entries(pools)) {
    try {
      train(name, critic(pool), digits, PENALTY);
    } catch (error) {
      console.log(`  throws: ${(error as Error).message.split('\n')[0]}`);
    }
  }
}

/** A picture [28, 28, 1] -> a score: high for digits, low for ghosts. */
function critic(pool: () => Layer): tf.LayersModel {
  let seed = 0;
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: ++seed });
  const conv = (filters: number, more = {}) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: kernelInitializer(),
      ...more,
    });
  return tf.sequential({
    layers: [
      conv(8, { inputShape: [28, 28, 1] }),
      pool(),
      conv(16),
      pool(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1, kernelInitializer: kernelInitializer() }),
    ],
  });
}

function train(name: string, model: tf.LayersModel, digits: Digits, penaltyWeight: number): void {
  console.log(`\n${name}`);
  const optimizer = tf.train.adam(0.001, 0.5, 0.9);
  for (let step = 0; step < STEPS; step++) {
    let [distance, norm] = [0, 0];
    tf.tidy(() => {
      const { real, ghosts } = batch(digits, step);
      optimizer.minimize(() => {
        const score = (x: tf.Tensor) => model.apply(x) as tf.Tensor;
        const difference = tf.sub(tf.mean(score(real)), tf.mean(score(ghosts)));
        const norms = gradientNorms(score, somewhereBetween(real, ghosts, step));
        [distance, norm] = [difference.dataSync()[0], tf.mean(norms).dataSync()[0]];
        const penalty = tf.mean(tf.square(tf.sub(norms, 1)));
        return tf.add(tf.neg(difference), tf.mul(penalty, penaltyWeight)) as tf.Scalar;
      });
    });
    if (step === 0 || (step + 1) % 20 === 0) {
      console.log(
        `  step ${String(step + 1).padStart(3)}: digits score ${distance.toFixed(3)} above ghosts, ` +
          `mean gradient length ${norm.toFixed(3)}`,
      );
    }
  }
}

/** The length of the score's gradient, for each picture: what the penalty draws to 1. */
function gradientNorms(score: (x: tf.Tensor) => tf.Tensor, pictures: tf.Tensor): tf.Tensor {
  const gradient = tf.grad((x) => tf.sum(score(x)))(pictures);
  return tf.sqrt(tf.add(tf.sum(tf.square(gradient), [1, 2, 3]), 1e-12));
}

/** A random point on the line from each digit to its ghost. */
function somewhereBetween(real: tf.Tensor, ghosts: tf.Tensor, step: number): tf.Tensor {
  const share = tf.randomUniform([BATCH, 1, 1, 1], 0, 1, 'float32', step + 1);
  return tf.add(tf.mul(real, share), tf.mul(ghosts, tf.sub(1, share)));
}

/** Digits that no other step sees, and the means of pairs of others. */
function batch(digits: Digits, step: number): { real: tf.Tensor; ghosts: tf.Tensor } {
  const [real, one, other] = [0, 1, 2].map((part) => {
    const start = (3 * step + part) * BATCH;
    return toTensors(digits, indexRange(start, start + BATCH)).x;
  });
  return { real, ghosts: tf.div(tf.add(one, other), 2) };
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
