/** The operations besides pooling, each with its gradient: a smaller table, run on every device as cases.ts is. */
import type { DataFormat, PoolOptions } from '../../src/spec';
import {
  type OracleOptions,
  col2imOracle,
  gatherOracle,
  im2colOracle,
  indicesOracle,
  layoutOf,
  poolOracle,
  readWrittenOracle,
  scatterOracle,
} from '../oracle/pooling';
import { int32, makeX, randomFrom } from '../support/data';
import type { PlainTensor } from '../support/run_case';
import type { OpCall } from '../support/run_op';

export interface OpCase {
  name: string;
  call: OpCall;
  expected: PlainTensor;
  /** Of the first argument, for `call.dResult`. */
  gradient?: PlainTensor;
}

interface Setting {
  name: string;
  rank: 1 | 2 | 3;
  shape: number[];
  /** The operations tell the number of spatial axes by an option given per axis. */
  options: PoolOptions;
}

const SETTINGS: Setting[] = [
  { name: '2x2/2', rank: 2, shape: [2, 4, 4, 3], options: { poolSize: [2, 2] } },
  {
    name: '3x3/2 padding 1, 4 channels',
    rank: 2,
    shape: [1, 5, 5, 4],
    options: { poolSize: 3, strides: 2, padding: [1, 1] },
  },
  { name: '1-D, overlapping, unbatched', rank: 1, shape: [7, 2], options: { poolSize: [3], strides: 1 } },
  {
    name: '3-D, asymmetric padding, ceil mode',
    rank: 3,
    shape: [1, 3, 4, 4, 2],
    options: {
      padding: [
        [1, 0],
        [0, 1],
        [1, 0],
      ],
      ceilMode: true,
    },
  },
  {
    name: 'dilation, stride, channels first',
    rank: 2,
    shape: [2, 3, 7, 6],
    options: { poolSize: [2, 3], dilationRate: 2, strides: [2, 1], padding: [1, 0], dataFormat: 'channelsFirst' },
  },
  {
    name: '1-D, channels first, 40 channels, overlapping',
    rank: 1,
    shape: [2, 40, 9],
    options: { poolSize: [3], strides: 2, padding: 1, dataFormat: 'channelsFirst' },
  },
  {
    name: '2x2/2, channels first, unbatched',
    rank: 2,
    shape: [5, 4, 6],
    options: { poolSize: [2, 2], dataFormat: 'channelsFirst' },
  },
  {
    name: '3-D, channels first, by im2col',
    rank: 3,
    shape: [2, 3, 3, 4, 5],
    options: { poolSize: [2, 2, 3], strides: 1, dataFormat: 'channelsFirst', implementation: 'im2col' },
  },
  { name: 'batch 0', rank: 2, shape: [0, 4, 4, 3], options: { poolSize: [2, 2] } },
  {
    name: 'batch 0, channels first',
    rank: 2,
    shape: [0, 3, 4, 4],
    options: { poolSize: [2, 2], dataFormat: 'channelsFirst' },
  },
  {
    name: 'dilated windows longer than x, 1 channel',
    rank: 2,
    shape: [1, 3, 5, 1],
    options: { poolSize: [1, 3], dilationRate: 3, strides: [1, 2], padding: 'same' },
  },
  {
    name: 'dilated windows longer than x, 4 channels',
    rank: 1,
    shape: [2, 5, 4],
    options: { poolSize: [3], dilationRate: 3, strides: 2, padding: 'same' },
  },
  {
    name: 'by im2col',
    rank: 2,
    shape: [1, 5, 4, 2],
    options: { poolSize: [3, 2], strides: 1, implementation: 'im2col' },
  },
];

export const OP_CASES: readonly OpCase[] = [
  ...SETTINGS.flatMap(casesOf),
  ...int32Cases('channelsLast'),
  ...int32Cases('channelsFirst'),
  ...castCases(),
  ...largeIndices('[1,64,64,8], beyond 16-bit textures', [1, 64, 64, 8], { poolSize: [2, 2] }),
  ...largeIndices('beyond 2^24', [1, 2 ** 13, 2 ** 13, 1], { poolSize: [2, 2], strides: 2 ** 12 }),
];

function casesOf(setting: Setting, seed: number): OpCase[] {
  const { name, rank, shape, options } = setting;
  const { yShape, columnsShape } = layoutOf(rank, options, shape);
  const x = makeX('ties', shape, seed);
  const y = makeX('ties', yShape, seed + 50);
  const columns = makeX('ties', columnsShape, seed + 100);
  const argmax = anyArgmax(setting, seed);
  const padded: OracleOptions = { ...options, padValue: -3 };
  const pooled = poolOracle(rank, options, x);
  const unpooled = scatterOracle(rank, options, y, pooled.argmax, shape);
  const plain = (value: unknown) => ({ plain: value });
  return [
    {
      name: `im2col, ${name}`,
      call: { op: 'im2col', args: [{ tensor: x }, plain(padded)], dResult: columns },
      expected: im2colOracle(rank, padded, x),
      gradient: col2imOracle(rank, options, columns, shape),
    },
    {
      name: `col2im, ${name}`,
      call: { op: 'col2im', args: [{ tensor: columns }, plain(shape), plain(options)], dResult: x },
      expected: col2imOracle(rank, options, columns, shape),
      gradient: im2colOracle(rank, options, x),
    },
    {
      name: `scatterArgmax, any argmax, ${name}`,
      call: {
        op: 'scatterArgmax',
        args: [{ tensor: y }, { tensor: argmax }, plain(shape), plain(options)],
        dResult: x,
      },
      expected: scatterOracle(rank, options, y, argmax, shape),
      gradient: gatherOracle(rank, options, x, argmax),
    },
    {
      name: `gatherArgmax, any argmax, ${name}`,
      call: { op: 'gatherArgmax', args: [{ tensor: x }, { tensor: argmax }, plain(options)], dResult: y },
      expected: gatherOracle(rank, options, x, argmax),
      gradient: scatterOracle(rank, options, y, argmax, shape),
    },
    {
      name: `maxUnpool${rank}d, ${name}`,
      call: {
        op: (['maxUnpool1d', 'maxUnpool2d', 'maxUnpool3d'] as const)[rank - 1],
        args: [{ tensor: y }, { tensor: pooled.argmax }, plain(shape), plain(options)],
        dResult: x,
      },
      expected: unpooled,
      gradient: pooled.y,
    },
    {
      name: `maxUnpool${rank}d, the last one writes, any argmax, ${name}`,
      call: {
        op: (['maxUnpool1d', 'maxUnpool2d', 'maxUnpool3d'] as const)[rank - 1],
        args: [{ tensor: y }, { tensor: argmax }, plain(shape), plain({ ...options, overlaps: 'write' })],
        dResult: x,
      },
      expected: scatterOracle(rank, options, y, argmax, shape, 'write'),
      gradient: readWrittenOracle(rank, options, x, argmax),
    },
    ...(['tensorflow', 'pytorch', 'onnx'] as const).flatMap((format) => {
      const indices = indicesOracle(rank, options, pooled.argmax, shape, format);
      const more = [plain(shape), plain(options), plain(format)];
      return [
        {
          name: `argmaxToIndices, ${format}, ${name}`,
          call: { op: 'argmaxToIndices' as const, args: [{ tensor: pooled.argmax }, ...more] },
          expected: indices,
        },
        {
          name: `indicesToArgmax, ${format}, ${name}`,
          call: { op: 'indicesToArgmax' as const, args: [plain(Int32Array.from(indices.data)), ...more] },
          expected: pooled.argmax,
        },
        {
          name: `indicesToArgmax of a tensor, ${format}, ${name}`,
          call: { op: 'indicesToArgmax' as const, args: [{ tensor: { ...indices, shape: yShape } }, ...more] },
          expected: pooled.argmax,
        },
      ];
    }),
  ];
}

/** Integers go through unharmed; they have no gradient. */
function int32Cases(dataFormat: DataFormat): OpCase[] {
  const options = { poolSize: [3, 3], strides: 1, padding: 1, dataFormat };
  const { yShape, columnsShape } = layoutOf(2, options, [1, 4, 4, 2]);
  const toInt = (t: PlainTensor) => int32(t.shape, t.data);
  const [x, y, columns] = [[1, 4, 4, 2], yShape, columnsShape].map((shape, seed) =>
    toInt(makeX('ties', shape, 200 + seed)),
  );
  const { argmax } = poolOracle(2, options, x);
  const plain = (value: unknown) => ({ plain: value });
  return [
    {
      name: `im2col of int32, ${dataFormat}`,
      call: { op: 'im2col', args: [{ tensor: x }, plain(options)] },
      expected: im2colOracle(2, options, x),
    },
    {
      name: `col2im of int32, ${dataFormat}`,
      call: { op: 'col2im', args: [{ tensor: columns }, plain(x.shape), plain(options)] },
      expected: col2imOracle(2, options, columns, x.shape),
    },
    {
      name: `scatterArgmax of int32, ${dataFormat}`,
      call: { op: 'scatterArgmax', args: [{ tensor: y }, { tensor: argmax }, plain(x.shape), plain(options)] },
      expected: scatterOracle(2, options, y, argmax, x.shape),
    },
    {
      name: `gatherArgmax of int32, ${dataFormat}`,
      call: { op: 'gatherArgmax', args: [{ tensor: x }, { tensor: argmax }, plain(options)] },
      expected: gatherOracle(2, options, x, argmax),
    },
  ];
}

/** Indices that textures could not hold; the tensor that they point into need not exist. */
/** A cast tensor may share its data with one of another dtype. */
function castCases(): OpCase[] {
  const options = { poolSize: [2, 2], strides: 1 };
  const x = makeX('ties', [1, 4, 4, 2], 300);
  const { y, argmax } = poolOracle(2, options, x);
  const first = { ...argmax, data: argmax.data.map((tap) => Math.min(tap, 1)) };
  const plain = (value: unknown) => ({ plain: value });
  return [
    {
      name: 'maxPool2d of integers that were cast to float32',
      call: { op: 'maxPool2d', args: [{ tensor: x, castFrom: 'int32' }, plain(options)] },
      expected: y,
    },
    {
      name: 'scatterArgmax of integers that were cast to float32',
      call: {
        op: 'scatterArgmax',
        args: [{ tensor: y, castFrom: 'int32' }, { tensor: argmax }, plain(x.shape), plain(options)],
      },
      expected: scatterOracle(2, options, y, argmax, x.shape),
    },
    {
      name: 'gatherArgmax at booleans that were cast to int32',
      call: {
        op: 'gatherArgmax',
        args: [{ tensor: x }, { tensor: first, castFrom: 'bool' }, plain(options)],
      },
      expected: gatherOracle(2, options, x, first),
    },
  ];
}

function largeIndices(name: string, shape: number[], options: PoolOptions): OpCase[] {
  const { yShape } = layoutOf(2, options, shape);
  const random = randomFrom(1);
  const argmax = int32(
    yShape,
    Array.from({ length: yShape.reduce((a, b) => a * b, 1) }, () => Math.floor(random() * 4)),
  );
  const indices = indicesOracle(2, options, argmax, shape, 'tensorflow');
  const more = [{ plain: shape }, { plain: options }, { plain: 'tensorflow' }];
  return [
    {
      name: `argmaxToIndices, ${name}`,
      call: { op: 'argmaxToIndices', args: [{ tensor: argmax }, ...more] },
      expected: indices,
    },
    {
      name: `indicesToArgmax, ${name}`,
      call: { op: 'indicesToArgmax', args: [{ tensor: { ...indices, shape: yShape } }, ...more] },
      expected: argmax,
    },
  ];
}

/** Taps that need not be maxima, nor on real elements. */
function anyArgmax({ rank, options, shape }: Setting, seed: number): PlainTensor {
  const { yShape, taps } = layoutOf(rank, options, shape);
  const random = randomFrom(seed);
  const size = yShape.reduce((a, b) => a * b, 1);
  return int32(
    yShape,
    Array.from({ length: size }, () => Math.floor(random() * taps)),
  );
}

/** A call with an argmax that names no tap: what it throws where the host sees it, and gives elsewhere. */
export interface WrongTapCase {
  name: string;
  call: OpCall;
  expected: PlainTensor;
  message: string;
}

/** Each number that is no tap of a window of 4, among right ones. */
export const WRONG_TAP_CASES: readonly WrongTapCase[] = [4, 15, 2 ** 31 - 1, -1, -(2 ** 31)].flatMap((wrong) => {
  const options = { poolSize: [2, 2] };
  const x = makeX('distinct', [2, 4, 4, 1], 1);
  const y = makeX('distinct', [2, 2, 2, 1], 2);
  const argmax = int32(y.shape, [0, 1, 2, 3, 3, wrong, 1, wrong]);
  const more = [{ plain: x.shape }, { plain: options }];
  const unpooled = scatterOracle(2, options, y, argmax, x.shape);
  const calls: Array<[OpCall, PlainTensor]> = [
    [{ op: 'scatterArgmax', args: [{ tensor: y }, { tensor: argmax }, ...more] }, unpooled],
    [{ op: 'maxUnpool2d', args: [{ tensor: y }, { tensor: argmax }, ...more] }, unpooled],
    [
      { op: 'gatherArgmax', args: [{ tensor: x }, { tensor: argmax }, { plain: options }] },
      gatherOracle(2, options, x, argmax),
    ],
  ];
  return calls.map(([call, expected]) => ({
    name: `${call.op} at ${wrong}, which is no tap`,
    call,
    expected,
    message:
      `${call.op}: expected argmax to hold tap numbers in [0, 4), as maxPoolWithArgmax gives them; ` +
      `got ${wrong} in argmax[5], at [1, 0, 1, 0]. ` +
      'indicesToArgmax makes tap numbers of the flat indices of TensorFlow, PyTorch and ONNX.',
  }));
});
