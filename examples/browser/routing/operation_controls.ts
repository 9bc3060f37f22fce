/** The controls of the operation itself: which pooling, and the options that it has; those of others are not there. */
import { type Pooling, hasOption, poolingNames, poolingTitle } from '../shared/poolings';
import { choice, group, numberChoice, select, toggle } from '../ui/controls';
import { element } from '../ui/dom';
import { DEFAULTS, type PaddingChoice, type Settings } from './settings';

export type SetOne = <K extends keyof Settings>(key: K, value: Settings[K]) => void;

export interface OperationControls {
  readonly root: HTMLElement;
  /** Makes the controls say what the settings do. */
  show(settings: Settings): void;
}

const FEW = [1, 2, 3, 4, 5];
const EXPONENTS = [
  { value: '1', label: '1' },
  { value: '2', label: '2' },
  { value: '3', label: '3' },
  { value: '10', label: '10' },
  { value: 'Infinity', label: '∞' },
];

export function operationControls(set: SetOne): OperationControls {
  const pooling = select(
    'Pooling',
    poolingNames().map((value) => ({ value, label: poolingTitle(value) })),
    DEFAULTS.pooling,
    (value) => set('pooling', value as Pooling),
  );
  const windows = windowControls(set);
  const height = numberChoice('Output height', FEW, DEFAULTS.outputHeight, (value) => set('outputHeight', value));
  const width = numberChoice('Output width', FEW, DEFAULTS.outputWidth, (value) => set('outputWidth', value));
  const outputSize = element('div', { class: 'pair' }, height.root, width.root);
  const p = choice('p', EXPONENTS, String(DEFAULTS.p), (value) => set('p', Number(value)));
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
    root: group('Operation', pooling.root, p.root, ...windows.roots, outputSize, countIncludePad.root, nan.root),
    show(s) {
      pooling.value = s.pooling;
      windows.show(s);
      height.value = String(s.outputHeight);
      width.value = String(s.outputWidth);
      p.value = String(s.p);
      countIncludePad.checked = s.countIncludePad;
      nan.value = s.nan;
      const hides = (option: string) => !hasOption(s.pooling, option);
      p.root.hidden = hides('p');
      for (const root of windows.roots) root.hidden = hides('poolSize');
      outputSize.hidden = hides('outputSize');
      countIncludePad.root.hidden = hides('countIncludePad');
      nan.root.hidden = hides('nan');
    },
  };
}

/** What windows of a given size have: size, stride, dilation, padding, rounding. */
function windowControls(set: SetOne) {
  const height = numberChoice('Window height', FEW, DEFAULTS.windowHeight, (value) => set('windowHeight', value));
  const width = numberChoice('Window width', FEW, DEFAULTS.windowWidth, (value) => set('windowWidth', value));
  const stride = numberChoice('Stride', [1, 2, 3, 4], DEFAULTS.stride, (value) => set('stride', value));
  const dilation = numberChoice('Dilation', [1, 2, 3], DEFAULTS.dilation, (value) => set('dilation', value));
  const padding = choice<PaddingChoice>(
    'Padding',
    (['valid', 'same', '1', '2'] as const).map((value) => ({ value, label: value })),
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
