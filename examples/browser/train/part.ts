/** The Train part: the controls, and what happens when they are used. The networks themselves live in the worker. */
import { proxy } from 'comlink';
import type { PoolingKind } from '../../mnist/networks';
import type { BackendInfo } from '../shared/backends';
import type { AddressChange, Addressed } from '../ui/address';
import { setText } from '../ui/dom';
import { WorkerGone, trainWorkplace } from '../ui/workers';
import type { Progress, Step, TrainOptions } from '../workers/train_protocol';
import { modelActions } from './model_actions';
import { type Pace, paceOf } from './pace';
import {
  LAYERS,
  LAYER_NAMES,
  type Run,
  endOfTraining,
  isComparable,
  lastEpoch,
  stepsUntil,
  trainingText,
  wholeEpochs,
} from './runs';
import { type Action, trainView } from './view';

/** Test digits that are shown. */
const SHOWN = 24;
/** Their predictions are renewed after so many steps. */
const RENEW_EVERY = 20;
/** The training that goes on tells what is wrong. */
const ignore = () => {};

export interface TrainPart {
  readonly root: HTMLElement;
  readonly address: Addressed;
  open(): void;
  setBackends(list: readonly BackendInfo[]): void;
}

export function trainPart(onAddress: (how: AddressChange) => void): TrainPart {
  const view = trainView({
    pause,
    train: () => run('train', train),
    fresh: () => run('fresh', fresh),
    save: () => run('save', models.save),
    load: () => run('load', models.load),
    download: () => run('download', models.download),
    upload: (files) => run('upload', () => models.upload(files)),
    choose,
    set: () => onAddress('replace'),
  });
  const { settings } = view;
  const worker = trainWorkplace();
  /** As in the worker: the last of each pooling layer. */
  const runs = new Map<PoolingKind, Run>();
  let pausing = false;
  const models = modelActions(worker, view, take);

  const all = () => LAYERS.flatMap((layer) => runs.get(layer) ?? []);
  /** The run of a layer, if it is of the network that is chosen. */
  function chosen(layer: PoolingKind): Run | undefined {
    const found = runs.get(layer);
    return found && isComparable(found.options, settings.options(layer)) ? found : undefined;
  }
  const comparable = () => LAYERS.flatMap((layer) => chosen(layer) ?? []);

  /** One action at a time; what goes wrong is said where it can be seen. */
  function run(action: Action, job: () => Promise<void>): void {
    view.busy(action);
    setText(view.problem, '');
    void job()
      .catch((error: Error) => {
        setText(view.problem, error.message + (error instanceof WorkerGone ? forget() : ''));
        setText(view.status, '');
      })
      .then(() => {
        view.idle();
        view.show(all());
      });
  }

  /** The networks were in the worker that is gone. */
  function forget(): string {
    if (runs.size === 0) return '';
    const lost = runs.size > 1 ? 'Its networks are' : 'Its network is';
    runs.clear();
    view.show([]);
    return ` ${lost} lost: train a new one, or load one.`;
  }

  function choose(): void {
    onAddress('replace');
    if (view.isBusy) return;
    view.show(all());
    if (runs.size === 0) return;
    const absent = settings.layers.filter((layer) => !chosen(layer));
    const replaced = absent.flatMap((layer) => runs.get(layer) ?? []).map(({ options }) => describe(options));
    const kept = replaced.length > 0 ? ` Kept until then: ${replaced.join(', and ')}.` : '';
    const before = settings.layers.map((layer) => chosen(layer)?.loss.length).join(' and ');
    setText(
      view.status,
      absent.length > 0 ? `Train begins this network.${kept}` : `The network of before, ${before} steps.`,
    );
  }

  /** Of each layer that is chosen. */
  async function fresh(): Promise<void> {
    for (const layer of settings.layers) await begin(layer);
    setText(view.status, 'A new network, as it was born: it guesses.');
  }

  async function begin(layer: PoolingKind): Promise<void> {
    const { backend } = settings;
    setText(view.status, `Making a new network on ${backend} …`);
    await take(await worker.ask((api) => api.create(backend, settings.options(layer))));
  }

  async function train(): Promise<void> {
    pausing = false;
    for (const layer of settings.layers) if (!chosen(layer)) await begin(layer);
    const wanted = settings.layers.map((layer) => chosen(layer)!);
    const end = lastEpoch(wanted, settings.epochs);
    const behind = wanted.filter((one) => stepsUntil(one, end) > 0);
    const order = behind.map(({ options }) => options.pooling);
    const pace = paceOf(
      behind.reduce((steps, one) => steps + stepsUntil(one, end), 0),
      () => performance.now(),
    );
    for (const layer of order) {
      if (pausing) break;
      setText(view.status, trainingText(layer, order, settings.layers.length > 1, settings.backend));
      await trainUntil(layer, end, pace);
      await take(await worker.ask((api) => api.progress(layer)));
    }
    const trained = settings.layers.map((layer) => chosen(layer)!);
    setText(view.status, endOfTraining(pausing ? 'Paused' : 'Finished', trained, comparable()));
  }

  async function trainUntil(layer: PoolingKind, end: number, pace: () => Pace): Promise<void> {
    const { backend } = settings;
    const learning = view.status.textContent;
    while (!pausing && wholeEpochs(chosen(layer)!) < end) {
      const onStep = proxy((step: Step) => stepDone(layer, step, pace()));
      const ended = await worker.ask((api) => api.train(layer, backend, 1, onStep));
      // Testing takes a while: who pauses does not wait for it.
      if (ended === 'paused') return;
      if (!pausing) setText(view.status, 'Testing …');
      chosen(layer)!.test = (await worker.ask((api) => api.test(layer))).test;
      view.showLearning(all());
      if (!pausing) setText(view.status, learning);
    }
  }

  function pause(): void {
    pausing = true;
    setText(view.status, 'Pausing after this batch …');
    worker.ask((api) => api.pause()).catch(ignore);
  }

  function stepDone(layer: PoolingKind, { loss, accuracy }: Step, pace: Pace): void {
    const learning = runs.get(layer);
    // The worker may be gone, and its networks forgotten, before its last word is read.
    if (!learning) return;
    learning.loss.push(loss);
    learning.accuracy.push(accuracy);
    view.showLearning(all());
    view.showPace(pace);
    if (learning.loss.length % RENEW_EVERY === 0)
      worker
        .ask((api) => api.predict(layer, SHOWN))
        .then((predictions) => view.showDigits(layer, predictions))
        .catch(ignore);
  }

  /** The network is there, as the worker has it; also what it says of the test digits. */
  async function take({ options, loss, accuracy, test }: Progress): Promise<void> {
    const { pooling } = options;
    const taken: Run = { options, loss: [...loss], accuracy: [...accuracy], test, predictions: undefined };
    runs.set(pooling, taken);
    taken.predictions = await worker.ask((api) => api.predict(pooling, SHOWN));
    view.show(all());
  }

  return {
    root: view.root,
    address: {
      values: () => settings.values,
      restore(values) {
        // A training that goes on keeps its settings.
        if (view.isBusy) return [];
        const problems = settings.restore(values);
        choose();
        return problems;
      },
    },
    setBackends: view.setBackends,
    open() {
      view.idle();
      view.show(all());
      models.tellSaved();
    },
  };
}

function describe({ network, kind, pooling, samples }: TrainOptions): string {
  const name = network === 'simple' ? 'SimpleConvNet' : 'the one where it matters';
  return `${name} with ${kind} pooling (${LAYER_NAMES[pooling]}) and ${samples} digits`;
}
