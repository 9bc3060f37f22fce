/**
 * A network whose accuracy shows the gradient that the built-in pooling loses on wasm: pooling before a leaky ReLU, on
 * activations that begin below 0. Behind a ReLU the loss is hidden, as the derivative of those windows is 0 anyway.
 */
import * as tf from '@tensorflow/tfjs';
import { CLASSES, type Digits, SIDE, firstDigits, shuffled, toTensors } from './data';
import type { Interrupt } from './interrupt';
import { POOLING_NAMES, type PoolingKind, poolingLayer } from './model';
import { epochProgress, percent } from './progress';
import { accuracyOf, predict } from './train';

const SAMPLES = 12_000;
const BATCH = 100;
const FILTERS = [12, 16];

/** What one pooling gave. */
export interface SecondNetwork {
  readonly pooling: PoolingKind;
  readonly samples: number;
  /** On all 10,000 test digits; undefined if Ctrl-C came before. */
  readonly testAccuracy: number | undefined;
}

/** Trains the network for one epoch with each pooling, from the same weights, on the first 12,000 digits at most. */
export async function trainWhereItMatters(
  poolings: readonly PoolingKind[],
  { train, test }: { train: Digits; test: Digits },
  seed: number,
  interrupt: Interrupt,
): Promise<SecondNetwork[]> {
  const some = firstDigits(train, Math.min(SAMPLES, train.count));
  console.log(`\nA network where it matters, pooling before a leaky ReLU: 1 epoch, ${some.count} digits`);
  const results: SecondNetwork[] = [];
  for (const pooling of poolings) {
    const model = network(pooling, seed);
    await trainOnce(POOLING_NAMES[pooling], model, some, seed, interrupt);
    const tested = accuracyOf(await predict(model, test, interrupt), test.labels);
    const testAccuracy = interrupt.requested ? undefined : tested;
    model.dispose();
    if (testAccuracy !== undefined) console.log(`  test: accuracy ${percent(testAccuracy)}`);
    results.push({ pooling, samples: some.count, testAccuracy });
  }
  return results;
}

function network(pooling: PoolingKind, seed: number): tf.LayersModel {
  const conv = (i: number, inputShape?: number[]) =>
    tf.layers.conv2d({
      filters: FILTERS[i],
      kernelSize: 5,
      kernelInitializer: tf.initializers.glorotUniform({ seed: 3 * seed + i }),
      biasInitializer: tf.initializers.constant({ value: -0.5 }),
      ...(inputShape && { inputShape }),
    });
  const block = (i: number) => [poolingLayer(pooling, `pool_${i + 1}`), tf.layers.leakyReLU({ alpha: 0.3 })];
  const model = tf.sequential({
    layers: [
      conv(0, [SIDE, SIDE, 1]),
      ...block(0),
      conv(1),
      ...block(1),
      tf.layers.flatten(),
      tf.layers.dense({
        units: CLASSES,
        activation: 'softmax',
        kernelInitializer: tf.initializers.glorotUniform({ seed: 3 * seed + 2 }),
      }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

async function trainOnce(name: string, model: tf.LayersModel, train: Digits, seed: number, interrupt: Interrupt) {
  const order = shuffled(train.count, seed);
  const steps = Math.ceil(train.count / BATCH);
  const progress = epochProgress(name, steps);
  for (let step = 0; step < steps && !interrupt.requested; step++) {
    const indices = order.subarray(step * BATCH, (step + 1) * BATCH);
    const { x, y } = toTensors(train, indices);
    const [loss, accuracy] = (await model.trainOnBatch(x, y)) as number[];
    tf.dispose([x, y]);
    progress.step(loss, accuracy);
    await interrupt.breathe();
  }
  progress.end();
}
