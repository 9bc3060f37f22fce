/** What can be chosen in the Train part, and how the address says it. */
import type { NetworkName, PooledBy, PoolingKind } from '../../mnist/networks';
import { BACKENDS, type Backend, type BackendInfo } from '../shared/backends';
import { type Choices, type Values, settingsOf, valuesOf } from '../ui/address';
import { backendChoice } from '../ui/backend_choice';
import { choice, group, numberChoice } from '../ui/controls';
import { element, setText, uniqueId } from '../ui/dom';
import type { TrainOptions } from '../workers/train_protocol';
import { BATCH, SAMPLES, USUAL_SAMPLES } from './batch';
import { type LayerChoice, layersOf } from './runs';

interface Settings extends Omit<TrainOptions, 'pooling' | 'seed'> {
  readonly pooling: LayerChoice;
  readonly epochs: number;
  readonly backend: Backend;
}
const CHOICES: Choices<Settings> = {
  network: ['simple', 'matters'],
  kind: ['max', 'average'],
  pooling: ['im2col', 'builtin', 'both'],
  samples: SAMPLES,
  epochs: [1, 3, 10],
  backend: BACKENDS,
};
const DEFAULTS: Settings = {
  network: 'simple',
  kind: 'max',
  pooling: 'im2col',
  samples: USUAL_SAMPLES,
  epochs: 3,
  backend: 'wasm',
};

/** Layers and training, then whether the choice of the pooling layer matters. */
const ABOUT: Readonly<Record<NetworkName, readonly [layers: string, why: string]>> = {
  simple: [
    `Conv 5×5×30, ReLU, pooling 2×2, dense 100, ReLU, dense 10. Adam, batches of ${BATCH}.`,
    'On wasm the built-in max pooling loses gradient. The ReLU before it hides that here: it stops the same gradient anyway.',
  ],
  matters: [
    `Conv 5×5×12, pooling 2×2, leaky ReLU, conv 5×5×16, pooling 2×2, leaky ReLU, dense 10. Biases begin at −0.5. SGD, batches of ${BATCH}.`,
    'On wasm the built-in max pooling loses the gradient of each window without a positive number. Here most windows are such, and no ReLU hides it.',
  ],
};

export interface TrainSettings {
  readonly groups: readonly HTMLElement[];
  readonly backend: Backend;
  readonly epochs: number;
  /** Those that Train trains. */
  readonly layers: readonly PoolingKind[];
  readonly values: Values;
  options(pooling: PoolingKind): TrainOptions;
  restore(values: URLSearchParams): readonly string[];
  /** Chooses a network that was loaded. */
  show(options: TrainOptions): void;
  setBackends(list: readonly BackendInfo[]): void;
  /** What makes another network cannot be chosen while one is being trained. */
  enable(isIdle: boolean): void;
  /** From now on the backend is the reader's choice. */
  keepBackend(): void;
}

/** `choose`: another network is wanted; `set`: something else was chosen. */
export function trainSettings(choose: () => void, set: () => void): TrainSettings {
  /** By the reader, who chose it or began something with it. */
  let isBackendChosen = false;
  const backend = backendChoice(() => {
    isBackendChosen = true;
    set();
  });
  const network = networkChoice(choose);
  const kind = choice<PooledBy>('Pooling', labelled({ max: 'max', average: 'average' }), DEFAULTS.kind, choose);
  const pooling = choice<LayerChoice>(
    'Pooling layer',
    labelled({ im2col: 'ours', builtin: 'built-in', both: 'both' }),
    DEFAULTS.pooling,
    choose,
    'Both: one after the other, from the same weights. The chart keeps the last run of each.',
  );
  const samples = numberChoice('Digits to learn from', CHOICES.samples, DEFAULTS.samples, choose);
  const epochs = numberChoice('Epochs', CHOICES.epochs, DEFAULTS.epochs, set);
  const settings = (): Settings => ({
    network: network.value,
    kind: kind.value,
    pooling: pooling.value,
    samples: Number(samples.value),
    epochs: Number(epochs.value),
    backend: backend.value,
  });

  function show(wanted: Omit<Settings, 'epochs' | 'backend'>): void {
    network.value = wanted.network;
    kind.value = wanted.kind;
    pooling.value = wanted.pooling;
    samples.value = String(wanted.samples);
  }

  return {
    groups: [
      group('Network', network.root, network.about, kind.root, pooling.root, samples.root, epochs.root),
      group('Computed by', ...backend.roots),
    ],
    show,
    get backend() {
      return backend.value;
    },
    get epochs() {
      return Number(epochs.value);
    },
    get layers() {
      return layersOf(pooling.value);
    },
    get values() {
      return valuesOf({ ...settings(), backend: isBackendChosen ? backend.value : DEFAULTS.backend }, DEFAULTS);
    },
    options: (layer) => ({
      network: network.value,
      pooling: layer,
      kind: kind.value,
      samples: Number(samples.value),
      seed: 1,
    }),
    restore(values) {
      const { settings: wanted, problems } = settingsOf(values, DEFAULTS, CHOICES);
      show(wanted);
      epochs.value = String(wanted.epochs);
      if (values.has('backend')) {
        backend.value = wanted.backend;
        isBackendChosen = true;
      }
      return problems;
    },
    setBackends(list) {
      backend.setBackends(list, isBackendChosen ? [] : ['wasm']);
    },
    enable(isIdle) {
      for (const { root } of [network, kind, pooling, samples]) root.toggleAttribute('disabled', !isIdle);
    },
    keepBackend() {
      isBackendChosen = true;
    },
  };
}

/** With what the network is made of, and why the pooling layer matters or not. */
function networkChoice(choose: () => void) {
  const control = choice<NetworkName>(
    'Network',
    labelled({ simple: 'SimpleConvNet', matters: 'where it matters' }),
    DEFAULTS.network,
    () => {
      describe();
      choose();
    },
  );
  const [layers, why] = [element('p', { class: 'hint' }), element('p', { class: 'hint' })];
  const about = element('div', { id: uniqueId('about-network'), class: 'about-network' }, layers, why);
  control.root.setAttribute('aria-describedby', about.id);
  function describe(): void {
    const [layersText, whyText] = ABOUT[control.value];
    setText(layers, layersText);
    setText(why, whyText);
  }
  describe();
  return {
    root: control.root,
    about,
    get value() {
      return control.value;
    },
    set value(value) {
      control.value = value;
      describe();
    },
  };
}

function labelled<T extends string>(labels: Readonly<Record<T, string>>): Array<{ value: T; label: string }> {
  return (Object.keys(labels) as T[]).map((value) => ({ value, label: labels[value] }));
}
