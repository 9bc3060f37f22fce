/** Lp pooling: powers are rounded differently everywhere, so within a tolerance; what is exact is asked for exactly. */
import type { LpPoolOptions } from '../../src/base';
import { averageOracle, spreadOracle } from '../oracle/average';
import { layoutOf } from '../oracle/pooling';
import { float32, int32, makeDy, makeX } from '../support/data';
import type { PlainTensor } from '../support/run_case';
import type { FamilyCase } from './family';

type Row = [name: string, rank: 1 | 2 | 3, shape: number[], options: LpPoolOptions, x?: PlainTensor];

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
  ['channels first', 2, [2, 3, 6, 4], { dataFormat: 'channelsFirst' }],
  ['unbatched', 2, [6, 4, 3], {}],
  ['batch 0', 2, [0, 6, 4, 3], {}],
  ['3-D', 3, [1, 4, 4, 2, 2], { p: 2 }],
  ['zeros: the gradient is 0', 2, [1, 4, 4, 1], {}, float32([1, 4, 4, 1], new Array<number>(16).fill(0))],
  ['int32', 2, [1, 2, 2, 1], {}, int32([1, 2, 2, 1], [1, -5, 3, 1])],
  ['by im2col', 2, [1, 6, 6, 2], { implementation: 'im2col' }],
  // One element is negative, so its window's sum may be: NaN.
  ['p 3: negative sums are NaN', 1, [1, 6, 1], { p: 3 }, float32([1, 6, 1], [1, 2, -3, 1, 3, -1])],
  ['p 2.5: negative elements are NaN', 1, [1, 6, 1], { p: 2.5 }, float32([1, 6, 1], [1, 2, -3, 1, 0, 4])],
  ['p 2: NaN', 1, [1, 4, 1], {}, float32([1, 4, 1], [1, NaN, 3, 4])],
  ['p 4: NaN', 1, [1, 4, 1], { p: 4 }, float32([1, 4, 1], [1, NaN, 3, 4])],
];

/** p = Infinity is the maximum of magnitudes, exactly; its gradient is the sign of the first that is greatest, 0 at 0. */
const GREATEST: Row[] = [
  ['p Infinity', 2, [2, 6, 4, 3], { p: Infinity }],
  ['p Infinity, zeros', 2, [1, 4, 4, 1], { p: Infinity }, float32([1, 4, 4, 1], new Array<number>(16).fill(0))],
  ['p Infinity, overlapping', 2, [1, 6, 6, 2], { p: Infinity, poolSize: 3, strides: 2, padding: 1 }],
  ['p Infinity, ties', 1, [1, 4, 1], { p: Infinity }, float32([1, 4, 1], [-2, 2, 3, -3])],
];

/** p = 1 is the sum, exactly; signs count. */
const SUMS: Row[] = [
  ['p 1 is the sum', 2, [2, 6, 4, 3], { p: 1 }],
  ['p 1, overlapping', 2, [1, 6, 6, 2], { p: 1, poolSize: 3, strides: 1, padding: 1 }],
];

export const LP_CASES: readonly FamilyCase[] = [
  ...ROWS.map((row, seed) => ({
    ...makeCase(row, seed),
    tolerance: { host: 2 ** -17, gpu: 2 ** -14, half: 2 ** -7 },
    notInHalf: /squares|p 60/.test(row[0]),
  })),
  ...SUMS.map(sumCase),
  ...GREATEST.map(greatestCase),
];

function makeCase([name, rank, shape, options, data]: Row, seed: number): FamilyCase {
  const { p = 2, ...pooling } = options;
  const x = data ?? makeX('real', shape, seed);
  const { yShape } = layoutOf(rank, pooling, shape);
  const dy = makeDy('ties', yShape, seed);
  const isFloat = x.dtype === 'float32';
  const isEmpty = x.data.length === 0;
  const kernels = ['Im2ColColumns', 'Im2ColMaxPool', 'Im2ColAveragePool', ...(isFloat ? ['Im2ColImage'] : [])];
  return {
    name: `${OPS[rank - 1]}, ${name}`,
    call: { op: OPS[rank - 1], args: [{ tensor: x }, { plain: options }], ...(isFloat ? { dResult: dy } : {}) },
    kernels: isEmpty ? [] : kernels,
    expected: (held) => {
      const y = new Array<number>(yShape.reduce((a, b) => a * b, 1)).fill(0);
      const dx = x.data.map(() => 0);
      for (const { at, candidates } of layoutOf(rank, pooling, shape).outputs) {
        y[at] = candidates.reduce((sum, c) => sum + held.data[c.at] ** p, 0) ** (1 / p);
        for (const c of candidates) if (y[at] !== 0) dx[c.at] += dy.data[at] * (held.data[c.at] / y[at]) ** (p - 1);
      }
      const result = float32(yShape, y.map(Math.fround));
      return isFloat ? { result, gradient: float32(shape, dx) } : { result };
    },
  };
}

function greatestCase([name, rank, shape, options, data]: Row, seed: number): FamilyCase {
  const { p: _, ...pooling } = options;
  const x = data ?? makeX('real', shape, seed);
  const { yShape, outputs } = layoutOf(rank, pooling, shape);
  const dy = makeDy('ties', yShape, seed);
  return {
    name: `${OPS[rank - 1]}, ${name}`,
    call: { op: OPS[rank - 1], args: [{ tensor: x }, { plain: options }], dResult: dy },
    kernels: ['Im2ColMaxPool', 'Im2ColMaxPoolArgmax', 'Im2ColScatterArgmax'],
    expected: (held) => {
      const y = new Array<number>(dy.data.length);
      const dx = x.data.map(() => 0);
      for (const { at, candidates } of outputs) {
        const magnitudes = candidates.map((c) => Math.abs(held.data[c.at]));
        y[at] = Math.max(...magnitudes);
        const winner = candidates[magnitudes.indexOf(y[at])].at;
        dx[winner] = Math.fround(dx[winner] + dy.data[at] * Math.sign(held.data[winner]));
      }
      return { result: float32(yShape, y), gradient: float32(shape, dx) };
    },
  };
}

function sumCase([name, rank, shape, options]: Row, seed: number): FamilyCase {
  const { p: _, ...pooling } = options;
  const x = makeX('ties', shape, seed);
  const dy = makeDy('ties', layoutOf(rank, pooling, shape).yShape, seed);
  return {
    name: `${OPS[rank - 1]}, ${name}`,
    call: { op: OPS[rank - 1], args: [{ tensor: x }, { plain: options }], dResult: dy },
    kernels: ['Im2ColAveragePool', 'Im2ColAverageSpread'],
    expected: (held) => ({
      result: averageOracle(rank, pooling, held, 'one'),
      gradient: spreadOracle(rank, pooling, dy, shape, 'one'),
    }),
  };
}
