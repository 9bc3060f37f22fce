/** What the Train part looks like: controls, figures, charts, test digits. It decides nothing. */
import type { BackendInfo } from '../shared/backends';
import { button, group } from '../ui/controls';
import { element, setText } from '../ui/dom';
import { charts } from './chart';
import { type Entry, figures } from './figures';
import { galleries } from './gallery';
import type { Pace } from './pace';
import { type Run, isComparable, shareDone } from './runs';
import { trainSettings } from './settings';

export type Action = 'train' | 'fresh' | 'save' | 'load' | 'download' | 'upload';

export interface Handlers {
  train(): void;
  pause(): void;
  fresh(): void;
  save(): void;
  load(): void;
  download(): void;
  upload(files: readonly File[]): void;
  /** Another network was chosen. */
  choose(): void;
  /** Something else was chosen, which needs no other network. */
  set(): void;
}

const NOTHING_SAVED = 'Save keeps it in this browser (IndexedDB). Nothing saved yet.';

export type TrainView = ReturnType<typeof trainView>;

export function trainView(handlers: Handlers) {
  const settings = trainSettings(handlers.choose, handlers.set);
  const train = button('Train', handlers.train, 'primary');
  const pause = button('Pause', handlers.pause, 'primary');
  const fresh = button('New network', handlers.fresh);
  const models = modelButtons(handlers);
  const status = element('p', { class: 'status', role: 'status' }, 'Nothing trained yet.');
  const problem = element('p', { class: 'problem', role: 'alert' });
  const bar = element('progress', { max: 1, value: 0, 'aria-label': 'Progress of the training' });
  // Not read out with each step.
  const pace = element('p', { class: 'pace' });
  const [numbers, plots, digits] = [figures(), charts(), galleries()];
  let isBusy = false;
  /** One network is chosen, and it is there. */
  let hasModel = false;

  const root = element(
    'div',
    { class: 'part train columns' },
    element('h2', { class: 'hidden' }, 'A network that learns digits'),
    element('div', { class: 'settings plain groups' }, ...settings.groups, models.root),
    element(
      'div',
      { class: 'stage' },
      element('div', { class: 'toolbar' }, train, pause, fresh, status),
      element('div', { class: 'training' }, bar, pace),
      problem,
      numbers.root,
      plots.root,
      digits.root,
    ),
  );
  pause.hidden = true;

  function enable(): void {
    train.disabled = isBusy;
    fresh.disabled = isBusy;
    models.enable(!isBusy, hasModel);
    settings.enable(!isBusy);
  }

  /** The runs that can be compared with what is chosen, and a place for those that are chosen and not there yet. */
  function entries(runs: readonly Run[]): Entry[] {
    const { layers } = settings;
    const shown = runs.filter(({ options }) => isComparable(options, settings.options(layers[0])));
    const absent = layers.filter((layer) => shown.every(({ options }) => options.pooling !== layer));
    return [
      ...shown.map((run) => ({ pooling: run.options.pooling, run })),
      ...absent.map((pooling) => ({ pooling, run: undefined })),
    ];
  }

  return {
    root,
    settings,
    status,
    problem,
    get isBusy() {
      return isBusy;
    },
    setBackends: (list: readonly BackendInfo[]) => settings.setBackends(list),
    busy(action: Action): void {
      isBusy = true;
      settings.keepBackend();
      enable();
      const hadFocus = document.activeElement === train;
      train.hidden = action === 'train';
      pause.hidden = action !== 'train';
      if (hadFocus && action === 'train') pause.focus();
    },
    idle(): void {
      isBusy = false;
      const hadFocus = document.activeElement === pause;
      [train.hidden, pause.hidden] = [false, true];
      setText(pace, '');
      enable();
      if (hadFocus) train.focus();
    },
    /** Figures and charts, which follow each step. */
    showLearning(runs: readonly Run[]): void {
      const shown = entries(runs);
      numbers.show(shown);
      plots.show(shown.flatMap(({ run }) => run ?? []));
    },
    showPace({ share, text }: Pace): void {
      bar.value = share;
      setText(pace, text);
    },
    show(runs: readonly Run[]): void {
      this.showLearning(runs);
      const chosen = entries(runs).filter(({ pooling }) => settings.layers.includes(pooling));
      const present = chosen.flatMap(({ run }) => run ?? []);
      bar.value = shareDone(present);
      digits.show(chosen.map(({ pooling, run }) => ({ pooling, predictions: run?.predictions })));
      hasModel = chosen.length === 1 && present.length === 1;
      models.setMany(chosen.length > 1);
      enable();
    },
    showDigits: digits.renew,
    setSaved: models.setSaved,
  };
}

/** Saving and loading. */
function modelButtons(handlers: Handlers) {
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
  const note = element('p', { class: 'hint', role: 'status' }, NOTHING_SAVED);
  const many = element('p', { class: 'hint' }, 'To save one of the two networks, choose its pooling layer.');
  let hasSaved = false;
  let state: readonly [isIdle: boolean, hasModel: boolean] = [true, false];

  function enable(isIdle: boolean, hasModel: boolean): void {
    state = [isIdle, hasModel];
    upload.disabled = !isIdle;
    for (const target of [save, download]) target.disabled = !isIdle || !hasModel;
    load.disabled = !isIdle || !hasSaved;
  }

  return {
    root: group('Model', element('div', { class: 'buttons' }, save, load, download, upload, picker), note, many),
    enable,
    setMany(isMany: boolean): void {
      many.hidden = !isMany;
    },
    /** `why`: it cannot be known. */
    setSaved(text: string | null, why = NOTHING_SAVED): void {
      hasSaved = text !== null;
      setText(note, text ?? why);
      enable(...state);
    },
  };
}
