/** What the Train part looks like: controls, figures, charts, test digits. It decides nothing. */
import { BACKENDS, type Backend, type BackendInfo } from '../shared/backends';
import { type Choices, settingsOf, valuesOf } from '../ui/address';
import { backendChoice } from '../ui/backend_choice';
import { button, choice, group, numberChoice } from '../ui/controls';
import { element, setText } from '../ui/dom';
import type { PoolingLayer, Progress, TrainOptions, TrainedPooling } from '../workers/train_protocol';
import { BATCH, stepsPerEpochOf } from './batch';
import { charts } from './chart';
import { gallery } from './gallery';

export type Action = 'train' | 'fresh' | 'save' | 'load' | 'download' | 'upload' | 'show';

export interface Handlers {
  train(): void;
  pause(): void;
  fresh(): void;
  save(): void;
  load(): void;
  download(): void;
  upload(files: readonly File[]): void;
  /** Another pooling or number of digits was chosen. */
  choose(): void;
  /** Something else was chosen, which needs no other network. */
  set(): void;
}

interface Settings extends Omit<TrainOptions, 'seed'> {
  readonly epochs: number;
  readonly backend: Backend;
}
const CHOICES: Choices<Settings> = {
  kind: ['max', 'average'],
  pooling: ['im2col', 'builtin'],
  samples: [1000, 3000, 9000],
  epochs: [1, 3, 10],
  backend: BACKENDS,
};
const DEFAULTS: Settings = { kind: 'max', pooling: 'im2col', samples: 3000, epochs: 3, backend: 'wasm' };

const NOTHING_SAVED = 'Save keeps it in this browser (IndexedDB). Nothing saved yet.';
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

export function trainView(handlers: Handlers) {
  /** By the reader, who chose it or began something with it. */
  let isBackendChosen = false;
  const backend = backendChoice(() => {
    isBackendChosen = true;
    handlers.set();
  });
  const kind = choice<TrainedPooling>(
    'Pooling',
    [
      { value: 'max', label: 'max' },
      { value: 'average', label: 'average' },
    ],
    DEFAULTS.kind,
    handlers.choose,
  );
  const pooling = choice<PoolingLayer>(
    'Pooling layer',
    [
      { value: 'im2col', label: 'ours' },
      { value: 'builtin', label: 'built-in' },
    ],
    DEFAULTS.pooling,
    handlers.choose,
    'Another pooling or number of digits starts a new network.',
  );
  const samples = numberChoice('Digits to learn from', CHOICES.samples, DEFAULTS.samples, handlers.choose);
  const epochs = numberChoice('Epochs', CHOICES.epochs, DEFAULTS.epochs, handlers.set);
  const train = button('Train', handlers.train, 'primary');
  const pause = button('Pause', handlers.pause, 'primary');
  const fresh = button('New network', handlers.fresh);
  const save = button('Save', handlers.save);
  const load = button('Load', handlers.load);
  const download = button('Download', handlers.download);
  const picker = element('input', {
    type: 'file',
    multiple: true,
    accept: '.json,.bin',
    class: 'hidden',
    tabindex: -1,
    'aria-label': 'Files of a model',
    onchange: () => {
      handlers.upload(Array.from(picker.files ?? []));
      picker.value = '';
    },
  });
  const upload = button('Upload', () => picker.click());
  const savedNote = element('p', { class: 'hint', role: 'status' }, NOTHING_SAVED);
  const status = element('p', { class: 'status', role: 'status' }, 'Nothing trained yet.');
  const problem = element('p', { class: 'problem', role: 'alert' });
  const bar = element('progress', { max: 1, value: 0, 'aria-label': 'Progress of the epoch' });
  const figures = {
    steps: figureOf('Steps'),
    epoch: figureOf('Epoch'),
    accuracy: figureOf('Test accuracy'),
    loss: figureOf('Test loss'),
  };
  const plots = charts();
  const digits = gallery();
  let hasSaved = false;
  let hasModel = false;
  let isBusy = false;

  const root = element(
    'div',
    { class: 'part train columns' },
    element('h2', { class: 'hidden' }, 'A network that learns digits'),
    element(
      'div',
      { class: 'settings plain groups' },
      group(
        'Network',
        element(
          'p',
          { class: 'hint' },
          `SimpleConvNet: conv 5×5×30, ReLU, pooling 2×2, dense 100, dense 10. Adam, batches of ${BATCH}.`,
        ),
        kind.root,
        pooling.root,
        samples.root,
        epochs.root,
      ),
      group('Computed by', ...backend.roots),
      group('Model', element('div', { class: 'buttons' }, save, load, download, upload, picker), savedNote),
    ),
    element(
      'div',
      { class: 'stage' },
      element('div', { class: 'toolbar' }, train, pause, fresh, status),
      bar,
      problem,
      element('dl', { class: 'figures-line' }, ...Object.values(figures).map((entry) => entry.root)),
      plots.root,
      element(
        'section',
        { 'aria-labelledby': 'test-digits' },
        element('h3', { id: 'test-digits' }, 'Test digits, and what the network takes them for'),
        digits.root,
      ),
    ),
  );
  pause.hidden = true;

  function enable(): void {
    const idle = !isBusy;
    for (const target of [train, fresh, upload]) target.disabled = !idle;
    for (const target of [save, download]) target.disabled = !idle || !hasModel;
    load.disabled = !idle || !hasSaved;
    for (const { root: fields } of [kind, pooling, samples]) fields.toggleAttribute('disabled', !idle);
  }

  const settings = (): Settings => ({
    kind: kind.value,
    pooling: pooling.value,
    samples: Number(samples.value),
    epochs: Number(epochs.value),
    backend: backend.value,
  });

  return {
    root,
    status,
    problem,
    charts: plots,
    gallery: digits,
    get backend() {
      return backend.value;
    },
    get isBusy() {
      return isBusy;
    },
    get values() {
      return valuesOf({ ...settings(), backend: isBackendChosen ? backend.value : DEFAULTS.backend }, DEFAULTS);
    },
    restore(values: URLSearchParams): readonly string[] {
      // A training that goes on keeps its settings.
      if (isBusy) return [];
      const { settings: wanted, problems } = settingsOf(values, DEFAULTS, CHOICES);
      kind.value = wanted.kind;
      pooling.value = wanted.pooling;
      samples.value = String(wanted.samples);
      epochs.value = String(wanted.epochs);
      if (values.has('backend')) {
        backend.value = wanted.backend;
        isBackendChosen = true;
      }
      return problems;
    },
    get epochs() {
      return Number(epochs.value);
    },
    get options(): TrainOptions {
      return { pooling: pooling.value, kind: kind.value, samples: Number(samples.value), seed: 1 };
    },
    setBackends(list: readonly BackendInfo[]): void {
      backend.setBackends(list, isBackendChosen ? [] : ['wasm']);
    },
    busy(action: Action): void {
      [isBusy, isBackendChosen] = [true, true];
      enable();
      const hadFocus = document.activeElement === train;
      train.hidden = action === 'train';
      pause.hidden = action !== 'train';
      if (hadFocus && action === 'train') pause.focus();
    },
    idle(withModel: boolean): void {
      [isBusy, hasModel] = [false, withModel];
      const hadFocus = document.activeElement === pause;
      [train.hidden, pause.hidden] = [false, true];
      enable();
      if (hadFocus) train.focus();
    },
    step(step: number, epoch: number, stepsPerEpoch: number): void {
      figures.steps.set(String(step + 1));
      figures.epoch.set(String(epoch + 1));
      bar.value = ((step % stepsPerEpoch) + 1) / stepsPerEpoch;
    },
    showProgress({ options, loss, test }: Progress): void {
      pooling.value = options.pooling;
      kind.value = options.kind;
      if (CHOICES.samples.includes(options.samples)) samples.value = String(options.samples);
      const epochs = loss.length / stepsPerEpochOf(options.samples);
      figures.steps.set(String(loss.length));
      figures.epoch.set(String(Math.ceil(epochs)));
      // Of the epoch that was begun last.
      bar.value = epochs > 0 && Number.isInteger(epochs) ? 1 : epochs % 1;
      // A paused training goes on from a step that has not been tested.
      const when = test && test.step !== loss.length ? `, step ${test.step}` : '';
      figures.accuracy.set(test ? percent(test.accuracy) : '–', `Test accuracy${when}`);
      figures.loss.set(test ? test.loss.toFixed(3) : '–', `Test loss${when}`);
    },
    /** There is no network of the chosen kind yet. */
    showNone(): void {
      for (const { reset } of Object.values(figures)) reset();
      bar.value = 0;
      plots.show([], []);
      digits.clear();
    },
    /** `why`: it cannot be known. */
    setSaved(note: string | null, why = NOTHING_SAVED): void {
      hasSaved = note !== null;
      setText(savedNote, note ?? why);
      enable();
    },
  };
}

function figureOf(name: string) {
  const [title, value] = [element('dt', {}, name), element('dd', {}, '–')];
  return {
    root: element('div', {}, title, value),
    set(text: string, newName = name): void {
      setText(value, text);
      setText(title, newName);
    },
    reset(): void {
      setText(value, '–');
      setText(title, name);
    },
  };
}
