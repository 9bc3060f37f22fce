/** The controls of the operation itself: which pooling, and the options that it has; those of others are not there. */
import { type Pooling, hasOption, poolingTitle } from '../shared/poolings';
import { type Choice, choice, group, numberChoice, select, toggle } from '../ui/controls';
import { element } from '../ui/dom';
import { CHOICES, DEFAULTS, type PaddingChoice, type Settings } from './settings';

export type SetOne = <K extends keyof Settings>(key: K, value: Settings[K]) => void;

export interface OperationControls {
  readonly root: HTMLElement;
  /** Makes the controls say what the settings do. */
  show(settings: Settings): void;
}

const EXPONENTS = CHOICES.p.map((p) => ({ value: String(p), label: p === Infinity ? '∞' : String(p) }));

export function operationControls(set: SetOne): OperationControls {
  const pooling = select(
    'Pooling',
    CHOICES.pooling.map((value) => ({ value, label: poolingTitle(value) })),
    DEFAULTS.pooling,
    (value) => set('pooling', value as Pooling),
  );
  const windows = windowControls(set);
  const height = orNull('Output height', 'outputHeight', 'all', set);
  const width = orNull('Output width', 'outputWidth', 'all', set);
  const outputSize = element('div', { class: 'pair' }, height.root, width.root);
  const p = choice('p', EXPONENTS, String(DEFAULTS.p), (value) => set('p', Number(value)));
  const absolute = toggle('Magnitudes, |x|', DEFAULTS.absolute, (value) => set('absolute', value));
  const divisor = orNull('Divisor', 'divisorOverride', 'count', set);
  const countIncludePad = toggle('Count padding', DEFAULTS.countIncludePad, (value) => set('countIncludePad', value));
  const nan = choice<Settings['nan']>(
    'NaN',
    [
      { value: 'propagate', label: 'propagate' },
      { value: 'ignore', label: 'ignore' },
    ],
    DEFAULTS.nan,
    (value) => set('nan', value),
  );
  return {
    root: group(
      'Operation',
      pooling.root,
      p.root,
      absolute.root,
      ...windows.roots,
      outputSize,
      countIncludePad.root,
      divisor.root,
      nan.root,
    ),
    show(s) {
      pooling.value = s.pooling;
      windows.show(s);
      height.value = String(s.outputHeight);
      width.value = String(s.outputWidth);
      p.value = String(s.p);
      absolute.checked = s.absolute;
      countIncludePad.checked = s.countIncludePad;
      divisor.value = String(s.divisorOverride);
      nan.value = s.nan;
      const hides = (option: string) => !hasOption(s.pooling, option);
      p.root.hidden = hides('p');
      absolute.root.hidden = hides('absolute');
      divisor.root.hidden = hides('divisorOverride');
      for (const root of windows.roots) root.hidden = hides('poolSize');
      outputSize.hidden = hides('outputSize');
      countIncludePad.root.hidden = hides('countIncludePad');
      nan.root.hidden = hides('nan');
    },
  };
}

/** A number, or none, which has a word of its own. */
function orNull(
  legend: string,
  key: 'outputHeight' | 'outputWidth' | 'divisorOverride',
  none: string,
  set: SetOne,
): Choice<string> {
  const options = CHOICES[key].map((value) => ({ value: String(value), label: value === null ? none : String(value) }));
  return choice(legend, options, String(DEFAULTS[key]), (text) => set(key, text === 'null' ? null : Number(text)));
}

/** What windows of a given size have: size, stride, dilation, padding, rounding. */
function windowControls(set: SetOne) {
  const height = numberChoice('Window height', CHOICES.windowHeight, DEFAULTS.windowHeight, (value) =>
    set('windowHeight', value),
  );
  const width = numberChoice('Window width', CHOICES.windowWidth, DEFAULTS.windowWidth, (value) =>
    set('windowWidth', value),
  );
  const stride = numberChoice('Stride', CHOICES.stride, DEFAULTS.stride, (value) => set('stride', value));
  const dilation = numberChoice('Dilation', CHOICES.dilation, DEFAULTS.dilation, (value) => set('dilation', value));
  const padding = choice<PaddingChoice>(
    'Padding',
    CHOICES.padding.map((value) => ({ value, label: value })),
    DEFAULTS.padding,
    (value) => set('padding', value),
  );
  const ceilMode = toggle('Ceil mode', DEFAULTS.ceilMode, (value) => set('ceilMode', value));
  return {
    roots: [
      element('div', { class: 'pair' }, height.root, width.root),
      element('div', { class: 'pair' }, stride.root, dilation.root),
      padding.root,
      ceilMode.root,
    ],
    show(s: Settings): void {
      height.value = String(s.windowHeight);
      width.value = String(s.windowWidth);
      stride.value = String(s.stride);
      dilation.value = String(s.dilation);
      padding.value = s.padding;
      ceilMode.checked = s.ceilMode;
    },
  };
}
