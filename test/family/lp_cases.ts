/** Lp pooling: powers are rounded differently everywhere, so within a tolerance; what is exact is asked for exactly. */
import type { LpPoolOptions } from '../../src/base';
import { averageOracle, spreadOracle } from '../oracle/average';
import { layoutOf } from '../oracle/pooling';
import { float32, int32, makeDy, makeX } from '../support/data';
import type { PlainTensor } from '../support/run_case';
import type { FamilyCase } from './family';

type Row = [name: string, rank: 1 | 2 | 3, shape: number[], options: LpPoolOptions & { p?: number }, x?: PlainTensor];

const OPS = ['lpPool1d', 'lpPool2d', 'lpPool3d'] as const;

const positive = (shape: number[], seed: number): PlainTensor => {
  const x = makeX('real', shape, seed);
  return { ...x, data: x.data.map((value) => Math.fround(Math.abs(value) + 0.25)) };
};

const ROWS: Row[] = [
  ['p 2', 2, [2, 6, 4, 3], {}],
  ['p 2, overlapping, padded', 2, [1, 6, 6, 2], { poolSize: 3, strides: 2, padding: 1 }],
  ['p 2, ceil mode: the norm of what is there', 2, [1, 5, 5, 2], { ceilMode: true }],
  ['p 4, dilation', 2, [1, 7, 7, 2], { p: 4, dilationRate: 2, strides: 1 }],
  ['p 3, positive', 2, [1, 6, 6, 2], { p: 3, poolSize: 3, strides: 1 }, positive([1, 6, 6, 2], 1)],
  ['p 2.5, positive', 2, [1, 6, 6, 2], { p: 2.5 }, positive([1, 6, 6, 2], 2)],
  ['p 1.5, positive, 1-D', 1, [2, 7, 3], { p: 1.5, poolSize: 3, strides: 2 }, positive([2, 7, 3], 3)],
  ['p 60: no overflow', 2, [1, 4, 4, 2], { p: 60 }],
  [
    'p 2 of what squares would overflow',
    1,
    [1, 4, 1],
    {},
    float32(
      [1, 4, 1],
      [3, 4, 30, 40].map((v) => Math.fround(v * 1e30)),
    ),
  ],
  [
    'p 2 of what squares would lose',
    1,
    [1, 4, 1],
    {},
    float32(
      [1, 4, 1],
      [3, 4, 30, 40].map((v) => Math.fround(v * 1e-25)),
    ),
  ],
  [
    'p 3 of what cubes would overflow',
    1,
    [1, 4, 1],
    { p: 3 },
    float32(
      [1, 4, 1],
      [3, 4, 30, 40].map((v) => Math.fround(v * 1e20)),
    ),
  ],
  [
    'p 3 of what cubes would lose',
    1,
    [1, 4, 1],
    { p: 3 },
    float32(
      [1, 4, 1],
      [3, 4, 30, 40].map((v) => Math.fround(v * 1e-20)),
    ),
  ],
  ['channels first', 2, [2, 3, 6, 4], { dataFormat: 'channelsFirst' }],
  [
    'p 3, five channels, padded',
    2,
    [1, 5, 5, 5],
    { p: 3, poolSize: 3, strides: 2, padding: 1 },
    positive([1, 5, 5, 5], 4),
  ],
  ['p 2, a window of 49', 2, [1, 9, 9, 2], { poolSize: 7, strides: 2 }],
  [
    'p 3, channels first, overlapping',
    2,
    [2, 2, 5, 7],
    { p: 3, poolSize: 3, strides: 2, padding: 1, dataFormat: 'channelsFirst' },
    positive([2, 2, 5, 7], 5),
  ],
  ['unbatched', 2, [6, 4, 3], {}],
  ['batch 0', 2, [0, 6, 4, 3], {}],
  ['3-D', 3, [1, 4, 4, 2, 2], { p: 2 }],
  ['zeros: the gradient is 0', 2, [1, 4, 4, 1], {}, float32([1, 4, 4, 1], new Array<number>(16).fill(0))],
  ['int32', 2, [1, 2, 2, 1], {}, int32([1, 2, 2, 1], [1, -5, 3, 1])],
  ['by im2col', 2, [1, 6, 6, 2], { implementation: 'im2col' }],
  ['p 3, absolute', 2, [1, 6, 6, 2], { p: 3, poolSize: 3, strides: 2, absolute: true }],
  [
    'p 1.5, absolute, zeros',
    1,
    [1, 6, 1],
    { p: 1.5, poolSize: 3, absolute: true },
    float32([1, 6, 1], [0, -1, 1, -2, 0, 3]),
  ],
  ['p 2, absolute: as it is', 2, [1, 4, 4, 1], { absolute: true }],
  ['p 5, absolute, int32', 1, [1, 4, 1], { p: 5, absolute: true }, int32([1, 4, 1], [-3, 2, -1, -1])],
  ['p 3, absolute, by im2col', 2, [1, 4, 4, 2], { p: 3, absolute: true, implementation: 'im2col' }],
  // One element is negative, so its window's sum may be: NaN.
  ['p 3: negative sums are NaN', 1, [1, 6, 1], { p: 3 }, float32([1, 6, 1], [1, 2, -3, 1, 3, -1])],
  ['p 2.5: negative elements are NaN', 1, [1, 6, 1], { p: 2.5 }, float32([1, 6, 1], [1, 2, -3, 1, 0, 4])],
  ['p 2: NaN', 1, [1, 4, 1], {}, float32([1, 4, 1], [1, NaN, 3, 4])],
  ['p 4: NaN', 1, [1, 4, 1], { p: 4 }, float32([1, 4, 1], [1, NaN, 3, 4])],
  // A slope of a slope that is infinite counts as 0, and spoils no neighbour.
  ['p 1.5, zeros', 1, [1, 6, 1], { p: 1.5, poolSize: 3 }, float32([1, 6, 1], [0, 0, 1, 2, 0, 3])],
  ['p 2.5, zeros', 1, [1, 6, 1], { p: 2.5, poolSize: 3 }, float32([1, 6, 1], [0, 4, 1, 2, 0, 3])],
  ['p 0.5, zeros', 1, [1, 6, 1], { p: 0.5, poolSize: 3 }, float32([1, 6, 1], [0, 4, 1, 2, 0, 3])],
  ['p 3: a sum of 0, of what squares would overflow', 1, [1, 4, 1], { p: 3 }, float32([1, 4, 1], [1e25, -1e25, 1, 2])],
  ['p 5: a sum of 0', 1, [1, 6, 1], { p: 5, poolSize: 3 }, float32([1, 6, 1], [-1, 0, 1, 2, 1, 3])],
  ['p 3: one is infinite', 1, [1, 3, 1], { p: 3, poolSize: 3 }, float32([1, 3, 1], [1, Infinity, -1e20])],
];
/** No second derivative: beyond float32, NaN, or of an empty sum, which tfjs has not on GPUs; and what infinity / infinity is. */
const NO_SECOND = /would|p 60|infinite|NaN|batch 0/;
const NO_GRADIENT = /infinite/;

/** p = Infinity is the maximum of magnitudes, exactly; its gradient is the sign of the first that is greatest, 0 at 0. */
const GREATEST: Row[] = [
  ['p Infinity', 2, [2, 6, 4, 3], { p: Infinity }],
  ['p Infinity, zeros', 2, [1, 4, 4, 1], { p: Infinity }, float32([1, 4, 4, 1], new Array<number>(16).fill(0))],
  ['p Infinity, overlapping', 2, [1, 6, 6, 2], { p: Infinity, poolSize: 3, strides: 2, padding: 1 }],
  ['p 2^24 and beyond', 1, [1, 4, 1], { p: 1e8 }, float32([1, 4, 1], [-2, 1, 3, -3])],
  ['p Infinity, ties', 1, [1, 4, 1], { p: Infinity }, float32([1, 4, 1], [-2, 2, 3, -3])],
];

/** p = 1 is the sum, exactly; signs count. */
const SUMS: Row[] = [
  ['p 1 is the sum', 2, [2, 6, 4, 3], { p: 1 }],
  ['p 1, absolute', 2, [1, 6, 4, 3], { p: 1, absolute: true }],
  ['p 1, overlapping', 2, [1, 6, 6, 2], { p: 1, poolSize: 3, strides: 1, padding: 1 }],
];

export const LP_CASES: readonly FamilyCase[] = [
  ...ROWS.map((row, seed) => ({
    ...makeCase(row, seed),
    tolerance: { host: 2 ** -17, gpu: 2 ** -14, half: 2 ** -7 },
    notInHalf: /would|p 60/.test(row[0]),
  })),
  ...SUMS.map(sumCase),
  ...GREATEST.map(greatestCase),
];

function makeCase([name, rank, shape, options, data]: Row, seed: number): FamilyCase {
  const { p = 2, absolute, ...pooling } = options;
  const x = data ?? makeX('real', shape, seed);
  const { yShape } = layoutOf(rank, pooling, shape);
  const dy = makeDy('ties', yShape, seed);
  const signOf = (value: number) => (absolute ? Math.sign(value) : 1);
  const isFloat = x.dtype === 'float32';
  const isEmpty = x.data.length === 0;
  const hasSecond = isFloat && !NO_SECOND.test(name);
  // The first derivative reads x and y; those of higher order are made on the matrix.
  const kernels = [
    'Im2ColLpPool',
    ...(isFloat ? ['Im2ColLpPoolGradient'] : []),
    ...(hasSecond ? ['Im2ColColumns', 'Im2ColAveragePool', 'Im2ColImage'] : []),
  ];
  return {
    name: `${OPS[rank - 1]}, ${name}`,
    call: {
      op: OPS[rank - 1],
      args: [{ tensor: x }, { plain: options }],
      ...(isFloat ? { dResult: dy, second: hasSecond } : {}),
    },
    kernels: isEmpty ? [] : kernels,
    expected: (held) => {
      const windows = layoutOf(rank, pooling, shape).outputs.map(({ at, candidates }) => {
        const elements = candidates.map((c) => ({
          at: c.at,
          value: absolute ? Math.abs(held.data[c.at]) : held.data[c.at],
        }));
        const y = elements.reduce((sum, { value }) => sum + value ** p, 0) ** (1 / p);
        return { at, dy: dy.data[at], elements, y };
      });
      const y = new Array<number>(yShape.reduce((a, b) => a * b, 1)).fill(0);
      for (const window of windows) y[window.at] = Math.fround(window.y);
      if (!isFloat) return { result: float32(yShape, y) };
      const gradient = float32(
        shape,
        gradientOf(windows, p, shape, (window) => window.dy).map((slope, i) => slope * signOf(held.data[i])),
      );
      if (NO_GRADIENT.test(name)) return { result: float32(yShape, y) };
      if (NO_SECOND.test(name)) return { result: float32(yShape, y), gradient };
      // Two signs on the way there and back, but for the last.
      const second = secondOf(windows, p, shape).map((slope, i) => slope * signOf(held.data[i]));
      return { result: float32(yShape, y), gradient, second: float32(shape, second) };
    },
  };
}

interface Window {
  readonly dy: number;
  readonly y: number;
  readonly elements: ReadonlyArray<{ at: number; value: number }>;
}

/** Slopes that are infinite, at 0, count as 0. */
const slope = (value: number, power: number) => (value === 0 && power < 0 ? 0 : value ** power);

const zeros = (shape: readonly number[]) => new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0);

/** dx for a dy of each window: (x / y)^(p - 1), and 0 where y is 0. */
function gradientOf(
  windows: readonly Window[],
  p: number,
  shape: number[],
  dyOf: (window: Window) => number,
): number[] {
  const dx = zeros(shape);
  for (const window of windows)
    for (const { at, value } of window.elements)
      if (window.y !== 0) dx[at] += dyOf(window) * slope(value / window.y, p - 1);
  return dx;
}

/** With g the gradient of sum(y * y * dy) / 2: the gradient of sum(g * g) / 2, which is g times the matrix of second slopes. */
function secondOf(windows: readonly Window[], p: number, shape: number[]): number[] {
  const g = gradientOf(windows, p, shape, ({ dy, y }) => dy * y);
  const ddx = zeros(shape);
  for (const { dy, y, elements } of windows) {
    if (y === 0) continue;
    const along = elements.reduce((sum, { at, value }) => sum + g[at] * slope(value / y, p - 1), 0);
    for (const { at, value } of elements) {
      const own = (p - 1) * slope(value / y, p - 2) * g[at];
      ddx[at] += dy * (own + (2 - p) * slope(value / y, p - 1) * along);
    }
  }
  return ddx;
}

function greatestCase([name, rank, shape, options, data]: Row, seed: number): FamilyCase {
  const { p: _, ...pooling } = options;
  const x = data ?? makeX('real', shape, seed);
  const { yShape, outputs } = layoutOf(rank, pooling, shape);
  const dy = makeDy('ties', yShape, seed);
  // Sums of sums are rounded twice in 16 bit.
  const hasSecond = !/overlapping/.test(name);
  return {
    name: `${OPS[rank - 1]}, ${name}`,
    call: { op: OPS[rank - 1], args: [{ tensor: x }, { plain: options }], dResult: dy, second: hasSecond },
    kernels: [
      ...(hasSecond ? ['Im2ColGatherArgmax'] : []),
      'Im2ColMaxPool',
      'Im2ColMaxPoolArgmax',
      'Im2ColScatterArgmax',
    ],
    expected: (held) => {
      const y = new Array<number>(dy.data.length);
      const [dx, g, ddx] = [zeros(shape), zeros(shape), zeros(shape)];
      for (const { at, candidates } of outputs) {
        const magnitudes = candidates.map((c) => Math.abs(held.data[c.at]));
        y[at] = Math.max(...magnitudes);
        const winner = candidates[magnitudes.indexOf(y[at])].at;
        dx[winner] = Math.fround(dx[winner] + dy.data[at] * Math.sign(held.data[winner]));
        g[winner] = Math.fround(g[winner] + Math.fround(dy.data[at] * held.data[winner]));
      }
      // y is linear but where the winner changes, so the second slope of y * y / 2 is 1 at the winner.
      for (const { at, candidates } of outputs) {
        const winner = candidates.find((c) => Math.abs(held.data[c.at]) === y[at])!.at;
        if (held.data[winner] !== 0) ddx[winner] = Math.fround(ddx[winner] + Math.fround(dy.data[at] * g[winner]));
      }
      const derivatives = { gradient: float32(shape, dx), ...(hasSecond ? { second: float32(shape, ddx) } : {}) };
      return { result: float32(yShape, y), ...derivatives };
    },
  };
}

function sumCase([name, rank, shape, options]: Row, seed: number): FamilyCase {
  const { p: _, absolute, ...pooling } = options;
  const x = makeX('ties', shape, seed);
  const dy = makeDy('ties', layoutOf(rank, pooling, shape).yShape, seed);
  return {
    name: `${OPS[rank - 1]}, ${name}`,
    call: { op: OPS[rank - 1], args: [{ tensor: x }, { plain: options }], dResult: dy },
    kernels: ['Im2ColAveragePool', 'Im2ColAverageSpread'],
    expected: (held) => ({
      result: averageOracle(rank, pooling, absolute ? { ...held, data: held.data.map(Math.abs) } : held, 'one'),
      gradient: withSigns(spreadOracle(rank, pooling, dy, shape, 'one'), absolute ? held : undefined),
    }),
  };
}

/** The gradient of magnitudes. */
function withSigns(gradient: PlainTensor, x: PlainTensor | undefined): PlainTensor {
  return x ? { ...gradient, data: gradient.data.map((value, i) => value * Math.sign(x.data[i])) } : gradient;
}
