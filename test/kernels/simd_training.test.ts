/** Windows of 2x2, 2x2x2 and 3x3 on the SIMD kernels of the training step: values with argmax, and its scatter, against the loops. */
import { poolGeometry } from '../../src/geometry';
import { LOOPS } from '../../src/kernels/loops';
import type { Values } from '../../src/kernels/pool_kernels';
import { simdKernels } from '../../src/kernels/simd/in_place';
import { type PoolOptions, poolSpec } from '../../src/spec';
import { randomFrom } from '../support/data';

const memory = new WebAssembly.Memory({ initial: 2, maximum: 2 });
const kernels = simdKernels(memory)!;
/** What lies in front of an array, and behind it: no kernel may touch it. */
const [MARGIN, MARK] = [16, 77];

const CHANNELS = [...Array.from({ length: 17 }, (_, i) => i + 1), 21, 30, 32, 40];
const SIZES: [number, number][] = [
  [4, 4],
  [5, 5],
  [5, 6],
  [6, 7],
  [2, 3],
];
const OPTIONS: PoolOptions[] = [
  { poolSize: 2 },
  { poolSize: 2, nan: 'ignore' },
  { poolSize: 2, strides: 3, nan: 'ignore' },
  { poolSize: 2, strides: [2, 1] },
  { poolSize: 2, padding: 1 },
  { poolSize: 2, padding: 'same', nan: 'ignore' },
  {
    poolSize: 2,
    padding: [
      [0, 1],
      [1, 0],
    ],
  },
  { poolSize: 2, ceilMode: true },
];

/** Of some of them only part of the rows has whole windows. */
const VOLUMES: [number[], PoolOptions][] = [
  [[4, 4, 4], { poolSize: 2 }],
  [[5, 5, 5], { poolSize: 2, nan: 'ignore' }],
  [[5, 4, 6], { poolSize: 2, strides: [3, 2, 2] }],
  [[3, 4, 4], { poolSize: 2, padding: [1, 0, 0] }],
  [[4, 5, 4], { poolSize: 2, padding: [0, 1, 0] }],
  [[3, 3, 4], { poolSize: 2, padding: 'same' }],
  [[4, 4, 4], { poolSize: 2, strides: [1, 2, 2] }],
  [[4, 4, 4], { poolSize: 2, dilationRate: [2, 1, 1] }],
];

/** Windows of 3x3, for some channel counts: vectors that are whole, and that overlap. */
const NINES: PoolOptions[] = [
  { poolSize: 3, strides: 1, padding: 'same' },
  { poolSize: 3, strides: 1, padding: 1, nan: 'ignore' },
  { poolSize: 3, strides: 2, padding: 'same', nan: 'ignore' },
  { poolSize: 3, strides: 2, padding: 1 },
  {
    poolSize: 3,
    strides: 2,
    padding: [
      [2, 1],
      [0, 2],
    ],
  },
];
const CHANNELS_OF_NINES = [4, 6, 17];

type ArrayType = new (buffer: ArrayBuffer, offset: number, length: number) => Values;

/** The arrays of a pooling, each between margins; dx full of garbage. */
function arraysIn(buffer: ArrayBuffer, Type: ArrayType, inputSize: number, outputSize: number) {
  new Float32Array(buffer).fill(MARK);
  let end = 0;
  const array = <T extends Values>(
    Of: new (buffer: ArrayBuffer, offset: number, length: number) => T,
    size: number,
  ): T => {
    const offset = end + MARGIN * 4;
    end = offset + (size + MARGIN) * 4;
    return new Of(buffer, offset, size);
  };
  return {
    x: array(Type, inputSize),
    y: array(Type, outputSize),
    argmax: array(Int32Array, outputSize),
    dy: array(Type, outputSize),
    dx: array(Type, inputSize),
    end: () => end,
  };
}

/** The forward and the backward pass by SIMD and by the loops: all bytes of their memories, margins too. */
function both(options: PoolOptions, size: readonly number[], x: Values, batch = 2): [Values, Values] {
  const channels = x.length / size.reduce((a, b) => a * b, batch);
  const spec = poolSpec('test', size.length as 2 | 3, options);
  const g = poolGeometry('test', spec, [batch, ...size, channels]);
  const outputSize = batch * g.depth.output * g.height.output * g.width.output * channels;
  const Type = x.constructor as ArrayType;
  const next = randomFrom(outputSize);
  const dy = Float32Array.from({ length: outputSize }, () => (next() - 0.5) * 1000);
  const [actual, expected] = (
    [
      [kernels, memory.buffer],
      [LOOPS, new ArrayBuffer(memory.buffer.byteLength)],
    ] as const
  ).map(([by, buffer]) => {
    const a = arraysIn(buffer, Type, x.length, outputSize);
    a.x.set(x);
    a.dy.set(dy);
    by.maxPool(g, a.x, a.y, a.argmax);
    by.scatterArgmax(g, a.dy, a.argmax, a.dx);
    return new (Type as Float32ArrayConstructor)(buffer.slice(0, a.end()));
  });
  return [actual, expected];
}

function expectSame([actual, expected]: [Values, Values]): void {
  expect(expected.length).toBeGreaterThan(8 * MARGIN);
  // NaN equals NaN and -0 equals 0, in both directions.
  const at = actual.findIndex(
    (value, i) => !(value === expected[i] || (value !== value && expected[i] !== expected[i])),
  );
  expect({ at, value: actual[at] }).toEqual({ at: -1, value: undefined });
  expect(actual).toHaveLength(expected.length);
}

describe.each(CHANNELS)('%i channels', (channels) => {
  const next = randomFrom(channels);
  const nines = CHANNELS_OF_NINES.includes(channels) ? NINES : [];
  const sizeOf = (size: readonly number[]) => size.reduce((a, b) => a * b, 2 * channels);
  const numbers = (size: readonly number[]) => Float32Array.from({ length: sizeOf(size) }, () => next() - 0.5);
  const among = (size: readonly number[], values: readonly number[]) =>
    Float32Array.from({ length: sizeOf(size) }, () => values[Math.floor(next() * values.length)]);

  describe.each([...OPTIONS, ...nines])('%j', (options) => {
    test.each(SIZES)('%i x %i', (...size) => {
      expectSame(both(options, size, numbers(size)));
      // Ties of two and more, zeros of both signs, nothing but -Infinity, and sums that look like a NaN.
      expectSame(both(options, size, among(size, [1, 2])));
      expectSame(both(options, size, among(size, [0, -0])));
      expectSame(both(options, size, among(size, [-Infinity])));
      expectSame(both(options, size, among(size, [-Infinity, Infinity, 3e38, -3e38])));
      expectSame(both(options, size, among(size, [1e-45, -1e-45, 0])));
      // Several NaN in a window, and alone with -Infinity.
      expectSame(both(options, size, among(size, [NaN, 1, 2])));
      expectSame(both(options, size, among(size, [NaN, NaN, -Infinity])));
      expectSame(both(options, size, among(size, [NaN])));
    });

    test('int32', () => {
      const size = SIZES[1];
      expectSame(
        both(
          options,
          size,
          Int32Array.from(numbers(size), (value) => value * 2 ** 32),
        ),
      );
      expectSame(both(options, size, Int32Array.from(among(size, [-(2 ** 31), 2 ** 31 - 1]))));
    });
  });

  for (const options of nines) {
    test(`less than a window wide or high: ${JSON.stringify(options)}`, () => {
      for (const size of [
        [5, 1],
        [1, 6],
        [2, 2],
      ] as const)
        expectSame(both(options, size, numbers(size)));
    });
  }

  test.each([...OPTIONS.slice(0, 2), ...nines])('one NaN anywhere: %j', (options) => {
    const [height, width] = [6, 5];
    const x = Float32Array.from({ length: height * width * channels }, () => next() - 0.5);
    for (let at = 0; at < x.length; at++) {
      expectSame(
        both(
          options,
          [height, width],
          x.map((value, i) => (i === at ? NaN : value)),
          1,
        ),
      );
    }
  });

  test.each(VOLUMES)('a volume %j: %j', (size, options) => {
    expectSame(both(options, size, numbers(size)));
    expectSame(both(options, size, among(size, [1, 2])));
    expectSame(both(options, size, among(size, [-Infinity])));
    expectSame(both(options, size, among(size, [1, 1, 1, 1, 1, 1, 1, 1, NaN])));
    expectSame(
      both(
        options,
        size,
        Int32Array.from(numbers(size), (value) => value * 2 ** 32),
      ),
    );
    const x = numbers(size).subarray(0, sizeOf(size) / 2);
    for (let at = 0; at < x.length; at += Math.ceil(x.length / 40)) {
      expectSame(
        both(
          options,
          size,
          x.map((value, i) => (i === at ? NaN : value)),
          1,
        ),
      );
    }
  });
});
