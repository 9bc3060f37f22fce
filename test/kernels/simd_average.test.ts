/** Averages on the SIMD kernels, and their adjoint: against the loops, with margins that nobody may touch. */
import { type Divisor } from '../../src/average';
import { type PoolGeometry, poolGeometry } from '../../src/geometry';
import { LOOPS } from '../../src/kernels/loops';
import { simdKernels } from '../../src/kernels/simd/in_place';
import { type PoolOptions, poolSpec } from '../../src/spec';
import { randomFrom } from '../support/data';

const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
const kernels = simdKernels(memory)!;
/** What lies in front of an array, and behind it. */
const [MARGIN, MARK] = [16, 77];

const CHANNELS = [1, 2, 3, 4, 5, 7, 8, 11, 16, 17, 19, 20, 35];
const SIZES: [number, number][] = [
  [5, 5],
  [6, 7],
  [3, 9],
  [9, 4],
];
const OPTIONS: PoolOptions[] = [
  { poolSize: 2 },
  { poolSize: 3, strides: 1 },
  { poolSize: 3, strides: 2 },
  { poolSize: 3, strides: 3 },
  { poolSize: 3, strides: 1, padding: 'same' },
  { poolSize: 3, strides: 2, padding: 'same' },
  { poolSize: 3, strides: 1, padding: 2 },
  { poolSize: 3, strides: 2, padding: 1, ceilMode: true },
  { poolSize: 3, strides: [2, 1], padding: [1, 0] },
  { poolSize: [2, 3], strides: [3, 1] },
  { poolSize: [1, 3], strides: [2, 2], padding: [0, 2] },
  { poolSize: 3, strides: [1, 2], padding: [[0, 2], [2, 1]] }, // prettier-ignore
  { poolSize: [2, 3], strides: 1, dilationRate: [2, 1] },
  { poolSize: [3, 2], strides: 1, padding: 1, dilationRate: [1, 2] },
];
const DIVISORS: Divisor[] = ['real', 'padded', 'one'];

/** Of all magnitudes: sums in another order are other numbers. Some are no numbers. */
function hard(length: number, seed: number, notFinite: boolean): Float32Array {
  const next = randomFrom(seed);
  const rare = [NaN, Infinity, -Infinity, 3e38, -3e38, -0, 1e-42];
  return Float32Array.from({ length }, () =>
    notFinite && next() < 0.1 ? rare[Math.floor(next() * rare.length)] : (next() - 0.5) * 10 ** (next() * 12 - 6),
  );
}

/** An array in the kernels' memory that holds garbage, between margins. */
function arrayAt(offset: number, length: number): { array: Float32Array; end: number; expectMargins: () => void } {
  const whole = new Float32Array(memory.buffer, offset, length + 2 * MARGIN).fill(MARK);
  return {
    array: whole.subarray(MARGIN, MARGIN + length),
    end: offset + whole.byteLength,
    expectMargins: () => {
      const margins = [...whole.subarray(0, MARGIN), ...whole.subarray(MARGIN + length)];
      expect(margins.every((value) => value === MARK)).toBe(true);
    },
  };
}

function expectSame(actual: Float32Array, expected: Float32Array): void {
  // NaN equals NaN, and -0 equals 0.
  const at = actual.findIndex((value, i) => !Object.is(value + 0, expected[i] + 0));
  expect({ at, value: actual[at] }).toEqual({ at: -1, value: undefined });
}

const sizes = (g: PoolGeometry) => [g.xShape, g.yShape].map((shape) => shape.reduce((a, b) => a * b, 1));

/** Averages and their adjoint, by the SIMD kernels and by the loops. */
function expectLikeLoops(geometry: PoolGeometry, seed: number): void {
  const [xSize, ySize] = sizes(geometry);
  for (const divisor of DIVISORS) {
    for (const notFinite of [false, true]) {
      const from = arrayAt(0, Math.max(xSize, ySize));
      const to = arrayAt(from.end, Math.max(xSize, ySize));
      const x = hard(xSize, seed, notFinite);
      from.array.set(x);
      const y = to.array.subarray(0, ySize);
      kernels.averagePool(geometry, from.array.subarray(0, xSize), y, divisor);
      const expectedY = new Float32Array(ySize);
      LOOPS.averagePool(geometry, x, expectedY, divisor);
      expectSame(y, expectedY);

      const dy = hard(ySize, seed + 1, notFinite);
      from.array.set(dy);
      const dx = to.array.subarray(0, xSize).fill(NaN);
      kernels.averageSpread(geometry, from.array.subarray(0, ySize), dx, divisor);
      const expectedDx = new Float32Array(xSize);
      LOOPS.averageSpread(geometry, dy, expectedDx, divisor);
      expectSame(dx, expectedDx);
      from.expectMargins();
      to.expectMargins();
    }
  }
}

// A row of taps at a time, sixteen channels and the last four, eight or twelve.
test.each<PoolOptions>([
  { poolSize: [6, 7] },
  { poolSize: 4, strides: 1, padding: 2 },
  { poolSize: [2, 5], strides: 2, padding: 'same' },
  { poolSize: [3, 4], strides: 1, padding: 1, dilationRate: [1, 2] },
])('wide windows of many channels: %j', (options) => {
  for (const channels of [256, 260, 268]) {
    expectLikeLoops(poolGeometry('test', poolSpec('test', 2, options), [1, 6, 7, channels]), channels);
  }
  const cube = poolSpec('test', 3, { poolSize: [2, 2, 4] });
  expectLikeLoops(poolGeometry('test', cube, [1, 2, 3, 4, 264]), 1);
});

describe.each(CHANNELS)('%i channels', (channels) => {
  test.each(OPTIONS)('%j', (options) => {
    for (const size of SIZES)
      expectLikeLoops(poolGeometry('test', poolSpec('test', 2, options), [2, ...size, channels]), channels);
  });

  test.each(OPTIONS)('what is kept is added to: %j', (options) => {
    const [height, width] = [6, 7];
    const g = poolGeometry('test', poolSpec('test', 2, options), [1, height, width, channels]);
    const [xSize, ySize] = sizes(g);
    const dy = hard(ySize, channels + 2, false);
    // Whole rows, and columns of a row, which chunks of sequences are cut into.
    for (let pixels = 0; pixels <= height * width; pixels++) {
      const kept = pixels * channels;
      const [from, sums] = [arrayAt(0, ySize), hard(kept, channels + 3, false)];
      const to = arrayAt(from.end, xSize);
      from.array.set(dy);
      to.array.fill(NaN).set(sums);
      kernels.spreadOnto(g, from.array, to.array, 'real', kept);
      expectSame(to.array, spreadOnto(g, dy, sums));
      to.expectMargins();
    }
  });
});

/** Window after window, as the loops do it, but beginning with sums. */
function spreadOnto(g: PoolGeometry, dy: Float32Array, sums: Float32Array): Float32Array {
  const dx = new Float32Array(g.xShape.reduce((a, b) => a * b, 1));
  dx.set(sums);
  const { channels, width, height } = g;
  const one = new Float32Array(dy.length);
  for (let o = 0; o < height.output * width.output; o++) {
    one.fill(0).set(dy.subarray(o * channels, (o + 1) * channels), o * channels);
    const share = new Float32Array(dx.length);
    LOOPS.averageSpread(g, one, share, 'real');
    share.forEach((value, i) => {
      dx[i] += value;
    });
  }
  return dx;
}
