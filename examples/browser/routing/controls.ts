/** The Routing part's controls. They hold the settings; whoever listens gets a new copy after every change. */
import type { Backend, BackendInfo } from '../shared/backends';
import { backendChoice } from '../ui/backend_choice';
import { button, choice, group, select, toggle } from '../ui/controls';
import { element } from '../ui/dom';
import { type SetOne, operationControls } from './operation_controls';
import {
  CHOICES,
  DEFAULTS,
  type DyKind,
  type Overlaps,
  type Settings,
  type Source,
  describeOptions,
  usualSize,
} from './settings';

export interface Controls {
  readonly root: HTMLElement;
  readonly settings: Settings;
  /** Sets many at once, as a preset does; listeners hear of it once. */
  apply(settings: Settings): void;
  /** `preferred`: the backends to change to, best first, if there are any. */
  setBackends(list: readonly BackendInfo[], preferred: readonly Backend[]): void;
  /** Chooses the reader's picture; from now on there is one to choose. */
  setPicture(): void;
}

const options = <T extends string>(...list: Array<[value: T, label: string]>) =>
  list.map(([value, label]) => ({ value, label }));

export function controls(
  onChange: (settings: Settings, changed?: keyof Settings) => void,
  onClear: () => void,
): Controls {
  let settings: Settings = { ...DEFAULTS };
  const summary = element('span', { class: 'settings-summary' });
  function set<K extends keyof Settings>(key: K, value: Settings[K]): void {
    settings = { ...settings, [key]: value };
    if (key === 'source') settings.size = usualSize(settings);
    refresh();
    onChange(settings, key);
  }
  const parts = makeParts(set, onClear);
  const root = element(
    'details',
    { class: 'settings' },
    element('summary', {}, element('span', {}, 'Settings'), summary),
    parts.root,
  );
  root.open = !matchMedia('(max-width: 760px)').matches;

  function refresh(): void {
    parts.show(settings);
    summary.textContent = describeOptions(settings);
    parts.digit.hidden = settings.source !== 'digit';
    parts.clear.hidden = settings.source !== 'drawing';
    parts.size.hidden = settings.source === 'numbers';
    parts.dy.hidden = !settings.showGradient;
    // Only a maximum has a place to be put back to.
    parts.unpooling.hidden = settings.pooling !== 'max';
    parts.overlaps.hidden = settings.pooling !== 'max' || !settings.showUnpooling;
  }
  refresh();
  return {
    root,
    get settings() {
      return settings;
    },
    apply(next) {
      settings = { ...next };
      refresh();
      onChange(settings);
    },
    setBackends(list, preferred) {
      parts.backend.setBackends(list, preferred);
      if (parts.backend.value !== settings.backend) set('backend', parts.backend.value);
    },
    setPicture() {
      parts.source.setOffered('picture', true);
      // Another picture keeps the size that the reader chose for the last.
      if (settings.source !== 'picture') set('source', 'picture');
      else onChange(settings, 'source');
    },
  };
}

function makeParts(set: SetOne, onClear: () => void) {
  const source = choice<Source>(
    'Image',
    options<Source>(
      ['digit', 'Digit'],
      ['photograph', 'Photo'],
      ['picture', 'Yours'],
      ['drawing', 'Draw'],
      ['numbers', 'Numbers'],
    ),
    DEFAULTS.source,
    (value) => set('source', value),
  );
  source.setOffered('picture', false);
  const digits = CHOICES.digit.map((digit) => ({ value: String(digit), label: String(digit) }));
  const digit = select('Digit', digits, String(DEFAULTS.digit), (value) => set('digit', Number(value)));
  const size = select(
    'Size',
    CHOICES.size.map((value) => ({ value: String(value), label: `${value} × ${value}` })),
    String(DEFAULTS.size),
    (value) => set('size', Number(value)),
  );
  const clear = button('Clear the drawing', onClear);
  const operation = operationControls(set);
  const backend = backendChoice((value) => set('backend', value));
  const showGradient = toggle('Gradient', DEFAULTS.showGradient, (value) => set('showGradient', value));
  const showBuiltin = toggle('Built-in beside ours', DEFAULTS.showBuiltin, (value) => set('showBuiltin', value));
  const showMatrix = toggle('im2col matrix', DEFAULTS.showMatrix, (value) => set('showMatrix', value));
  const showUnpooling = toggle('Unpooling', DEFAULTS.showUnpooling, (value) => set('showUnpooling', value));
  const overlaps = choice<Overlaps>(
    'Where unpooled windows overlap',
    options<Overlaps>(['add', 'add'], ['write', 'last writes']),
    DEFAULTS.overlaps,
    (value) => set('overlaps', value),
  );
  const dy = choice<DyKind>(
    'Gradient sent back, dy',
    options<DyKind>(['ones', 'ones'], ['ramp', '1, 2, 3'], ['signs', '±1'], ['selected', 'one cell']),
    DEFAULTS.dy,
    (value) => set('dy', value),
  );
  const root = element(
    'div',
    { class: 'groups' },
    group('Input', source.root, element('div', { class: 'pair' }, digit.root, size.root), clear),
    operation.root,
    group('Computed by', ...backend.roots),
    group('Show', showGradient.root, dy.root, showBuiltin.root, showMatrix.root, showUnpooling.root, overlaps.root),
  );
  return {
    root,
    source,
    backend,
    digit: digit.root,
    size: size.root,
    clear,
    dy: dy.root,
    unpooling: showUnpooling.root,
    overlaps: overlaps.root,
    show(s: Settings): void {
      source.value = s.source;
      digit.value = String(s.digit);
      size.value = String(s.size);
      operation.show(s);
      backend.value = s.backend;
      dy.value = s.dy;
      showGradient.checked = s.showGradient;
      showBuiltin.checked = s.showBuiltin;
      showMatrix.checked = s.showMatrix;
      showUnpooling.checked = s.showUnpooling;
      overlaps.value = s.overlaps;
    },
  };
}
