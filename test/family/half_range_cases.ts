/**
 * What 16 bit holds although sums, or shares, on the way do not: numbers whose sums pass 65504, and numbers near the least
 * ones. An oracle in 64 bit knows what is right: every window is a list of elements, of which `count` count.
 */
import type { AdaptivePoolOptions, AveragePoolOptions, GlobalPoolOptions, LpPoolOptions } from '../../src/base';
import { windowsOf } from '../oracle/adaptive';
import { layoutOf } from '../oracle/pooling';
import { roundToHalf } from '../support/compare';
import { filled, randomFrom } from '../support/data';
import type { OpCall } from '../support/run_op';
import type { PlainTensor } from '../support/run_case';

export interface HalfCase {
  readonly name: string;
  /** With dy as the gradient of the result; no second derivative. */
  readonly first: OpCall;
  /** With a gradient for the second derivative. */
  readonly second?: OpCall;
  readonly y: number[];
  readonly yShape: number[];
  readonly dx?: number[];
  readonly ddx?: number[];
  /** The elements of the longest window. */
  readonly longest: number;
  /** Relative. */
  readonly tolerance: number;
}

interface Window {
  /** Its place in y. */
  readonly at: number;
  /** Places in x. */
  readonly elements: readonly number[];
  readonly count: number;
}
interface Windows {
  readonly yShape: number[];
  readonly windows: readonly Window[];
}

type Rank = 1 | 2 | 3;
type Row<Options> = [name: string, rank: Rank, shape: number[], options: Options];

const AVERAGES: Array<Row<AveragePoolOptions>> = [
  ['3x3/2', 2, [1, 9, 8, 3], { poolSize: 3, strides: 2 }],
  ['3x3/1, same', 2, [1, 6, 7, 4], { poolSize: 3, strides: 1, padding: 'same' }],
  ['3x3/1, padding counts', 2, [1, 6, 5, 2], { poolSize: 3, strides: 1, padding: 1, countIncludePad: true }],
  ['3x3/1, divisorOverride', 2, [1, 6, 5, 2], { poolSize: 3, strides: 1, padding: 1, divisorOverride: 8 }],
  ['20x20/1, same', 2, [1, 20, 20, 1], { poolSize: 20, strides: 1, padding: 'same' }],
  ['20x20, the whole image', 2, [2, 20, 20, 2], { poolSize: 20 }],
  [
    'dilation, padding, ceil mode',
    2,
    [1, 9, 8, 3],
    { poolSize: 3, strides: 2, dilationRate: 2, padding: 2, ceilMode: true },
  ],
  ['channels first, padding', 2, [2, 3, 7, 6], { poolSize: 3, strides: 2, padding: 1, dataFormat: 'channelsFirst' }],
  ['unbatched', 2, [6, 6, 3], { poolSize: 3, strides: 1, padding: 1 }],
  ['1-D', 1, [2, 17, 3], { poolSize: 5, strides: 2, padding: 2 }],
  [
    '1-D, channels first, ceil mode',
    1,
    [2, 3, 16],
    { poolSize: 5, strides: 3, ceilMode: true, dataFormat: 'channelsFirst' },
  ],
  ['3-D', 3, [1, 4, 5, 5, 2], { poolSize: 3, strides: 1, padding: 1 }],
  [
    '3-D, channels first, padding counts',
    3,
    [1, 2, 4, 5, 4],
    { poolSize: 2, padding: 1, countIncludePad: true, dataFormat: 'channelsFirst' },
  ],
];

const GLOBALS: Array<Row<GlobalPoolOptions>> = [
  ['20x20', 2, [1, 20, 20, 2], {}],
  ['keepDims, 13x11', 2, [2, 13, 11, 3], { keepDims: true }],
  ['7x7', 2, [2, 7, 7, 3], {}],
  ['3x3', 2, [2, 3, 3, 3], {}],
  ['channels first', 2, [2, 3, 20, 20], { dataFormat: 'channelsFirst' }],
  ['unbatched', 2, [20, 20, 3], {}],
  ['61x67: a prime length on each axis', 2, [1, 61, 67, 1], {}],
  ['1-D, 4999 long', 1, [1, 4999, 1], {}],
  ['1-D, channels first', 1, [2, 3, 101], { dataFormat: 'channelsFirst' }],
  ['3-D', 3, [1, 7, 8, 9, 2], {}],
  ['3-D, channels first, keepDims', 3, [1, 2, 5, 6, 7], { dataFormat: 'channelsFirst', keepDims: true }],
];

const ADAPTIVES: Array<Row<AdaptivePoolOptions>> = [
  ['20x20 to 1', 2, [1, 20, 20, 2], { outputSize: 1 }],
  ['20x20 to 2: even', 2, [1, 20, 20, 2], { outputSize: 2 }],
  ['20x20 to 3: uneven', 2, [1, 20, 20, 2], { outputSize: 3 }],
  ['41x43 to 2: 21 x 22 elements', 2, [1, 41, 43, 1], { outputSize: 2 }],
  ['one axis even', 2, [1, 20, 21, 3], { outputSize: [4, 4] }],
  ['7x5 to [3, 1]', 2, [2, 7, 5, 3], { outputSize: [3, 1] }],
  ['to more than there is', 2, [1, 3, 4, 2], { outputSize: [5, 7] }],
  ['channels first', 2, [2, 3, 20, 19], { outputSize: 3, dataFormat: 'channelsFirst' }],
  ['unbatched', 2, [20, 19, 3], { outputSize: 3 }],
  ['1-D', 1, [2, 401, 3], { outputSize: 2 }],
  ['1-D, channels first', 1, [2, 3, 101], { outputSize: 7, dataFormat: 'channelsFirst' }],
  ['3-D', 3, [1, 7, 9, 5, 2], { outputSize: [2, 2, 3] }],
  ['3-D, channels first', 3, [1, 2, 7, 9, 5], { outputSize: 2, dataFormat: 'channelsFirst' }],
];

const POWERS = [1, 1.5, 2, 3, 10, Infinity];
const LP_ROWS: Array<Row<LpPoolOptions>> = [
  ['3x3/2, padding', 2, [1, 7, 8, 3], { poolSize: 3, strides: 2, padding: 1 }],
  ['20x20', 2, [1, 20, 20, 2], { poolSize: 20 }],
  ['channels first', 2, [2, 3, 6, 6], { poolSize: 2, dataFormat: 'channelsFirst' }],
  ['1-D, unbatched', 1, [16, 3], { poolSize: 4, strides: 3 }],
  ['3-D', 3, [1, 4, 4, 4, 2], { poolSize: 2 }],
];

/** Values of x, and gradients for the first and for the second derivative of averages and of norms. */
interface Size {
  readonly label: string;
  readonly x: number;
  readonly dy: number;
  readonly linear: number;
  readonly norm: number;
}
const LARGE: Size = { label: 'large', x: 60000, dy: 15000, linear: 2 ** -4, norm: 2 ** -9 };
const SMALL: Size = { label: 'small', x: 1e-3, dy: 1e-3, linear: 2 ** 10, norm: 2 ** 9 };
const SIZES = [LARGE, SMALL];
type Implementation = 'fused' | 'im2col';
/** A half has 11 bits: a few roundings, one after the other; core operations store each sum. Norms take powers of what is rounded. */
const FEW_ROUNDINGS = { fused: 2 ** -9, im2col: 2 ** -7 };
const OF_POWERS = 2 ** -5;

/** By im2col, windows of so many elements at most: core operations take long for more. */
const FEW = 9;

export const HALF_CASES: readonly HalfCase[] = SIZES.flatMap((size) => [
  ...casesOf(size, 'fused'),
  ...casesOf(size, 'im2col').filter(({ longest }) => longest <= FEW),
]);

function casesOf(size: Size, implementation: Implementation): HalfCase[] {
  return [
    ...AVERAGES.map((row) => linearCase('averagePool', row, size, implementation, averageWindows(row))),
    ...GLOBALS.map((row) => linearCase('globalAveragePool', row, size, implementation, globalWindows(row))),
    ...ADAPTIVES.map((row) => linearCase('adaptiveAveragePool', row, size, implementation, adaptiveWindows(row))),
    ...POWERS.flatMap((p) =>
      LP_ROWS.slice(0, p === 3 ? undefined : 2).map((row) => lpCase(row, p, size, implementation)),
    ),
  ];
}

function averageWindows([
  ,
  rank,
  shape,
  { countIncludePad, divisorOverride, ...options },
]: Row<AveragePoolOptions>): Windows {
  const { yShape, outputs } = layoutOf(rank, options, shape);
  const windows = outputs.map(({ at, candidates, cells }) => ({
    at,
    elements: candidates.map((c) => c.at),
    count: divisorOverride ?? (countIncludePad ? cells : candidates.length),
  }));
  return { yShape, windows };
}

function adaptiveWindows([, rank, shape, options]: Row<AdaptivePoolOptions>): Windows {
  const { yShape, windows } = windowsOf(rank, options as { outputSize: number }, shape);
  const listed = windows.map(({ at, candidates }) => ({
    at,
    elements: candidates.map((c) => c.at),
    count: candidates.length,
  }));
  return { yShape, windows: listed };
}

function globalWindows([name, rank, shape, { dataFormat, keepDims }]: Row<GlobalPoolOptions>): Windows {
  const { yShape, windows } = adaptiveWindows([
    name,
    rank,
    shape,
    { outputSize: 1, ...(dataFormat && { dataFormat }) },
  ]);
  if (keepDims) return { yShape, windows };
  const first = dataFormat === 'channelsFirst' ? yShape.length - rank : yShape.length - rank - 1;
  return { yShape: yShape.filter((_, axis) => axis < first || axis >= first + rank), windows };
}

function longestOf({ windows }: Windows): number {
  return Math.max(...windows.map(({ elements }) => elements.length));
}

function valuesOf(shape: readonly number[], greatest: number, seed: number): PlainTensor {
  const random = randomFrom(seed);
  // As a device stores them.
  return filled([...shape], () => roundToHalf(greatest * (0.6 + 0.4 * random())));
}

/** dx of a linear pooling. */
function spread({ windows }: Windows, dy: readonly number[], size: number): number[] {
  const dx = new Array<number>(size).fill(0);
  for (const { at, elements, count } of windows) for (const element of elements) dx[element] += dy[at] / count;
  return dx;
}

function averages({ windows }: Windows, x: readonly number[]): number[] {
  const y = new Array<number>(windows.length);
  for (const { at, elements, count } of windows) y[at] = elements.reduce((sum, e) => sum + x[e], 0) / count;
  return y;
}

function linearCase(
  op: 'averagePool' | 'globalAveragePool' | 'adaptiveAveragePool',
  [name, rank, shape, options]: Row<object>,
  size: Size,
  implementation: Implementation,
  windows: Windows,
): HalfCase {
  const x = valuesOf(shape, size.x, 1);
  const dy = valuesOf(windows.yShape, size.dy, 2);
  const dy2 = valuesOf(windows.yShape, size.linear, 3);
  const y = averages(windows, x.data);
  const times = (a: readonly number[]) => a.map((value, i) => value * dy2.data[i]);
  const g = spread(windows, times(y), x.data.length);
  const call = (dResult: PlainTensor): OpCall => ({
    op: `${op}${rank}d`,
    args: [{ tensor: x }, { plain: { ...options, implementation } }],
    dResult,
  });
  return {
    name: `${op}${rank}d, ${name}, ${size.label}, ${implementation}`,
    first: call(dy),
    second: { ...call(dy2), second: true },
    y,
    yShape: windows.yShape,
    dx: spread(windows, dy.data, x.data.length),
    ddx: spread(windows, times(averages(windows, g)), x.data.length),
    longest: longestOf(windows),
    tolerance: FEW_ROUNDINGS[implementation],
  };
}

function lpCase(
  [name, rank, shape, options]: Row<LpPoolOptions>,
  p: number,
  size: Size,
  implementation: Implementation,
): HalfCase {
  const { yShape, windows } = averageWindows([name, rank, shape, options]);
  const longest = longestOf({ yShape, windows });
  const x = valuesOf(shape, size.x / longest ** (1 / p), 1);
  const dy = valuesOf(yShape, size.dy, 2);
  const dy2 = valuesOf(yShape, p === 1 ? size.linear / longest : size.norm, 3);
  const norms = windows.map((window) => normOf(window, x.data, p));
  const y = new Array<number>(windows.length);
  norms.forEach((norm, i) => {
    y[windows[i].at] = norm.y;
  });
  const back = (gradient: readonly number[]) => {
    const dx = new Array<number>(x.data.length).fill(0);
    windows.forEach(({ at, elements }, i) =>
      elements.forEach((e, k) => {
        dx[e] += gradient[at] * norms[i].slopes[k];
      }),
    );
    return dx;
  };
  const g = back(y.map((value, i) => value * dy2.data[i]));
  const call = (dResult: PlainTensor): OpCall => ({
    op: `lpPool${rank}d` as 'lpPool2d',
    args: [{ tensor: x }, { plain: { ...options, p, implementation } }],
    dResult,
  });
  return {
    name: `lpPool${rank}d, p ${p}, ${name}, ${size.label}, ${implementation}`,
    first: call(dy),
    second: { ...call(dy2), second: true },
    y,
    yShape,
    dx: back(dy.data),
    ddx: secondOf(windows, norms, g, x.data, dy2.data, p),
    longest,
    tolerance: OF_POWERS,
  };
}

interface Norm {
  readonly y: number;
  /** dy / dx of each element. */
  readonly slopes: readonly number[];
}

/** Of positive elements. */
function normOf({ elements }: Window, x: readonly number[], p: number): Norm {
  const values = elements.map((e) => x[e]);
  const greatest = Math.max(...values);
  if (p === Infinity) return { y: greatest, slopes: values.map((_, k) => (k === values.indexOf(greatest) ? 1 : 0)) };
  const y = greatest * values.reduce((sum, value) => sum + (value / greatest) ** p, 0) ** (1 / p);
  return { y, slopes: values.map((value) => (value / y) ** (p - 1)) };
}

/** The gradient of sum(g * g) / 2, as test/family/lp_cases.ts has it. */
function secondOf(
  windows: readonly Window[],
  norms: readonly Norm[],
  g: readonly number[],
  x: readonly number[],
  dy: readonly number[],
  p: number,
): number[] {
  const ddx = new Array<number>(x.length).fill(0);
  windows.forEach(({ at, elements }, i) => {
    const { y, slopes } = norms[i];
    const along = elements.reduce((sum, e, k) => sum + g[e] * slopes[k], 0);
    elements.forEach((e, k) => {
      const isLinear = p === 1 || p === Infinity;
      const own = isLinear ? 0 : (p - 1) * (x[e] / y) ** (p - 2) * g[e];
      ddx[e] += dy[at] * (own + (isLinear ? 1 : 2 - p) * slopes[k] * along);
    });
  });
  return ddx;
}
