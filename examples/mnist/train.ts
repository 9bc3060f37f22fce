/** Trains one network, tests it after every epoch, and keeps a record. */
import * as tf from '@tensorflow/tfjs';
import type { Args } from './args';
import { CLASSES, type Digits, SIDE, indexRange, toTensors } from './data';
import { gradientMass } from './gradient_probe';
import { type EpochRecord, type RunRecord, mean } from './history';
import type { Interrupt } from './interrupt';
import { filtersOf } from './model';
import { type PoolingKind, newNetwork } from './networks';
import { type PoolingTimer, timePooling } from './pooling_timer';
import { epochProgress, percent } from './progress';
import { RECIPES, setLearningRate, shiftDigit, shiftsOf } from './recipes';

const BATCH = 100;
const TEST_BATCH = 200;
/** Shifts are random numbers of their own. */
const SHIFT_SEEDS = 2 ** 30;

export interface TrainedNetwork {
  readonly model: tf.LayersModel;
  readonly record: RunRecord;
  /** The convolution's weights before the first step: [5, 5, 1, filters]. */
  readonly firstFilters: Float32Array;
  /** Which digit each test digit was taken for after the last whole epoch; empty before. */
  answers: readonly number[];
}

/** Ctrl-C ends the training early; model and record then hold what there is. */
export async function trainNetwork(
  kind: PoolingKind,
  digits: { train: Digits; test: Digits },
  args: Args,
  seed: number,
  interrupt: Interrupt,
): Promise<TrainedNetwork> {
  const model = newNetwork('simple', kind, seed);
  const record: RunRecord = {
    pooling: kind,
    backend: args.backend,
    recipe: args.recipe,
    seed,
    samples: args.samples,
    batchSize: BATCH,
    epochs: [],
    steps: { loss: [], accuracy: [] },
    gradient: probeFirstBatch(model, digits.train, args, seed),
    stopped: false,
  };
  const network: TrainedNetwork = { model, record, firstFilters: filtersOf(model), answers: [] };
  const timer = timePooling();
  try {
    for (let epoch = 1; epoch <= args.epochs && !record.stopped; epoch++) {
      await trainEpoch(epoch, network, digits, args, timer, interrupt);
    }
  } finally {
    timer.remove();
  }
  return network;
}

/** The probabilities of the ten classes for every digit: [count * 10]. Incomplete if Ctrl-C came. */
export async function predict(model: tf.LayersModel, digits: Digits, interrupt: Interrupt): Promise<Float32Array> {
  const probabilities = new Float32Array(digits.count * CLASSES);
  for (let start = 0; start < digits.count && !interrupt.requested; start += TEST_BATCH) {
    tf.tidy(() => {
      const { x } = toTensors(digits, indexRange(start, Math.min(start + TEST_BATCH, digits.count)));
      probabilities.set((model.predict(x) as tf.Tensor).dataSync(), start * CLASSES);
    });
    await interrupt.breathe();
  }
  return probabilities;
}

/** The fraction of digits whose most probable class is right. */
export function accuracyOf(probabilities: Float32Array, labels: Uint8Array): number {
  return score(probabilities, labels).accuracy;
}

interface Score {
  readonly loss: number;
  readonly accuracy: number;
  /** The most probable class of each digit. */
  readonly answers: readonly number[];
}

/** Mean cross-entropy and the fraction of digits whose most probable class is right. */
function score(probabilities: Float32Array, labels: Uint8Array): Score {
  let loss = 0;
  const answers: number[] = [];
  labels.forEach((label, i) => {
    const row = probabilities.subarray(i * CLASSES, (i + 1) * CLASSES);
    // The same floor as in tfjs's categoricalCrossentropy.
    loss -= Math.log(Math.max(row[label], 1e-7));
    answers.push(row.indexOf(Math.max(...row)));
  });
  const right = answers.filter((answer, i) => answer === labels[i]).length;
  return { loss: loss / labels.length, accuracy: right / labels.length, answers };
}

async function trainEpoch(
  epoch: number,
  network: TrainedNetwork,
  { train, test }: { train: Digits; test: Digits },
  args: Args,
  timer: PoolingTimer,
  interrupt: Interrupt,
): Promise<void> {
  const { model, record } = network;
  const recipe = RECIPES[args.recipe];
  const order = epochOrder(train, args, record.seed, epoch);
  const batch = batches(train, order, shiftsOf(recipe, SHIFT_SEEDS + epochSeed(record.seed, epoch)));
  const steps = Math.ceil(order.length / BATCH);
  const progress = epochProgress(`epoch ${epoch}/${args.epochs}`, steps);
  const [start, poolingBefore] = [performance.now(), timer.seconds];
  for (let step = 0; step < steps && !record.stopped; step++) {
    setLearningRate(model, recipe.learningRate((epoch - 1 + step / steps) / args.epochs));
    const { x, y } = batch(step);
    const [loss, accuracy] = (await model.trainOnBatch(x, y)) as number[];
    tf.dispose([x, y]);
    record.steps.loss.push(loss);
    record.steps.accuracy.push(accuracy);
    progress.step(loss, accuracy);
    await interrupt.breathe();
    record.stopped = interrupt.requested;
  }
  progress.end();
  if (record.stopped) return;
  const [seconds, poolingSeconds] = [(performance.now() - start) / 1000, timer.seconds - poolingBefore];
  const probabilities = await predict(model, test, interrupt);
  record.stopped = interrupt.requested;
  if (record.stopped) return;
  const tested = score(probabilities, test.labels);
  network.answers = tested.answers;
  const trained = { loss: mean(record.steps.loss.slice(-steps)), accuracy: mean(record.steps.accuracy.slice(-steps)) };
  const entry: EpochRecord = {
    epoch,
    ...trained,
    testLoss: tested.loss,
    testAccuracy: tested.accuracy,
    seconds,
    poolingSeconds,
  };
  record.epochs.push(entry);
  console.log(
    `  test: accuracy ${percent(entry.testAccuracy)}, loss ${entry.testLoss.toFixed(4)} ` +
      `(epoch of ${seconds.toFixed(1)} s, ${poolingSeconds.toFixed(1)} s of it in pooling)`,
  );
}

function probeFirstBatch(model: tf.LayersModel, train: Digits, args: Args, seed: number): RunRecord['gradient'] {
  const { x, y } = toTensors(train, epochOrder(train, args, seed, 1).subarray(0, BATCH));
  const mass = gradientMass(model, x, y);
  tf.dispose([x, y]);
  return mass;
}

/** A new order in every epoch, the same for both networks. */
function epochOrder(train: Digits, { recipe }: Args, seed: number, epoch: number): Uint32Array {
  return RECIPES[recipe].order(train.count, epochSeed(seed, epoch));
}

function epochSeed(seed: number, epoch: number): number {
  return 1000 * seed + epoch;
}

/** The tensors of each step of an epoch. */
function batches(train: Digits, order: Uint32Array, nextShift: () => readonly [number, number]) {
  const size = SIDE * SIDE;
  const [pixels, labels] = [new Uint8Array(BATCH * size), new Uint8Array(BATCH)];
  return (step: number) => {
    const indices = order.subarray(step * BATCH, (step + 1) * BATCH);
    indices.forEach((index, i) => {
      const from = train.pixels.subarray(index * size, (index + 1) * size);
      shiftDigit(from, nextShift(), pixels.subarray(i * size, (i + 1) * size));
      labels[i] = train.labels[index];
    });
    return toTensors({ count: indices.length, pixels, labels }, indexRange(0, indices.length));
  };
}
