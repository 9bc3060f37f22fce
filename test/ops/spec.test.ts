/** Every option: its default, what it accepts, and the whole message for what it does not. */
import { type Padding, type PoolOptions, type SpatialRank, inferSpatialRank, poolSpec } from '../../src/spec';

const POSITIVE = (option: string, rank: number, got: string) =>
  `pool: expected ${option} to be a positive integer or an array of ${rank}, one per spatial axis; got ${got}.`;
const PADDING = (rank: number, got: string, end = '.') =>
  `pool: expected padding to be 'valid', 'same', a non-negative integer, ${rank} of them (one per spatial axis) ` +
  `or ${rank} pairs [before, after]; got ${got}${end}`;

/** Option, value as a user without types may write it, number of axes, message. */
const WRONG: Array<[keyof PoolOptions, unknown, SpatialRank, string]> = [
  ...(['poolSize', 'strides', 'dilationRate'] as const).flatMap((option): typeof WRONG => [
    [option, 0, 2, POSITIVE(option, 2, '0')],
    [option, -1, 1, POSITIVE(option, 1, '-1')],
    [option, 1.5, 3, POSITIVE(option, 3, '1.5')],
    [option, NaN, 2, POSITIVE(option, 2, 'NaN')],
    [option, Infinity, 2, POSITIVE(option, 2, 'Infinity')],
    [option, '2', 2, POSITIVE(option, 2, "'2'")],
    [option, true, 2, POSITIVE(option, 2, 'true')],
    [option, {}, 2, POSITIVE(option, 2, 'an object (Object)')],
    [option, Object.create(null), 2, POSITIVE(option, 2, 'an object (no class)')],
    [option, [2], 2, POSITIVE(option, 2, '[2]')],
    [option, [2, 2, 2], 2, POSITIVE(option, 2, '[2, 2, 2]')],
    [option, [2, 0], 2, POSITIVE(option, 2, '[2, 0]')],
    [option, [2, '2'], 2, POSITIVE(option, 2, "[2, '2']")],
    [option, [], 1, POSITIVE(option, 1, '[]')],
  ]),
  ['padding', -1, 2, PADDING(2, '-1')],
  ['padding', 0.5, 2, PADDING(2, '0.5')],
  ['padding', 'SAME', 1, PADDING(1, "'SAME'", "; did you mean 'same'?")],
  ['padding', 'full', 2, PADDING(2, "'full'", '; pairs [before, after] can express it.')],
  ['padding', [1], 2, PADDING(2, '[1]')],
  ['padding', [1, 1, 1], 2, PADDING(2, '[1, 1, 1]')],
  ['padding', [[1, 0]], 2, PADDING(2, '[[1, 0]]')],
  ['padding', [[1, 0], [0]], 2, PADDING(2, '[[1, 0], [0]]')],
  ['padding', [[1, 0, 0], 1], 2, PADDING(2, '[[1, 0, 0], 1]')],
  ['padding', [[1, -1], 0], 2, PADDING(2, '[[1, -1], 0]')],
  ['padding', true, 3, PADDING(3, 'true')],
  ['ceilMode', 1, 2, 'pool: expected ceilMode to be true or false; got 1.'],
  ['ceilMode', 'ceil', 2, "pool: expected ceilMode to be true or false; got 'ceil'."],
  [
    'dataFormat',
    'NHWC',
    2,
    "pool: expected dataFormat to be 'channelsLast' or 'channelsFirst'; got 'NHWC'; did you mean 'channelsLast'?",
  ],
  [
    'nan',
    'Propagate',
    2,
    "pool: expected nan to be 'propagate' or 'ignore'; got 'Propagate'; did you mean 'propagate'?",
  ],
  ['implementation', 'gemm', 2, "pool: expected implementation to be 'fused' or 'im2col'; got 'gemm'."],
];

test.each(WRONG)('%s: %j, %i axes', (option, value, rank, message) => {
  expect(() => poolSpec('pool', rank, { [option]: value })).toThrow(new Error(message));
});

test('an unknown key', () => {
  expect(() => poolSpec('pool', 2, { pool: 2 } as PoolOptions)).toThrow(
    new Error(
      "pool: unknown option 'pool'; expected one of poolSize, strides, padding, dilationRate, ceilMode, dataFormat, nan, implementation; did you mean poolSize?",
    ),
  );
});

test.each([
  [2, '2'],
  [[2, 2], '[2, 2]'],
  ['valid', "'valid'"],
])('options that are none: %j', (options, got) => {
  expect(() => poolSpec('pool', 2, options as PoolOptions)).toThrow(
    new Error(`pool: expected an object of options; got ${got}.`),
  );
});

test('defaults', () => {
  expect(poolSpec('pool', 2)).toEqual({
    rank: 2,
    poolSize: [2, 2],
    strides: [2, 2],
    padding: 'valid',
    dilationRate: [1, 1],
    ceilMode: false,
    dataFormat: 'channelsLast',
    nan: 'propagate',
    implementation: 'fused',
  });
  expect(poolSpec('pool', 3, { poolSize: [1, 2, 3], strides: null }).strides).toEqual([1, 2, 3]);
});

test('padding in each of its forms', () => {
  const padding = (value: Padding) => poolSpec('pool', 2, { padding: value }).padding;
  expect(padding('same')).toBe('same');
  expect(padding(1)).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(padding([1, 0])).toEqual([
    [1, 1],
    [0, 0],
  ]);
  expect(padding([[1, 2], 3])).toEqual([
    [1, 2],
    [3, 3],
  ]);
});

test('a spec is frozen, and no longer tied to what the user wrote', () => {
  const poolSize = [2, 3];
  const padding = [
    [1, 0],
    [0, 1],
  ];
  const spec = poolSpec('pool', 2, { poolSize, padding });
  poolSize[0] = 9;
  padding[0][0] = 9;
  expect(spec.poolSize).toEqual([2, 3]);
  expect(spec.padding).toEqual([
    [1, 0],
    [0, 1],
  ]);
  for (const part of [spec, spec.poolSize, spec.strides, spec.padding, spec.padding[0], spec.dilationRate]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

test('the number of spatial axes, where the name of an operation does not say it', () => {
  const rank = (options: PoolOptions, shape: number[]) => inferSpatialRank('im2col', { ...options }, shape);
  expect(rank({}, [1, 4, 1])).toBe(1);
  expect(rank({ poolSize: 3 }, [1, 4, 4, 1])).toBe(2);
  expect(rank({}, [1, 2, 4, 4, 1])).toBe(3);
  expect(rank({ poolSize: [3, 3] }, [4, 4, 1])).toBe(2);
  expect(rank({ padding: [[0, 1]] }, [4, 1])).toBe(1);
  expect(() => rank({}, [4, 1])).toThrow(
    new Error(
      'im2col: expected x of rank 3, 4 or 5 [batch, ...spatial, channels], or an option given per axis to tell the ' +
        'spatial axes; got rank 2 [4, 1].',
    ),
  );
  expect(() => rank({ poolSize: [2, 2, 2, 2] }, [1, 4, 4, 1])).toThrow(
    new Error('im2col: expected poolSize for 1, 2 or 3 spatial axes; got [2, 2, 2, 2].'),
  );
});
