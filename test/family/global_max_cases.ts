/** Global max pooling is max pooling with a window as large as the image; so says the oracle. */
import type { GlobalMaxPoolOptions, OrNull } from '../../src/base';
import { gradientsOracle, poolOracle } from '../oracle/pooling';
import { type DataKind, float32, int32, makeDy, makeX } from '../support/data';
import type { PlainTensor } from '../support/run_case';
import type { Expected, FamilyCase } from './family';

type Row = [name: string, rank: 1 | 2 | 3, shape: number[], options: GlobalMaxPoolOptions, x: DataKind | PlainTensor];

const OPS = ['globalMaxPool1d', 'globalMaxPool2d', 'globalMaxPool3d'] as const;
const KERNELS = ['Im2ColMaxPool', 'Im2ColMaxPoolArgmax'];
const BACKWARD = ['Im2ColScatterArgmax', 'Im2ColGatherArgmax'];

const ROWS: Row[] = [
  ['ties', 2, [2, 5, 4, 3], {}, 'ties'],
  ['zeros: one element gets the gradient', 2, [1, 4, 4, 1], {}, 'zeros'],
  ['negatives', 2, [2, 3, 5, 4], {}, 'negative'],
  ['keepDims', 2, [2, 5, 4, 3], { keepDims: true }, 'ties'],
  ['unbatched', 2, [5, 4, 3], {}, 'ties'],
  ['unbatched, keepDims', 2, [5, 4, 3], { keepDims: true }, 'ties'],
  ['channels first', 2, [2, 3, 5, 4], { dataFormat: 'channelsFirst' }, 'ties'],
  ['channels first, unbatched, keepDims', 2, [3, 5, 4], { dataFormat: 'channelsFirst', keepDims: true }, 'relu'],
  ['one pixel', 2, [2, 1, 1, 3], {}, 'distinct'],
  ['batch 0', 2, [0, 5, 4, 3], {}, 'ties'],
  ['1-D', 1, [2, 7, 3], {}, 'ties'],
  ['1-D, channels first', 1, [2, 3, 7], { dataFormat: 'channelsFirst' }, 'distinct'],
  ['1-D, unbatched', 1, [7, 3], {}, 'relu'],
  ['3-D', 3, [2, 3, 2, 4, 5], {}, 'ties'],
  ['3-D, channels first, keepDims', 3, [1, 2, 3, 2, 4], { dataFormat: 'channelsFirst', keepDims: true }, 'ties'],
  ...(['propagate', 'ignore'] as const).flatMap((nan): Row[] => [
    [`NaN, ${nan}`, 2, [3, 3, 2, 4], { nan }, 'nans'],
    [`NaN and infinities, ${nan}`, 2, [4, 3, 2, 4], { nan }, 'special'],
    [`all NaN, ${nan}`, 2, [1, 3, 2, 1], { nan }, float32([1, 3, 2, 1], new Array<number>(6).fill(NaN))],
    [`NaN in several stages, ${nan}`, 2, [1, 10, 9, 2], { nan }, 'special'],
  ]),
  ['all -Infinity', 2, [1, 3, 4, 1], {}, float32([1, 3, 4, 1], new Array<number>(12).fill(-Infinity))],
  ['-Infinity', 2, [2, 10, 10, 2], {}, 'minusInfinity'],
  ['int32', 2, [1, 2, 2, 2], {}, int32([1, 2, 2, 2], [-7, 3, -7, 3, -9, 1, -8, 2])],
  ['several stages, ties', 2, [2, 9, 8, 3], {}, 'ties'],
  ['several stages, zeros', 2, [1, 10, 11, 2], {}, 'zeros'],
  ['several stages, 1-D', 1, [2, 150, 2], {}, 'relu'],
  ['by im2col', 2, [2, 5, 4, 3], { implementation: 'im2col' }, 'special'],
  ['by im2col, several stages', 2, [1, 9, 9, 2], { implementation: 'im2col' }, 'ties'],
];

/** More elements than a half-precision number can count. */
const LARGE: Row[] = [
  ['64x64', 2, [2, 64, 64, 2], {}, 'ties'],
  ['64x64, zeros', 2, [1, 64, 64, 2], {}, 'zeros'],
  [
    '64x64, the maximum comes late',
    2,
    [1, 64, 64, 1],
    {},
    float32(
      [1, 64, 64, 1],
      Array.from({ length: 4096 }, (_, i) => (i === 4001 || i === 4003 ? 1 : 0)),
    ),
  ],
  ['1-D, 5000 long', 1, [1, 1, 5000], { dataFormat: 'channelsFirst' }, 'zeros'],
  ['3-D, 16x16x17', 3, [1, 16, 16, 17, 2], {}, 'special'],
];

export const GLOBAL_MAX_CASES: readonly FamilyCase[] = [
  ...ROWS.map((row, seed) => makeCase(row, seed)),
  ...LARGE.map((row, seed) => ({ ...makeCase(row, seed + 300), large: true })),
];

function makeCase([name, rank, shape, options, data]: Row, seed: number): FamilyCase {
  const kind = typeof data === 'string' ? data : 'ties';
  const x = typeof data === 'string' ? makeX(data, shape, seed) : data;
  const dy = makeDy(kind, outputShape(rank, shape, options), seed);
  const isFloat = x.dtype === 'float32';
  const isEmpty = x.data.length === 0;
  return {
    name: `${OPS[rank - 1]}, ${name}`,
    call: {
      op: OPS[rank - 1],
      args: [{ tensor: x }, { plain: options }],
      ...(isFloat ? { dResult: dy, second: !isEmpty } : {}),
    },
    kernels: isFloat ? [...KERNELS, ...BACKWARD] : ['Im2ColMaxPool'],
    expected: (held) => expected(rank, options, held, dy),
  };
}

/** The gradient and the second derivative, as those of max pooling. */
function expected(
  rank: number,
  { dataFormat, nan, keepDims }: GlobalMaxPoolOptions,
  x: PlainTensor,
  dy: PlainTensor,
): Expected {
  const options = { dataFormat, nan, poolSize: spatialOf(rank, x.shape, dataFormat) };
  const { y } = poolOracle(rank, options, x);
  const result = { ...y, shape: outputShape(rank, x.shape, { dataFormat, keepDims }) };
  if (x.dtype === 'int32') return { result };
  const { dx, ddx } = gradientsOracle(rank, options, x, { ...dy, shape: y.shape });
  return { result, gradient: dx, second: x.data.length > 0 ? ddx : undefined };
}

function spatialOf(rank: number, shape: number[], dataFormat?: string): number[] {
  const inner = shape.slice(shape.length - rank - 1);
  return dataFormat === 'channelsFirst' ? inner.slice(1) : inner.slice(0, rank);
}

function outputShape(rank: number, shape: number[], { dataFormat, keepDims }: OrNull<GlobalMaxPoolOptions>): number[] {
  const batch = shape.slice(0, shape.length - rank - 1);
  const inner = shape.slice(shape.length - rank - 1);
  const ones = keepDims ? new Array<number>(rank).fill(1) : [];
  return dataFormat === 'channelsFirst' ? [...batch, inner[0], ...ones] : [...batch, ...ones, inner[rank]];
}
