/** Global average pooling: small images bit for bit, as average pooling; large ones within the rounding of long sums. */
import type { GlobalPoolOptions } from '../../src/base';
import { averageGradientsOracle, averageOracle } from '../oracle/average';
import { type DataKind, int32, makeDy, makeX } from '../support/data';
import type { PlainTensor } from '../support/run_case';
import type { FamilyCase } from './family';

type Row = [name: string, rank: 1 | 2 | 3, shape: number[], options: GlobalPoolOptions, x?: DataKind | PlainTensor];

const OPS = ['globalAveragePool1d', 'globalAveragePool2d', 'globalAveragePool3d'] as const;

const ROWS: Row[] = [
  ['5x4', 2, [2, 5, 4, 3], {}],
  ['keepDims', 2, [2, 5, 4, 3], { keepDims: true }],
  ['unbatched', 2, [5, 4, 3], {}],
  ['channels first', 2, [2, 3, 5, 4], { dataFormat: 'channelsFirst' }],
  ['channels first, unbatched, keepDims', 2, [3, 5, 4], { dataFormat: 'channelsFirst', keepDims: true }],
  ['one pixel', 2, [2, 1, 1, 3], {}],
  ['batch 0', 2, [0, 5, 4, 3], {}],
  ['1-D', 1, [2, 7, 3], {}],
  ['3-D', 3, [2, 3, 2, 4, 5], {}],
  ['NaN and infinities', 2, [4, 3, 2, 4], {}, 'special'],
  ['int32', 2, [1, 2, 3, 2], {}, int32([1, 2, 3, 2], [-7, 3, -7, 3, -9, 1, -8, 2, 5, 5, 100, 1])],
  ['by im2col', 2, [2, 5, 4, 3], { implementation: 'im2col' }],
];
const LARGE: Row[] = [
  ['several runs', 2, [2, 9, 8, 3], {}],
  ['64x64', 2, [2, 64, 64, 2], {}],
  ['1-D, 5000 long, channels first', 1, [1, 1, 5000], { dataFormat: 'channelsFirst' }],
  ['by im2col, several runs', 2, [1, 9, 9, 2], { implementation: 'im2col' }],
];

export const GLOBAL_AVERAGE_CASES: readonly FamilyCase[] = [
  ...ROWS.map((row, seed) => ({ ...makeCase(row, seed), tolerance: { gpu: 2 ** -20, half: 2 ** -8 } })),
  ...LARGE.map((row, seed) => ({
    ...makeCase(row, seed + 50),
    tolerance: { host: 2 ** -12, gpu: 2 ** -12, half: 2 ** -5 },
    large: row[0] !== 'several runs',
  })),
];

function makeCase([name, rank, shape, options, data = 'real']: Row, seed: number): FamilyCase {
  const x = typeof data === 'string' ? makeX(data, shape, seed) : data;
  const isFloat = x.dtype === 'float32';
  const { dataFormat, keepDims } = options;
  const inner = shape.slice(shape.length - rank - 1);
  const isFirst = dataFormat === 'channelsFirst';
  const pooling = { dataFormat, poolSize: isFirst ? inner.slice(1) : inner.slice(0, rank) };
  const batch = shape.slice(0, shape.length - rank - 1);
  const channels = inner[isFirst ? 0 : rank];
  const ones = new Array<number>(rank).fill(1);
  const pooledShape = isFirst ? [...batch, channels, ...ones] : [...batch, ...ones, channels];
  const yShape = keepDims ? pooledShape : [...batch, channels];
  const dy = makeDy('real', yShape, seed);
  const isEmpty = x.data.length === 0;
  // Of a large image it is too small for half precision: as 1 over the square of its size.
  const hasSecond = isFloat && !isEmpty && data !== 'special' && x.data.length < 1000;
  return {
    name: `${OPS[rank - 1]}, ${name}`,
    call: {
      op: OPS[rank - 1],
      args: [{ tensor: x }, { plain: options }],
      ...(isFloat ? { dResult: dy, second: hasSecond } : {}),
    },
    kernels: isFloat ? ['Im2ColAveragePool', 'Im2ColAverageSpread'] : ['Im2ColAveragePool'],
    notInHalf: data === 'special',
    expected: (held) => {
      const result = { ...averageOracle(rank, pooling, held, 'real'), shape: yShape };
      if (!isFloat) return { result };
      const { dx, ddx } = averageGradientsOracle(rank, pooling, held, { ...dy, shape: pooledShape }, 'real');
      return { result, gradient: dx, second: hasSecond ? ddx : undefined };
    },
  };
}
