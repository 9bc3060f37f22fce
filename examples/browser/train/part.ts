/** The Train part: the controls, and what happens when they are used. The network itself lives in the worker. */
import { proxy } from 'comlink';
import type { BackendInfo } from '../shared/backends';
import type { AddressChange, Addressed } from '../ui/address';
import { setText } from '../ui/dom';
import { WorkerGone, trainWorkplace } from '../ui/workers';
import type { Progress, SavedModel, Step, TrainOptions } from '../workers/train_protocol';
import { download } from './download';
import { type Action, trainView } from './view';

/** Test digits that are shown. */
const SHOWN = 24;
/** Their predictions are renewed after so many steps. */
const RENEW_EVERY = 20;
const MEGABYTE = 1e6;
/** The page is in English, whatever the browser's language. */
const DATES = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
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
    save: () => run('save', save),
    load: () => run('load', load),
    download: () => run('download', downloadModel),
    upload: (files) => run('upload', () => upload(files)),
    choose,
    set: () => onAddress('replace'),
  });
  const worker = trainWorkplace();
  let progress: Progress | undefined;
  let loss: number[] = [];
  let accuracy: number[] = [];
  let pausing = false;
  /** Another network is chosen than there is: the results of this one are not shown. */
  let isHidden = false;

  /** One action at a time; what goes wrong is said where it can be seen. */
  function run(action: Action, job: () => Promise<void>): void {
    view.busy(action);
    setText(view.problem, '');
    void job()
      .catch((error: Error) => {
        setText(view.problem, error.message + (error instanceof WorkerGone ? forget() : ''));
        setText(view.status, '');
      })
      .then(() => view.idle(progress !== undefined && !isHidden));
  }

  /** The network was in the worker that is gone. */
  function forget(): string {
    if (!progress) return '';
    progress = undefined;
    view.showNone();
    return ' Its network is lost: train a new one, or load one.';
  }

  function choose(): void {
    onAddress('replace');
    if (!progress || view.isBusy) return;
    if (isOther(progress.options, view.options)) {
      isHidden = true;
      view.showNone();
      view.idle(false);
      setText(view.status, `Train begins this network. That of ${describe(progress.options)} is kept until then.`);
    } else if (isHidden) {
      const present = progress;
      run('show', () => take(present, `The network of before, ${present.loss.length} steps.`));
    }
  }

  async function fresh(): Promise<void> {
    const { backend, options } = view;
    setText(view.status, `Making a new network on ${backend} …`);
    const made = await worker.ask((api) => api.create(backend, options));
    await take(made, 'A new network, as it was born: it guesses.');
  }

  async function train(): Promise<void> {
    const wanted = view.options;
    if (!progress || isOther(progress.options, wanted)) await fresh();
    const { backend, epochs } = view;
    pausing = false;
    for (let epoch = 0; epoch < epochs && !pausing; epoch++) {
      setText(view.status, `Training on ${backend} …`);
      const ended = await worker.ask((api) => api.train(backend, 1, proxy(onStep)));
      // Testing takes a while: who pauses does not wait for it.
      if (ended === 'paused') break;
      if (!pausing) setText(view.status, 'Testing …');
      view.showProgress(await worker.ask((api) => api.test()));
    }
    const now = await worker.ask((api) => api.progress());
    await take(now, `${pausing ? 'Paused' : 'Finished'} after ${now.loss.length} steps.`);
  }

  function pause(): void {
    pausing = true;
    setText(view.status, 'Pausing after this batch …');
    worker.ask((api) => api.pause()).catch(ignore);
  }

  function onStep({ step, epoch, stepsPerEpoch, loss: stepLoss, accuracy: stepAccuracy }: Step): void {
    loss.push(stepLoss);
    accuracy.push(stepAccuracy);
    view.charts.show(loss, accuracy);
    view.step(step, epoch, stepsPerEpoch);
    if ((step + 1) % RENEW_EVERY === 0)
      worker
        .ask((api) => api.predict(SHOWN))
        .then(view.gallery.show)
        .catch(ignore);
  }

  async function save(): Promise<void> {
    showSaved(await worker.ask((api) => api.save()));
    setText(view.status, 'Saved. Reload the page and load it: it will predict the same.');
  }

  async function load(): Promise<void> {
    setText(view.status, 'Loading …');
    const loaded = await worker.ask((api) => api.load(view.backend));
    await take(loaded, `Loaded from this browser: ${loaded.loss.length} steps of training.`);
  }

  async function downloadModel(): Promise<void> {
    for (const file of await worker.ask((api) => api.files())) await download(file);
    setText(
      view.status,
      'Two files were downloaded: model.json and weights.bin. Any TensorFlow.js program with this package can load them.',
    );
  }

  async function upload(files: readonly File[]): Promise<void> {
    setText(view.status, 'Loading the files …');
    const loaded = await worker.ask((api) => api.loadFiles(view.backend, files));
    await take(loaded, `Loaded from files: ${loaded.loss.length} steps of training.`);
  }

  async function take(next: Progress, status: string): Promise<void> {
    progress = next;
    isHidden = false;
    loss = [...next.loss];
    accuracy = [...next.accuracy];
    view.charts.show(loss, accuracy);
    view.showProgress(next);
    view.gallery.show(await worker.ask((api) => api.predict(SHOWN)));
    setText(view.status, status);
  }

  function showSaved(saved: SavedModel | null): void {
    view.setSaved(
      saved && `Saved in this browser ${DATES.format(new Date(saved.date))}, ${(saved.bytes / MEGABYTE).toFixed(1)} MB`,
    );
  }

  return {
    root: view.root,
    address: {
      values: () => view.values,
      restore(values) {
        const problems = view.restore(values);
        choose();
        return problems;
      },
    },
    setBackends: view.setBackends,
    open() {
      view.idle(false);
      worker
        .ask((api) => api.saved())
        .then(showSaved, (error: Error) => {
          if (error instanceof WorkerGone) setText(view.problem, error.message);
          else view.setSaved(null, `${error.message} Download keeps it as files.`);
        });
    },
  };
}

function describe({ kind, pooling, samples }: TrainOptions): string {
  return `${kind} pooling (${pooling === 'im2col' ? 'ours' : 'built-in'}) and ${samples} digits`;
}

/** Another network, or other digits to learn from. */
function isOther(a: TrainOptions, b: TrainOptions): boolean {
  return a.pooling !== b.pooling || a.kind !== b.kind || a.samples !== b.samples;
}
