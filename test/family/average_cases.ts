/** Average pooling: bit for bit on hosts; a GPU may divide, and 16-bit textures store, less exactly. */
import type { AveragePoolOptions } from '../../src/base';
import { averageGradientsOracle, averageOracle } from '../oracle/average';
import { layoutOf } from '../oracle/pooling';
import { type DataKind, float32, int32, makeDy, makeX } from '../support/data';
import type { PlainTensor } from '../support/run_case';
import type { FamilyCase } from './family';

type Row = [name: string, rank: 1 | 2 | 3, shape: number[], options: AveragePoolOptions, x?: DataKind | PlainTensor];

const OPS = ['averagePool1d', 'averagePool2d', 'averagePool3d'] as const;

/** 2.5 units in the last place, for each of up to three divisions that follow one another. */
const GPU_DIVISION = 3 * 2.5 * 2 ** -23;
const HALF = 2 ** -8;

const ROWS: Row[] = [
  ['2x2/2', 2, [2, 6, 4, 3], {}],
  ['odd sizes, the rest is cut off', 2, [1, 7, 5, 2], {}],
  ['3x3/2, 4 channels', 2, [1, 7, 7, 4], { poolSize: 3, strides: 2 }],
  ['3x3/1, one channel', 2, [2, 5, 6, 1], { poolSize: 3, strides: 1 }],
  ['5 channels, window [3,2], strides [1,2]', 2, [1, 5, 7, 5], { poolSize: [3, 2], strides: [1, 2] }],
  ['4x4/1, 16 taps', 2, [1, 6, 6, 2], { poolSize: 4, strides: 1 }],
  ['7x7/2, 49 taps', 2, [1, 9, 9, 2], { poolSize: 7, strides: 2 }],
  ['7x7/2, 49 taps, padded', 2, [1, 8, 9, 3], { poolSize: 7, strides: 2, padding: 3 }],
  ['window 1, strides 2', 2, [1, 5, 4, 3], { poolSize: 1, strides: 2 }],
  ['stride > window', 2, [1, 7, 8, 2], { poolSize: 2, strides: 3 }],
  ['unbatched', 2, [6, 5, 3], {}],
  ['channels first', 2, [2, 3, 6, 5], { dataFormat: 'channelsFirst' }],
  ['batch 0', 2, [0, 6, 5, 3], { padding: 1 }],
  ['8 channels', 2, [1, 6, 6, 8], { poolSize: 3, strides: 2 }],
  ['the window is the whole input', 2, [2, 5, 4, 3], { poolSize: [5, 4] }],
  ...([false, true] as const).flatMap((countIncludePad): Row[] => {
    const label = countIncludePad ? ', padding counts' : '';
    return [
      [`'same', 3x3/2${label}`, 2, [2, 6, 6, 4], { poolSize: 3, strides: 2, padding: 'same', countIncludePad }],
      [`'same', 3x3/1${label}`, 2, [1, 5, 5, 3], { poolSize: 3, strides: 1, padding: 'same', countIncludePad }],
      [`padding 1${label}`, 2, [2, 6, 6, 4], { poolSize: 3, strides: 2, padding: 1, countIncludePad }],
      [
        `asymmetric padding${label}`,
        2,
        [1, 6, 5, 3],
        {
          poolSize: 3,
          strides: 2,
          padding: [
            [1, 0],
            [0, 2],
          ],
          countIncludePad,
        },
      ],
      [`padding leaves one element${label}`, 2, [1, 3, 3, 2], { poolSize: 3, strides: 1, padding: 2, countIncludePad }],
      [`ceil mode${label}`, 2, [1, 6, 6, 3], { poolSize: 3, strides: 2, ceilMode: true, countIncludePad }],
      [
        `ceil mode and padding${label}`,
        2,
        [1, 6, 7, 2],
        { poolSize: 3, strides: 2, padding: 1, ceilMode: true, countIncludePad },
      ],
      [
        `ceil mode past asymmetric padding${label}`,
        2,
        [1, 7, 6, 1],
        {
          poolSize: 4,
          strides: 3,
          padding: [
            [0, 1],
            [1, 0],
          ],
          ceilMode: true,
          countIncludePad,
        },
      ],
      [
        `dilation and 'same'${label}`,
        2,
        [1, 6, 5, 2],
        { poolSize: 3, dilationRate: 2, strides: 2, padding: 'same', countIncludePad },
      ],
      [
        `dilation, padding, ceil mode${label}`,
        2,
        [1, 8, 7, 3],
        {
          poolSize: [2, 3],
          dilationRate: [3, 2],
          strides: [2, 3],
          padding: [
            [1, 2],
            [2, 0],
          ],
          ceilMode: true,
          countIncludePad,
        },
      ],
      [
        `1-D, ceil mode${label}`,
        1,
        [1, 6, 3],
        { poolSize: 3, strides: 2, padding: [[1, 0]], ceilMode: true, countIncludePad },
      ],
      [
        `3-D, padding${label}`,
        3,
        [1, 3, 4, 4, 2],
        {
          poolSize: 2,
          padding: [
            [1, 0],
            [0, 1],
            [1, 1],
          ],
          countIncludePad,
        },
      ],
      [
        `channels first, padding${label}`,
        2,
        [2, 4, 6, 6],
        { dataFormat: 'channelsFirst', poolSize: 3, strides: 2, padding: 1, countIncludePad },
      ],
    ];
  }),
  ['dilation 2', 2, [1, 6, 6, 3], { dilationRate: 2, strides: 1 }],
  ['1-D', 1, [2, 7, 4], { poolSize: 3, strides: 2 }],
  ['3-D, overlapping', 3, [1, 4, 5, 3, 2], { poolSize: [2, 3, 2], strides: 1 }],
  ['3-D, channels first', 3, [1, 2, 4, 4, 5], { dataFormat: 'channelsFirst' }],
  ['NaN and infinities stay in their windows', 2, [2, 6, 6, 3], { padding: 1 }, 'special'],
  [
    'large and small',
    2,
    [1, 2, 4, 1],
    {},
    float32([1, 2, 4, 1], [Math.fround(3e38), Math.fround(-3e38), 1, 2, 1, -1, 2 ** -20, 2 ** -21]),
  ],
  [
    'int32 is averaged as float32',
    2,
    [1, 4, 4, 2],
    { poolSize: 3, strides: 1 },
    int32(
      [1, 4, 4, 2],
      Array.from({ length: 32 }, (_, i) => ((i * 7919) % 101) - 50),
    ),
  ],
  [
    'int32, channels first',
    2,
    [1, 2, 4, 4],
    { poolSize: 2, dataFormat: 'channelsFirst' },
    int32(
      [1, 2, 4, 4],
      Array.from({ length: 32 }, (_, i) => ((i * 7919) % 101) - 50),
    ),
  ],
  ['divisorOverride', 2, [2, 6, 5, 3], { poolSize: 3, strides: 2, padding: 1, divisorOverride: 5 }],
  [
    'divisorOverride, negative, ceil mode',
    2,
    [1, 6, 6, 4],
    { poolSize: 3, strides: 2, ceilMode: true, divisorOverride: -7 },
  ],
  [
    'divisorOverride, which padding does not change',
    1,
    [1, 3, 7],
    { poolSize: 3, strides: 1, padding: 1, countIncludePad: true, divisorOverride: 3, dataFormat: 'channelsFirst' },
  ],
  ['divisorOverride, 3-D', 3, [1, 3, 4, 4, 2], { divisorOverride: 100 }],
  ['divisorOverride 1: the sum', 2, [1, 4, 4, 2], { poolSize: 3, strides: 1, divisorOverride: 1 }],
  [
    'divisorOverride by im2col',
    2,
    [1, 5, 4, 2],
    { poolSize: 3, strides: 1, divisorOverride: 4, implementation: 'im2col' },
  ],
  ['by im2col', 2, [2, 5, 4, 3], { poolSize: 3, strides: 1, implementation: 'im2col' }],
  [
    'by im2col, padding, ceil mode',
    2,
    [2, 6, 7, 3],
    { poolSize: 3, strides: 2, padding: 1, ceilMode: true, countIncludePad: true, implementation: 'im2col' },
  ],
  [
    'by im2col, padding does not count',
    3,
    [1, 4, 4, 3, 2],
    { poolSize: 3, strides: 2, padding: 1, implementation: 'im2col' },
  ],
];

/** Sums that half precision holds, divided by powers of two: exact everywhere. */
const EXACT: Row[] = [
  ['exact on all devices', 2, [2, 8, 8, 4], {}, 'ties'],
  ['exact on all devices, overlapping', 2, [1, 6, 6, 3], { strides: 1 }, 'ties'],
];

export const AVERAGE_CASES: readonly FamilyCase[] = [
  ...ROWS.map((row, seed) => ({ ...makeCase(row, seed), tolerance: { gpu: GPU_DIVISION, half: HALF } })),
  ...EXACT.map((row, seed) => makeCase(row, seed + 100)),
];

function makeCase(
  [name, rank, shape, { countIncludePad, divisorOverride, ...options }, data = 'real']: Row,
  seed: number,
): FamilyCase {
  const kind = typeof data === 'string' ? data : 'real';
  const x = typeof data === 'string' ? makeX(data, shape, seed) : data;
  const dy = makeDy(kind, layoutOf(rank, options, shape).yShape, seed);
  const counted = (divisorOverride && Math.fround(divisorOverride)) ?? (countIncludePad ? 'padded' : 'real');
  const isEmpty = x.data.length === 0;
  const hasGradient = x.dtype === 'float32';
  return {
    name: `${OPS[rank - 1]}, ${name}`,
    call: {
      op: OPS[rank - 1],
      args: [
        { tensor: x },
        {
          plain: {
            ...options,
            ...(countIncludePad ? { countIncludePad } : {}),
            ...(divisorOverride ? { divisorOverride } : {}),
          },
        },
      ],
      ...(hasGradient ? { dResult: dy, second: !isEmpty && name !== 'large and small' && kind !== 'special' } : {}),
    },
    kernels: hasGradient ? ['Im2ColAveragePool', 'Im2ColAverageSpread'] : ['Im2ColAveragePool'],
    notInHalf: name === 'large and small' || kind === 'special',
    expected: (held) => {
      const result = averageOracle(rank, options, held, counted);
      if (!hasGradient) return { result };
      const { dx, ddx } = averageGradientsOracle(rank, options, held, dy, counted);
      return {
        result,
        gradient: dx,
        second: isEmpty || name === 'large and small' || kind === 'special' ? undefined : ddx,
      };
    },
  };
}
