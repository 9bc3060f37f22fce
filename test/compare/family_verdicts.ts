/** What is wrong with the built-in averages and global poolings of tfjs 4.22, case by case: on which backends, and why. */
import { DEFAULT_CASES } from '../../src/compare/default_cases';
import type { CompareReport, ComparedPooling } from '../../src/compare/index';

type Backend = 'cpu' | 'wasm' | 'webgl' | 'webgpu' | 'node';
type Reasons = Partial<Record<Backend, string>>;

const on = (backends: readonly Backend[], why: string): Reasons =>
  Object.fromEntries(backends.map((name) => [name, why]));
const ALL: readonly Backend[] = ['cpu', 'wasm', 'webgl', 'webgpu', 'node'];
const BUT_NODE = ALL.filter((name) => name !== 'node');

/** tfjs's AvgPoolGrad divides by filterHeight * filterWidth; its AvgPool by the elements on the input. TensorFlow's own does both alike. */
const BORDER = on(BUT_NODE, 'the gradient at the border is divided by all taps, the average by those on the input');
const NUMBERS = { node: 'TensorFlow knows no numeric padding: it throws' };
const EQUALS = on(ALL, "tf.max's gradient goes in full to every element that equals the maximum");

const WRONG: Readonly<Record<string, Reasons>> = {
  'average, same': BORDER,
  'average, NaN': { wasm: 'NaN is clamped to -Infinity, the lower bound of the output' },
  'average, int32': on(ALL, 'tf.avgPool takes float32 alone: it throws'),
  'average, padding 1': { ...BORDER, ...NUMBERS },
  'average, padding, 2x3 window': {
    ...on(BUT_NODE, "the output's width is computed with the window's height"),
    ...NUMBERS,
  },
  'average, ceil': {
    ...on(BUT_NODE, 'the gradient is that of a floor: the last windows have none'),
    node: 'the rounding mode is dropped: the output has the size of a floor',
  },
  'average, dilation, same': on(ALL, 'tf.pool writes its padding out as zeros, and counts them'),
  'average, channels first': BORDER,
  'average, 1-D': BORDER,
  'average, 3-D': BORDER,
  'average, 3-D 2/4 same': on(
    BUT_NODE,
    "the padding of 'same' is negative where strides leave gaps, and moves the windows",
  ),
  'average 3/1 same': BORDER,
  'global max, tie': EQUALS,
  'global max, NaN': on(ALL, 'NaN equals nothing, so that its gradient is lost'),
  'global max 14x14': EQUALS,
};

/** A kernel of ours that each pooling must run. */
export const KERNELS: Readonly<Record<ComparedPooling, string>> = {
  max: 'Im2ColMaxPool',
  average: 'Im2ColAveragePool',
  globalMax: 'Im2ColMaxPool',
  globalAverage: 'Im2ColAveragePool',
  adaptiveMax: 'Im2ColMaxPool',
  adaptiveAverage: 'Im2ColAveragePool',
  lp: 'Im2ColLpPool',
};

/** Max pooling's siblings as a report has them, and as they must be: each a list of [case, verdict]. */
export function foundAndExpected({ rows }: CompareReport, backend: Backend): [found: string[][], expected: string[][]] {
  const siblings = DEFAULT_CASES.filter(({ pooling = 'max' }) => pooling !== 'max').map(({ name }) => name);
  const found = rows.filter(({ pooling }) => pooling !== 'max').map((row) => [row.case, row.deviates]);
  return [found, siblings.map((name) => [name, WRONG[name]?.[backend] === undefined ? 'neither' : 'builtin'])];
}
