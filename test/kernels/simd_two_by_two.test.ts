/** Windows of 2x2 and 3x3 on the SIMD kernels, which look for NaN while they pool: one in any place, and false alarms. */
import { poolGeometry } from '../../src/geometry';
import { LOOPS } from '../../src/kernels/loops';
import { simdKernels } from '../../src/kernels/simd/in_place';
import { type PoolOptions, poolSpec } from '../../src/spec';
import { randomFrom } from '../support/data';

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
const kernels = simdKernels(memory)!;
const [HEIGHT, WIDTH] = [5, 5];

const OPTIONS: PoolOptions[] = [
  { poolSize: 2 },
  { poolSize: 2, nan: 'ignore' },
  { poolSize: 2, strides: 3 },
  { poolSize: 2, padding: 1 },
  {
    poolSize: 2,
    padding: [
      [1, 0],
      [0, 0],
    ],
  },
  { poolSize: 2, ceilMode: true },
  { poolSize: 2, dilationRate: [3, 1] },
  { poolSize: 2, strides: [1, 2] },
  { poolSize: 3, strides: 1 },
  { poolSize: 3, strides: 1, padding: 1 },
  { poolSize: 3, strides: 1, padding: 'same', nan: 'ignore' },
  { poolSize: 3, strides: 2 },
  { poolSize: 3, strides: 2, padding: 1 },
  { poolSize: 3, strides: 2, ceilMode: true, padding: [1, 0] },
];

/** Values alone by SIMD and by the loops. */
function both(options: PoolOptions, channels: number, values: Float32Array | Int32Array): [number[], number[]] {
  const g = poolGeometry('test', poolSpec('test', 2, options), [1, HEIGHT, WIDTH, channels]);
  const size = g.height.output * g.width.output * channels;
  const Type = values.constructor as Float32ArrayConstructor;
  const x = new Type(memory.buffer, 0, values.length);
  const y = new Type(memory.buffer, x.byteLength, size + 16);
  x.set(values as Float32Array);
  y.fill(77);
  kernels.maxPool(g, x, y.subarray(0, size));
  const expected = new Type(size + 16).fill(77);
  LOOPS.maxPool(g, x, expected.subarray(0, size));
  return [[...y], [...expected]];
}

describe.each([3, 4, 7, 8, 16, 21, 40])('%i channels', (channels) => {
  const next = randomFrom(channels);
  const numbers = Float32Array.from({ length: HEIGHT * WIDTH * channels }, () => next() - 0.5);

  test.each(OPTIONS)('one NaN anywhere: %j', (options) => {
    for (let at = 0; at < numbers.length; at++) {
      const [actual, expected] = both(
        options,
        channels,
        numbers.map((v, i) => (i === at ? NaN : v)),
      );
      expect(actual).toEqual(expected);
    }
  });

  test.each(OPTIONS)('infinities of both signs, sums that overflow, denormal numbers, none of them: %j', (options) => {
    const odd = [Infinity, -Infinity, 3e38, -3e38, 1e-45, -1e-40];
    for (const among of [odd, odd.slice(2), odd.slice(4), [-Infinity]]) {
      const [actual, expected] = both(
        options,
        channels,
        numbers.map((v, i) => (i % 3 === 0 ? v : among[i % among.length])),
      );
      expect(actual).toEqual(expected);
    }
    expect(both(options, channels, numbers)[0]).toEqual(both(options, channels, numbers)[1]);
  });

  test.each([{ poolSize: 2 }, { poolSize: 3, strides: 1 }, { poolSize: 3, strides: 2 }])('int32: %j', (options) => {
    const ints = Int32Array.from(numbers, (v) => v * 2 ** 32);
    const [actual, expected] = both(options, channels, ints);
    expect(actual).toEqual(expected);
  });
});
