/** Trains the network whose accuracy shows the gradient that the built-in pooling loses on wasm: see networks.ts. */
import * as tf from '@tensorflow/tfjs';
import { type Digits, firstDigits, shuffled, toTensors } from './data';
import type { Interrupt } from './interrupt';
import { POOLING_NAMES } from './model';
import { type PoolingKind, newNetwork } from './networks';
import { epochProgress, percent } from './progress';
import { accuracyOf, predict } from './train';

const SAMPLES = 12_000;
const BATCH = 100;

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
    const model = newNetwork('matters', pooling, seed);
    await trainOnce(POOLING_NAMES[pooling], model, some, seed, interrupt);
    const tested = accuracyOf(await predict(model, test, interrupt), test.labels);
    const testAccuracy = interrupt.requested ? undefined : tested;
    model.dispose();
    if (testAccuracy !== undefined) console.log(`  test: accuracy ${percent(testAccuracy)}`);
    results.push({ pooling, samples: some.count, testAccuracy });
  }
  return results;
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
