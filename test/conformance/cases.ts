/**
 * The one table of conformance cases: what every backend must get right, bit for bit.
 *
 * The rows of shared/upstream-defects.md (what the built-in pooling gets wrong) come first, under
 * their names. Two of its rows are tested elsewhere: the gradient of maxPoolWithArgmax is `dxOfValues`
 * of every case, and training a CNN is in test/conv and test/examples.
 */
import type { PoolOptions } from '../../src/spec';
import { layoutOf } from '../oracle/pooling';
import { type DataKind, float32, int32, makeDy, makeX } from '../support/data';
import type { PlainTensor, PoolCase } from '../support/run_case';

export interface ConformanceCase extends PoolCase {
  /** What 16-bit textures round: gradients are then compared within a tolerance, or all values left out. */
  readonly half?: 'rounds gradients' | 'cannot hold x';
  /** Integers that 32-bit textures cannot hold: left out on webgl. */
  readonly beyondTextures?: boolean;
}

type Row = [name: string, shape: number[], options: PoolOptions, x: DataKind | PlainTensor];
type Extra = Pick<ConformanceCase, 'half' | 'beyondTextures'>;

const NAN = NaN;
const INF = Infinity;

const DEFECTS: Row[] = [
  ['gradient of a window with a tie', [1, 2, 2, 1], {}, float32([1, 2, 2, 1], [1, 1, 1, 1])],
  ['gradient of ties after ReLU', [2, 8, 8, 4], {}, 'relu'],
  ['gradient of 4x4 zeros, 2x2/2', [1, 4, 4, 1], {}, 'zeros'],
  ['gradient of windows whose maximum is <= 0', [2, 8, 8, 4], {}, 'negative'],
  ['maxPoolWithArgmax of [-4,-3,-2,-1]', [1, 2, 2, 1], {}, float32([1, 2, 2, 1], [-4, -3, -2, -1])],
  ['maxPool3d of negatives', [1, 4, 4, 4, 2], {}, 'negative'],
  ['maxPool3d gradient of a window of zeros', [1, 4, 4, 4, 2], {}, 'zeros'],
  ['maxPool3d gradient, window [2,2,1]', [1, 4, 4, 4, 2], { poolSize: [2, 2, 1] }, 'distinct'],
  ['maxPool3d gradient, window [2,1,2]', [1, 4, 4, 4, 2], { poolSize: [2, 1, 2] }, 'distinct'],
  ['[NaN,1,2,3], propagate', [1, 2, 2, 1], {}, float32([1, 2, 2, 1], [NAN, 1, 2, 3])],
  ['[NaN,1,2,3], ignore', [1, 2, 2, 1], { nan: 'ignore' }, float32([1, 2, 2, 1], [NAN, 1, 2, 3])],
  ['all -Infinity', [1, 4, 4, 1], {}, float32([1, 4, 4, 1], new Array<number>(16).fill(-INF))],
  ['[1,Infinity,2,3]', [1, 2, 2, 1], {}, float32([1, 2, 2, 1], [1, INF, 2, 3])],
  ['int32 input', [1, 4, 4, 1], {}, int32([1, 4, 4, 1], [5, -7, 0, 2, 9, 9, -3, -3, 1, 0, 0, 1, -8, -9, 4, 4])],
  ['numeric padding', [1, 5, 5, 2], { poolSize: 3, strides: 2, padding: 1 }, 'negative'],
  ['numeric padding with a non-square window', [1, 6, 6, 2], { poolSize: [3, 2], strides: 2, padding: 1 }, 'negative'],
  ["'ceil' rounding (5x5, 2x2/2: 9 of 9 windows)", [1, 5, 5, 2], { ceilMode: true }, 'negative'],
  [
    "dilation with 'same' on -5s",
    [1, 4, 4, 1],
    { dilationRate: 2, strides: 1, padding: 'same' },
    float32([1, 4, 4, 1], new Array<number>(16).fill(-5)),
  ],
  ['dilation with numeric padding', [1, 5, 5, 2], { dilationRate: 2, strides: 1, padding: 1 }, 'negative'],
  ['dilation together with stride', [1, 9, 8, 3], { poolSize: 3, dilationRate: 2, strides: 2 }, 'ties'],
  ['second derivative with overlaps', [1, 5, 5, 2], { poolSize: 3, strides: 1 }, 'ties'],
];

const GEOMETRY_2D: Row[] = [
  ['odd sizes, the rest is cut off', [2, 7, 5, 3], {}, 'distinct'],
  ['3x3/2 overlapping, 4 channels', [1, 7, 7, 4], { poolSize: 3, strides: 2 }, 'relu'],
  ['3x3/1 overlapping', [2, 5, 6, 3], { poolSize: 3, strides: 1 }, 'ties'],
  ['4x4/1, 16 taps', [1, 6, 6, 2], { poolSize: 4, strides: 1 }, 'ties'],
  ['7x7/2, 49 taps', [1, 9, 9, 2], { poolSize: 7, strides: 2 }, 'ties'],
  ['window [2,3]', [1, 6, 6, 2], { poolSize: [2, 3] }, 'distinct'],
  ['window [3,2], strides [1,2], 5 channels', [1, 5, 7, 5], { poolSize: [3, 2], strides: [1, 2] }, 'relu'],
  ['window [1,3]', [1, 4, 6, 4], { poolSize: [1, 3] }, 'ties'],
  ['the window is the whole input', [2, 5, 4, 3], { poolSize: [5, 4] }, 'ties'],
  ['window 1', [1, 3, 4, 3], { poolSize: 1 }, 'distinct'],
  ['window 1, strides 2', [1, 5, 4, 3], { poolSize: 1, strides: 2 }, 'distinct'],
  ['stride > window', [1, 7, 8, 2], { poolSize: 2, strides: 3 }, 'relu'],
  ["'same', odd size", [1, 5, 5, 3], { padding: 'same' }, 'negative'],
  ["'same', 3x3/2", [2, 6, 6, 4], { poolSize: 3, strides: 2, padding: 'same' }, 'negative'],
  ["'same', 3x3/1", [1, 4, 5, 3], { poolSize: 3, strides: 1, padding: 'same' }, 'ties'],
  ["'same', stride > window", [1, 7, 8, 2], { poolSize: 2, strides: 3, padding: 'same' }, 'relu'],
  ['padding 1', [2, 6, 6, 4], { poolSize: 3, strides: 2, padding: 1 }, 'relu'],
  ['padding per axis', [1, 5, 6, 3], { poolSize: [3, 2], strides: [2, 1], padding: [1, 0] }, 'negative'],
  [
    'asymmetric padding',
    [1, 6, 6, 3],
    {
      poolSize: 3,
      strides: 2,
      padding: [
        [1, 0],
        [0, 1],
      ],
    },
    'negative',
  ],
  [
    'asymmetric padding, after only',
    [1, 4, 4, 2],
    {
      strides: 1,
      padding: [
        [0, 1],
        [0, 1],
      ],
    },
    'negative',
  ],
  ['padding leaves one real element', [1, 3, 3, 2], { poolSize: 3, strides: 1, padding: 2 }, 'minusInfinity'],
  [
    'steps of 2^32, none of which is taken',
    [1, 3, 2, 1],
    { poolSize: [1, 2], strides: [1, 2 ** 32], dilationRate: [2 ** 32, 1] },
    'distinct',
  ],
  ['ceil mode, overlapping', [1, 6, 6, 3], { poolSize: 3, strides: 2, ceilMode: true }, 'relu'],
  ['ceil mode with padding', [1, 6, 7, 2], { poolSize: 3, strides: 2, padding: 1, ceilMode: true }, 'negative'],
  ['ceil mode, the last window is dropped', [1, 3, 5, 2], { padding: 1, ceilMode: true }, 'negative'],
  ['ceil mode with dilation', [1, 6, 7, 2], { poolSize: 2, dilationRate: 2, strides: 2, ceilMode: true }, 'distinct'],
  ["ceil mode with 'same' changes nothing", [1, 5, 5, 3], { padding: 'same', ceilMode: true }, 'ties'],
  ['dilation 2', [1, 6, 6, 3], { dilationRate: 2, strides: 1 }, 'ties'],
  ['dilation per axis', [1, 5, 7, 2], { dilationRate: [1, 3], strides: [2, 1] }, 'distinct'],
  ["dilation with 'same'", [1, 6, 5, 2], { poolSize: 3, dilationRate: 2, strides: 2, padding: 'same' }, 'negative'],
  [
    'dilation, asymmetric padding, stride',
    [1, 8, 7, 3],
    {
      poolSize: [2, 3],
      dilationRate: [3, 2],
      strides: [2, 3],
      padding: [
        [1, 2],
        [2, 0],
      ],
    },
    'negative',
  ],
  ['channels first', [2, 3, 6, 5], { dataFormat: 'channelsFirst' }, 'distinct'],
  [
    'channels first, 3x3/2 padding 1',
    [2, 4, 6, 6],
    { dataFormat: 'channelsFirst', poolSize: 3, strides: 2, padding: 1 },
    'relu',
  ],
  ['channels first, unbatched', [3, 6, 5], { dataFormat: 'channelsFirst', poolSize: [3, 2] }, 'ties'],
  ['unbatched', [6, 5, 3], {}, 'distinct'],
  ['batch 0', [0, 6, 5, 3], {}, 'distinct'],
  ['batch 0, channels first', [0, 3, 6, 5], { dataFormat: 'channelsFirst' }, 'distinct'],
  ['1 channel', [2, 6, 6, 1], { poolSize: 3, strides: 2 }, 'relu'],
  ['8 channels', [1, 6, 6, 8], {}, 'relu'],
  ['one pixel', [1, 1, 1, 3], { poolSize: 1 }, 'distinct'],
];

const OTHER_RANKS: Row[] = [
  ['1-D', [2, 6, 3], {}, 'relu'],
  ['1-D, overlapping', [2, 7, 4], { poolSize: 3, strides: 2 }, 'ties'],
  ["1-D, 'same'", [1, 7, 3], { poolSize: 3, strides: 2, padding: 'same' }, 'negative'],
  [
    '1-D, asymmetric padding, dilation, stride',
    [1, 9, 2],
    { poolSize: 3, dilationRate: 2, strides: 2, padding: [[1, 2]] },
    'negative',
  ],
  ['1-D, ceil mode', [1, 6, 3], { poolSize: 3, strides: 2, ceilMode: true }, 'ties'],
  ['1-D, channels first', [2, 3, 7], { dataFormat: 'channelsFirst' }, 'distinct'],
  [
    '1-D, channels first, unbatched',
    [3, 9],
    { dataFormat: 'channelsFirst', poolSize: 3, strides: 2, padding: 1 },
    'ties',
  ],
  ['1-D, unbatched', [7, 3], { padding: 'same' }, 'negative'],
  ['1-D, NaN', [2, 8, 2], {}, 'nans'],
  ['3-D, ties after ReLU', [1, 4, 4, 4, 4], {}, 'relu'],
  ['3-D, overlapping', [1, 4, 5, 3, 2], { poolSize: [2, 3, 2], strides: 1 }, 'ties'],
  ["3-D, 'same'", [1, 3, 4, 5, 2], { poolSize: [2, 3, 3], strides: 2, padding: 'same' }, 'negative'],
  [
    '3-D, asymmetric padding',
    [1, 3, 4, 4, 2],
    {
      poolSize: 2,
      padding: [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
    },
    'negative',
  ],
  ['3-D, dilation and stride', [1, 5, 5, 4, 2], { dilationRate: [2, 2, 1], strides: [1, 2, 1] }, 'ties'],
  ['3-D, ceil mode', [1, 3, 5, 5, 2], { ceilMode: true }, 'negative'],
  ['3-D, channels first', [1, 2, 4, 4, 5], { dataFormat: 'channelsFirst' }, 'distinct'],
  ['3-D, unbatched', [4, 4, 3, 2], { poolSize: [2, 2, 1] }, 'ties'],
  ['3-D, NaN and infinities', [1, 4, 4, 4, 2], {}, 'special'],
];

const VALUES: Row[] = [
  ...(['propagate', 'ignore'] as const).flatMap((nan): Row[] => [
    [`NaN, ${nan}`, [2, 8, 8, 4], { nan }, 'nans'],
    [`NaN and infinities, ${nan}`, [2, 8, 8, 4], { nan }, 'special'],
    [`NaN, overlapping and padded, ${nan}`, [2, 6, 6, 4], { nan, poolSize: 3, strides: 2, padding: 1 }, 'nans'],
    [
      `NaN first, last, twice, with infinities, everywhere, ${nan}`,
      [1, 2, 10, 1],
      { nan },
      float32([1, 2, 10, 1], [NAN, 1, 1, 2, NAN, 3, NAN, INF, NAN, NAN, 2, 3, 3, NAN, 4, NAN, -INF, -INF, NAN, NAN]),
    ],
    [
      `NaN in all that padding leaves, ${nan}`,
      [1, 2, 3, 1],
      { nan, strides: 1, padding: 1 },
      float32([1, 2, 3, 1], [NAN, -1, NAN, NAN, -INF, -2]),
    ],
    [
      `NaN, dilation and 'same', ${nan}`,
      [1, 6, 5, 2],
      { nan, poolSize: 3, dilationRate: 2, strides: 2, padding: 'same' },
      'special',
    ],
  ]),
  ['infinities', [2, 8, 8, 4], {}, 'infinities'],
  ['infinities, overlapping and padded', [2, 6, 6, 4], { poolSize: 3, strides: 2, padding: 1 }, 'infinities'],
  ['-Infinity with padding', [1, 5, 5, 2], { poolSize: 3, strides: 2, padding: 1 }, 'minusInfinity'],
  [
    "all -Infinity with 'same'",
    [1, 3, 3, 2],
    { padding: 'same' },
    float32([1, 3, 3, 2], new Array<number>(18).fill(-INF)),
  ],
  ['-0 and 0 tie', [1, 2, 4, 1], {}, float32([1, 2, 4, 1], [-0, 0, 0, -0, 0, -0, -0, 0])],
  [
    'int32 with padding',
    [1, 3, 3, 2],
    { strides: 1, padding: 1 },
    int32([1, 3, 3, 2], [-9, -8, -7, -6, -5, -4, -3, -2, -1, -9, -8, -7, -6, -5, -4, -3, -2, -1]),
  ],
  ['int32, 3-D', [1, 2, 2, 4, 1], {}, int32([1, 2, 2, 4, 1], [-1, 2, 0, 0, 3, 3, 0, 0, 1, -2, 7, 0, 3, 2, 7, 1])],
  ['zeros, overlapping', [1, 6, 6, 3], { poolSize: 3, strides: 2, ceilMode: true }, 'zeros'],
];

/** What half precision rounds or lacks. */
const LARGE: Array<[Row, Extra]> = [
  [
    ['all -1e30', [1, 4, 4, 1], {}, float32([1, 4, 4, 1], new Array<number>(16).fill(Math.fround(-1e30)))],
    { half: 'cannot hold x' },
  ],
  [
    [
      '-1e30 with padding',
      [1, 3, 3, 2],
      { strides: 1, padding: 1 },
      float32([1, 3, 3, 2], new Array<number>(18).fill(Math.fround(-1e30))),
    ],
    { half: 'cannot hold x' },
  ],
  [
    [
      'the largest floats and the smallest normal one',
      [1, 2, 4, 1],
      {},
      float32(
        [1, 2, 4, 1],
        [
          3.4028234663852886e38,
          -3.4028234663852886e38,
          -3.4028234663852886e38,
          -3.4028234663852886e38,
          1.1754943508222875e-38,
          1,
          -3.4028234663852886e38,
          -INF,
        ],
      ),
    ],
    { half: 'cannot hold x' },
  ],
  [
    [
      'int32 up to 2^24',
      [1, 2, 4, 1],
      {},
      int32([1, 2, 4, 1], [16777215, 16777216, -16777216, -16777215, 0, 1, -16777216, -16777216]),
    ],
    { half: 'cannot hold x' },
  ],
  [
    [
      'int32 minimum, with padding',
      [1, 2, 2, 1],
      { strides: 1, padding: 1 },
      int32([1, 2, 2, 1], new Array<number>(4).fill(-(2 ** 31))),
    ],
    { half: 'cannot hold x', beyondTextures: true },
  ],
  [
    ['int32 beyond 2^24', [1, 2, 2, 1], {}, int32([1, 2, 2, 1], [16777217, 2147483647, 2147483646, -2147483648])],
    { half: 'cannot hold x', beyondTextures: true },
  ],
  [
    [
      'int32 beyond 2^24, channels first',
      [1, 2, 2, 2],
      { dataFormat: 'channelsFirst' },
      int32(
        [1, 2, 2, 2],
        [16777217, 2147483647, 2147483646, -2147483648, -2147483647, -16777217, -2147483648, -16777219],
      ),
    ],
    { half: 'cannot hold x', beyondTextures: true },
  ],
  [
    ['overlaps add up in row-major order', [1, 8, 8, 3], { poolSize: 3, strides: 1, padding: 1 }, 'real'],
    { half: 'rounds gradients' },
  ],
  [
    ['overlaps add up in row-major order, 3-D', [1, 4, 4, 4, 2], { poolSize: 3, strides: 1, padding: 'same' }, 'real'],
    { half: 'rounds gradients' },
  ],
  [
    ['overlaps add up in row-major order, dilated', [1, 9, 9, 2], { poolSize: 3, dilationRate: 2, strides: 1 }, 'real'],
    { half: 'rounds gradients' },
  ],
];

const FLAT_INDICES: Row = ['flat argmax indices at [1,64,64,8]', [1, 64, 64, 8], {}, 'ties'];

/** Names of the cases that run a second time with `implementation: 'im2col'`: one of each kind. */
const ALSO_IM2COL = [
  'gradient of ties after ReLU',
  'gradient of windows whose maximum is <= 0',
  'all -Infinity',
  '[1,Infinity,2,3]',
  'int32 input',
  'numeric padding with a non-square window',
  "'ceil' rounding (5x5, 2x2/2: 9 of 9 windows)",
  'dilation together with stride',
  'second derivative with overlaps',
  'NaN and infinities, propagate',
  'NaN and infinities, ignore',
  '1-D, overlapping',
  '3-D, overlapping',
  'channels first, 3x3/2 padding 1',
  'overlaps add up in row-major order',
  'all -1e30',
  'int32 minimum, with padding',
  'batch 0',
  '7x7/2, 49 taps',
];

const fused = [
  ...[...DEFECTS, ...GEOMETRY_2D, ...OTHER_RANKS, ...VALUES, FLAT_INDICES].map((row, i) => makeCase(row, i)),
  ...LARGE.map(([row, extra], i) => makeCase(row, 1000 + i, extra)),
];

export const CASES: readonly ConformanceCase[] = [
  ...fused,
  ...ALSO_IM2COL.map((name) => asIm2Col(fused.find((c) => c.name === name)!)),
];

function makeCase([name, shape, options, data]: Row, seed: number, extra: Extra = {}): ConformanceCase {
  const kind = typeof data === 'string' ? data : 'ties';
  const x = typeof data === 'string' ? makeX(data, shape, seed) : data;
  const rank = rankOf(name, shape);
  return { name, rank, options, x, dy: makeDy(kind, layoutOf(rank, options, shape).yShape, seed), ...extra };
}

/** Names say the rank where the shape alone does not. */
function rankOf(name: string, shape: number[]): 1 | 2 | 3 {
  if (name.startsWith('1-D')) return 1;
  return name.startsWith('3-D') || shape.length === 5 ? 3 : 2;
}

function asIm2Col(c: ConformanceCase): ConformanceCase {
  return { ...c, name: `${c.name}, by im2col`, options: { ...c.options, implementation: 'im2col' } };
}
