/** Adaptive pooling: maxima and their routing bit for bit; averages but for the order that overlaps add up in. */
import type { AdaptiveMaxPoolOptions } from '../../src/base';
import { adaptiveAverageOracle, adaptiveMaxOracle, adaptiveShape } from '../oracle/adaptive';
import { type DataKind, float32, int32, makeDy, makeX } from '../support/data';
import type { PlainTensor } from '../support/run_case';
import type { FamilyCase } from './family';

type Row = [
  name: string,
  rank: 1 | 2 | 3,
  shape: number[],
  options: AdaptiveMaxPoolOptions,
  x?: DataKind | PlainTensor,
];

const MAX = ['adaptiveMaxPool1d', 'adaptiveMaxPool2d', 'adaptiveMaxPool3d'] as const;
const WITH_ARGMAX = [
  'adaptiveMaxPoolWithArgmax1d',
  'adaptiveMaxPoolWithArgmax2d',
  'adaptiveMaxPoolWithArgmax3d',
] as const;
const AVERAGE = ['adaptiveAveragePool1d', 'adaptiveAveragePool2d', 'adaptiveAveragePool3d'] as const;
const ROUTING = ['Im2ColGatherArgmax', 'Im2ColScatterArgmax'];

const ROWS: Row[] = [
  ['evenly: ordinary pooling', 2, [2, 6, 8, 3], { outputSize: [3, 2] }],
  ['7x5 to 3x2', 2, [2, 7, 5, 3], { outputSize: [3, 2] }],
  ['one axis even', 2, [1, 8, 5, 4], { outputSize: [4, 3] }],
  ['10x10 to 7', 2, [1, 10, 10, 2], { outputSize: 7 }],
  ['to 1', 2, [2, 5, 4, 3], { outputSize: 1 }],
  ['one axis keeps its size', 2, [2, 5, 7, 3], { outputSize: [null, 3] }],
  ['both axes keep theirs, channels first', 2, [1, 2, 3, 4], { outputSize: [null, null], dataFormat: 'channelsFirst' }],
  ['to its own size', 2, [1, 3, 4, 2], { outputSize: [3, 4] }],
  ['to more than there is', 2, [1, 3, 2, 2], { outputSize: [5, 7] }],
  ['channels first', 2, [2, 3, 7, 5], { outputSize: [3, 2], dataFormat: 'channelsFirst' }],
  ['channels first, unbatched, to 1', 2, [3, 7, 5], { outputSize: 1, dataFormat: 'channelsFirst' }],
  ['unbatched', 2, [7, 5, 3], { outputSize: 3 }],
  ['batch 0', 2, [0, 7, 5, 3], { outputSize: [3, 2] }],
  ['large windows', 2, [1, 20, 23, 2], { outputSize: 2 }],
  ['1-D', 1, [2, 11, 3], { outputSize: 4 }],
  ['1-D, channels first', 1, [2, 3, 11], { outputSize: 4, dataFormat: 'channelsFirst' }],
  ['3-D', 3, [1, 5, 4, 7, 2], { outputSize: [2, 3, 3] }],
  ['3-D, large windows', 3, [1, 9, 10, 9, 1], { outputSize: 2 }],
  ['to more in one axis, less in the other', 2, [1, 3, 11, 5], { outputSize: [7, 4] }],
  ['1-D, an element in many windows', 1, [1, 3, 4], { outputSize: 19 }],
  ['more along an axis than products of int32 hold', 1, [1, 70_001, 1], { outputSize: 50_021 }],
  ['by im2col', 2, [1, 7, 5, 2], { outputSize: [3, 2], implementation: 'im2col' }],
];

const MAX_ROWS: Row[] = [
  ...(['propagate', 'ignore'] as const).flatMap((nan): Row[] => [
    [`NaN, ${nan}`, 2, [2, 7, 5, 3], { outputSize: [3, 2], nan }, 'nans'],
    [`NaN and infinities, ${nan}`, 2, [2, 7, 5, 3], { outputSize: [4, 3], nan }, 'special'],
    [`large windows, NaN, ${nan}`, 2, [1, 19, 17, 2], { outputSize: [2, 1], nan }, 'special'],
  ]),
  [
    'NaN and infinities, ignore, channels first, by im2col',
    2,
    [2, 3, 7, 5],
    { outputSize: [4, 3], nan: 'ignore', dataFormat: 'channelsFirst', implementation: 'im2col' },
    'special',
  ],
  ['all -Infinity', 2, [1, 5, 3, 1], { outputSize: 2 }, float32([1, 5, 3, 1], new Array<number>(15).fill(-Infinity))],
  ['windows of one row, as long as 16 bit can number', 2, [1, 1, 5999, 1], { outputSize: [1, 3] }],
  ['zeros', 2, [1, 7, 5, 2], { outputSize: 3 }, 'zeros'],
  [
    'int32',
    2,
    [1, 5, 5, 1],
    { outputSize: 2 },
    int32(
      [1, 5, 5, 1],
      Array.from({ length: 25 }, (_, i) => ((i * 7919) % 23) - 30),
    ),
  ],
];

export const ADAPTIVE_CASES: readonly FamilyCase[] = [
  ...[...ROWS, ...MAX_ROWS].flatMap((row, seed) => [maxCase(row, seed), valuesCase(row, seed), argmaxCase(row, seed)]),
  ...ROWS.map((row, seed) => averageCase(row, seed)),
];

function dataOf([, rank, shape, options, data = 'ties']: Row, seed: number, kind: DataKind = 'ties') {
  const x = typeof data === 'string' ? makeX(data === 'ties' ? kind : data, shape, seed) : data;
  const dy = makeDy(kind === 'real' ? 'real' : 'ties', adaptiveShape(rank, options, shape), seed);
  return { x, dy, isFloat: x.dtype === 'float32', isEmpty: x.data.length === 0 };
}

/** Whether windows are so long that core operations take minutes. */
function isLong([, , shape]: Row): boolean {
  return Math.max(...shape) > 1000;
}

function maxCase(row: Row, seed: number): FamilyCase {
  const [name, rank, , options] = row;
  const { x, dy, isFloat, isEmpty } = dataOf(row, seed);
  return {
    name: `${MAX[rank - 1]}, ${name}`,
    call: {
      op: MAX[rank - 1],
      args: [{ tensor: x }, { plain: options }],
      ...(isFloat ? { dResult: dy, second: !isEmpty } : {}),
    },
    large: isLong(row),
    kernels: isFloat ? ['Im2ColMaxPool', 'Im2ColMaxPoolArgmax', ...ROUTING] : ['Im2ColMaxPool'],
    expected: (held) => {
      const { y, dx, ddx } = adaptiveMaxOracle(rank, options, held, dy.data);
      return isFloat ? { result: y, gradient: dx, second: isEmpty ? undefined : ddx } : { result: y };
    },
  };
}

function valuesCase(row: Row, seed: number): FamilyCase {
  const c = maxCase(row, seed);
  const [name, rank, , options] = row;
  const op = WITH_ARGMAX[rank - 1];
  // For one output the routing of adaptiveMaxPool is that of global pooling; here it is max pooling's own.
  return {
    ...c,
    name: `${op}, values, ${name}`,
    call: { ...c.call, op, args: [c.call.args[0], { plain: options }], part: 'values' },
    kernels: ['Im2ColMaxPoolArgmax', ...(c.call.dResult ? ROUTING : [])],
  };
}

function argmaxCase(row: Row, seed: number): FamilyCase {
  const [name, rank, , options] = row;
  const { x, dy } = dataOf(row, seed);
  return {
    name: `${WITH_ARGMAX[rank - 1]}, argmax, ${name}`,
    call: { op: WITH_ARGMAX[rank - 1], args: [{ tensor: x }, { plain: options }], part: 'argmax' },
    large: isLong(row),
    kernels: ['Im2ColMaxPoolArgmax'],
    expected: (held) => ({ result: adaptiveMaxOracle(rank, options, held, dy.data).argmax }),
  };
}

function averageCase(row: Row, seed: number): FamilyCase {
  const [name, rank, , options] = row;
  const { x, dy, isEmpty } = dataOf(row, seed, 'real');
  return {
    name: `${AVERAGE[rank - 1]}, ${name}`,
    large: isLong(row),
    call: { op: AVERAGE[rank - 1], args: [{ tensor: x }, { plain: options }], dResult: dy, second: !isEmpty },
    kernels: ['Im2ColAveragePool', 'Im2ColAverageSpread'],
    tolerance: { host: 2 ** -21, gpu: 2 ** -20, half: 2 ** -7 },
    expected: (held) => {
      const { y, dx, ddx } = adaptiveAverageOracle(rank, options, held, dy.data);
      return { result: y, gradient: dx, second: isEmpty ? undefined : ddx };
    },
  };
}
