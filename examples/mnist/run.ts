/**
 * The main job, `npm start`: the textbook's SimpleConvNet on real MNIST, trained with im2col max pooling
 * and then with the built-in layer, from the same weights and in the same order of data.
 *
 * Each network is saved to a folder, loaded again, and must predict the same; then come the table and
 * the report. This file is the order of events; each step has its own.
 */
import * as tf from '@tensorflow/tfjs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Args } from './args';
import { useBackend } from './backend';
import { printComparison, seedsSummary } from './comparison';
import { type Digits, firstDigits, loadMnist } from './data';
import type { RunRecord } from './history';
import { INTERRUPTED, type Interrupt, listenForInterrupt } from './interrupt';
import { POOLING_NAMES } from './model';
import { modelFolder } from './model_folder';
import { writeReport } from './report';
import { type TrainedNetwork, predict, trainNetwork } from './train';
import { trainWhereItMatters } from './where_it_matters';

/** So many test digits must be predicted alike by the saved model and the loaded one. */
const CHECKED = 1000;

export async function run(args: Args): Promise<void> {
  const interrupt = listenForInterrupt(() =>
    console.log('\nStopping as soon as this step is done; Ctrl-C again to quit at once.'),
  );
  // A folder that cannot be written should not be found out after the training.
  await mkdir(args.out, { recursive: true });
  await useBackend(args.backend);
  const digits = loadMnist(args.samples);
  const records: RunRecord[] = [];
  for (const seed of args.seeds) {
    if (interrupt.requested) break;
    const out = args.seeds.length > 1 ? join(args.out, `seed_${seed}`) : args.out;
    records.push(...(await trainWithSeed(seed, digits, { ...args, out }, interrupt)));
  }
  if (args.seeds.length > 1) console.log(`\n${seedsSummary(records, args).join('\n')}`);
  if (interrupt.requested) process.exitCode = INTERRUPTED;
}

/** All networks from the same weights, one after the other; then the table and the report. */
async function trainWithSeed(
  seed: number,
  digits: { train: Digits; test: Digits },
  args: Args,
  interrupt: Interrupt,
): Promise<RunRecord[]> {
  console.log(
    `SimpleConvNet on MNIST: ${args.samples} training digits, ${digits.test.count} test digits, ` +
      `epochs: ${args.epochs}, backend: ${args.backend}, seed: ${seed}, recipe: ${args.recipe}`,
  );
  await mkdir(args.out, { recursive: true });
  const networks: TrainedNetwork[] = [];
  for (const kind of args.poolings) {
    if (interrupt.requested) break;
    console.log(`\n${POOLING_NAMES[kind]}`);
    const network = await trainNetwork(kind, digits, args, seed, interrupt);
    networks.push(network);
    await save(network, args);
    if (!network.record.stopped) await checkSaved(network, digits.test, args, interrupt);
  }
  const records = networks.map(({ record }) => record);
  if (records.some(({ epochs }) => epochs.length > 0)) printComparison(records);
  const second =
    args.secondNetwork && !interrupt.requested ? await trainWhereItMatters(args.poolings, digits, seed, interrupt) : [];
  console.log(`report: ${await writeReport(join(args.out, 'report.html'), networks, digits.test, second)}`);
  networks.forEach(({ model }) => model.dispose());
  return records;
}

/** Model and history, into a folder of the network's own. */
async function save({ model, record }: TrainedNetwork, args: Args): Promise<void> {
  const folder = join(args.out, record.pooling);
  await model.save(modelFolder(folder));
  await writeFile(join(folder, 'history.json'), JSON.stringify(record, null, 1));
  const stopped = `stopped after ${record.steps.loss.length} steps; `;
  console.log(`  ${record.stopped ? stopped : ''}saved: ${join(folder, 'model.json')}, weights.bin, history.json`);
}

/** Loads what was saved and compares its predictions with the trained model's, bit for bit. */
async function checkSaved(network: TrainedNetwork, test: Digits, args: Args, interrupt: Interrupt): Promise<void> {
  const some = firstDigits(test, CHECKED);
  const expected = await predict(network.model, some, interrupt);
  const loaded = await tf.loadLayersModel(modelFolder(join(args.out, network.record.pooling)));
  const actual = await predict(loaded, some, interrupt);
  loaded.dispose();
  if (interrupt.requested) return;
  const differing = expected.filter((value, i) => value !== actual[i]).length;
  if (differing > 0) {
    throw new Error(`The loaded model predicts other values than the saved one: ${differing} of ${expected.length}.`);
  }
  console.log(`  loaded again: its predictions for ${some.count} test digits are identical, bit for bit`);
}
