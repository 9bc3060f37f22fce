/** Runs of training that the page keeps: the last one of each pooling layer. No tensors and no tfjs import. */
import type { PoolingKind } from '../../mnist/networks';
import type { Predictions, Progress, TrainOptions } from '../workers/train_protocol';
import { stepsPerEpochOf } from './batch';

export const LAYERS: readonly PoolingKind[] = ['im2col', 'builtin'];
export const LAYER_NAMES: Readonly<Record<PoolingKind, string>> = { im2col: 'ours', builtin: 'built-in' };
/** Within a sentence. */
const SPOKEN: Readonly<Record<PoolingKind, string>> = { im2col: 'ours', builtin: 'the built-in' };
/** Whose layer trains: with both, one run after the other. */
export type LayerChoice = PoolingKind | 'both';

export interface Run {
  readonly options: TrainOptions;
  readonly loss: number[];
  readonly accuracy: number[];
  test: Progress['test'];
  predictions: Predictions | undefined;
}
type Learned = Pick<Run, 'options' | 'loss' | 'test'>;

export function layersOf(choice: LayerChoice): readonly PoolingKind[] {
  return choice === 'both' ? LAYERS : [choice];
}

/** They differ in whose layer pools, at most: their curves belong into one chart. */
export function isComparable(a: TrainOptions, b: TrainOptions): boolean {
  return a.network === b.network && a.kind === b.kind && a.samples === b.samples;
}

export function wholeEpochs(run: Learned): number {
  return Math.floor(run.loss.length / stepsPerEpochOf(run.options.samples));
}

/** Counts the epoch that was begun. */
export function epochsBegun(run: Learned): number {
  return Math.ceil(run.loss.length / stepsPerEpochOf(run.options.samples));
}

/** Where training ends: `epochs` more for the run that has the fewest, so that one that lags catches up first. */
export function lastEpoch(runs: readonly Learned[], epochs: number): number {
  return Math.min(...runs.map(wholeEpochs)) + epochs;
}

/** Steps that a run is short of the end of an epoch. */
export function stepsUntil(run: Learned, epoch: number): number {
  return Math.max(0, epoch * stepsPerEpochOf(run.options.samples) - run.loss.length);
}

/** From 0 to 1: how much of the epochs that were begun is done. */
export function shareDone(runs: readonly Learned[]): number {
  const epochs = Math.max(0, ...runs.map(epochsBegun));
  const steps = runs.reduce((sum, run) => sum + epochs * stepsPerEpochOf(run.options.samples), 0);
  return steps === 0 ? 0 : runs.reduce((sum, run) => sum + run.loss.length, 0) / steps;
}

/** `Finished after 60 steps.`; of two runs, what each has learned. */
export function endOfTraining(
  how: 'Finished' | 'Paused',
  trained: readonly Learned[],
  all: readonly Learned[],
): string {
  const steps = new Set(trained.map(({ loss }) => loss.length));
  const after =
    steps.size === 1
      ? `${[...steps][0]} steps`
      : trained.map(({ options, loss }) => `${loss.length} steps of ${SPOKEN[options.pooling]}`).join(' and ');
  return `${how} after ${after}${how === 'Finished' ? comparison(all) : '.'}`;
}

function comparison(runs: readonly Learned[]): string {
  const tested = runs.filter(({ test, loss }) => test?.step === loss.length);
  if (tested.length < 2 || tested[0].loss.length !== tested[1].loss.length) return '.';
  const shares = tested.map(({ options, test }) => `${SPOKEN[options.pooling]} ${percent(test!.accuracy)}`);
  return `. Test digits recognized: ${shares.join(', ')}.`;
}

/** `Training the built-in on wasm, 2 of 2 …` */
export function trainingText(
  layer: PoolingKind,
  order: readonly PoolingKind[],
  isBoth: boolean,
  backend: string,
): string {
  const which = isBoth ? ` ${SPOKEN[layer]}` : '';
  const place = order.length > 1 ? `, ${order.indexOf(layer) + 1} of ${order.length}` : '';
  return `Training${which} on ${backend}${place} …`;
}

export const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
