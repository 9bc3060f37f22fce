/** Norms and their gradient on the loops and the SIMD kernels, in place and in chunks: the same bits, and near those of 64 bit. */
import { poolGeometry } from '../../src/geometry';
import { cubeRoot } from '../../src/kernels/lp_loops';
import { LOOPS } from '../../src/kernels/loops';
import type { PoolKernels, Values } from '../../src/kernels/pool_kernels';
import { makeCopiedSimdKernels } from '../../src/kernels/simd/copied';
import { simdKernels } from '../../src/kernels/simd/in_place';
import { type PoolOptions, type SpatialRank, poolSpec } from '../../src/spec';
import { layoutOf } from '../oracle/pooling';
import { randomFrom } from '../support/data';

const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
/** What lies before an array in the kernels' memory, and behind it. */
const [MARGIN, MARK] = [16, 77];

type Arrays = (lengths: readonly number[]) => { arrays: Float32Array[]; expectMargins: () => void };

const elsewhere: Arrays = (lengths) => ({
  arrays: lengths.map((length) => new Float32Array(length)),
  expectMargins: () => {},
});

const inMemory: Arrays = (lengths) => {
  const all = new Float32Array(memory.buffer).fill(MARK);
  let end = MARGIN;
  const arrays = lengths.map((length) => {
    const array = all.subarray(end, end + length);
    end += length + MARGIN;
    return array;
  });
  return {
    arrays,
    expectMargins: () => {
      let at = 0;
      for (const array of [...arrays, all.subarray(all.length)]) {
        const first = array.byteOffset / 4;
        expect(all.subarray(at, first).every((value) => value === MARK)).toBe(true);
        at = first + array.length;
      }
    },
  };
};

const SUBJECTS: Array<[name: string, kernels: PoolKernels, arrays: Arrays]> = [
  ['in place', simdKernels(memory)!, inMemory],
  ['on copies', makeCopiedSimdKernels(2 ** 17, 2 ** 24)!, elsewhere],
  ['on copies, the smallest chunks', makeCopiedSimdKernels(1, 2 ** 24)!, elsewhere],
  ['on copies, some chunks', makeCopiedSimdKernels(300, 2 ** 24)!, elsewhere],
  ['on copies, hardly any room', makeCopiedSimdKernels(300, 4096)!, elsewhere],
];

const ROWS: Array<[rank: SpatialRank, shape: number[], options: PoolOptions]> = [
  ...[1, 2, 3, 4, 5, 8, 9, 11, 16, 19].map((channels): [SpatialRank, number[], PoolOptions] => [
    2,
    [2, 6, 7, channels],
    { poolSize: 3, strides: 2, padding: 1 },
  ]),
  [2, [2, 4, 6, 8], { poolSize: 2 }],
  [2, [1, 7, 7, 6], { poolSize: 2, strides: 3, dilationRate: 2 }],
  [2, [1, 5, 5, 4], { poolSize: 3, strides: 1, padding: 2, ceilMode: true }],
  [2, [2, 3, 5, 6], { poolSize: 2, strides: 1, dataFormat: 'channelsFirst' }],
  [1, [2, 13, 3], { poolSize: 4, strides: 3 }],
  [3, [1, 4, 5, 3, 5], { poolSize: 2, strides: 1, padding: 1 }],
  // One channel: four neighbouring outputs of a row at once, and what is left over at its ends.
  [2, [3, 6, 32, 1], { poolSize: 2 }],
  [2, [3, 6, 27, 1], { poolSize: 3, strides: 2, padding: 1 }],
  [2, [2, 5, 14, 1], { poolSize: 3, strides: 1, padding: 'same' }],
  [2, [2, 5, 23, 1], { poolSize: 4, strides: 1, padding: 3, dilationRate: 2 }],
  [1, [2, 41, 1], { poolSize: 5, strides: 3, padding: 2, ceilMode: true }],
  [3, [2, 3, 4, 19, 1], { poolSize: 2, strides: [1, 2, 2] }],
];

type Fill = 'usual' | 'large and small' | 'not finite';
const RARE = [NaN, Infinity, -Infinity, 3e38, -0, 1e-42].map(Math.fround);

/** Elements of a window have nearly the same size, or else any. */
function values(length: number, seed: number, fill: Fill): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from({ length }, () => {
    if (fill === 'not finite' && random() < 0.1) return RARE[Math.floor(random() * RARE.length)];
    const size = fill === 'usual' ? 1 : 10 ** (random() * 76 - 38);
    return random() < 0.2 ? 0 : (random() - 0.3) * size;
  });
}

function expectSame(actual: Values, expected: Values): void {
  // NaN equals NaN, and -0 equals 0.
  const at = actual.findIndex((value, i) => !Object.is(value + 0, expected[i] + 0));
  expect({ at, value: actual[at] }).toEqual({ at: -1, value: undefined });
}

describe.each([2, 3, 1.5, 4, 0.5])('p = %d', (p) => {
  test.each(SUBJECTS)('%s: the bits of the loops', (_, kernels, arraysOf) => {
    expect(kernels.variant).toBe('simd');
    ROWS.forEach(([rank, shape, options], seed) => {
      for (const fill of ['usual', 'large and small', 'not finite'] as const) {
        const g = poolGeometry('test', poolSpec('test', rank, options), shape);
        const [xSize, ySize] = [g.xShape, g.yShape].map((sizes) => sizes.reduce((a, b) => a * b, 1));
        const [x, dy] = [values(xSize, seed, fill), values(ySize, seed + 100, 'usual')];
        const [y, dx] = [new Float32Array(ySize), new Float32Array(xSize)];
        LOOPS.lpPool(g, x, y, p);
        LOOPS.lpPoolGradient(g, x, y, dy, dx, p);
        const { arrays, expectMargins } = arraysOf([xSize, ySize, ySize, xSize]);
        arrays[0].set(x);
        arrays[1].fill(NaN);
        arrays[2].set(dy);
        arrays[3].fill(NaN);
        kernels.lpPool(g, arrays[0], arrays[1], p);
        expectSame(arrays[1], y);
        kernels.lpPoolGradient(g, arrays[0], arrays[1], arrays[2], arrays[3], p);
        expectSame(arrays[3], dx);
        expectMargins();
      }
    });
  });

  test('the loops: within a few roundings of 64 bit', () => {
    ROWS.forEach(([rank, shape, options], seed) => {
      const g = poolGeometry('test', poolSpec('test', rank, options), shape);
      const x = values(
        shape.reduce((a, b) => a * b, 1),
        seed,
        'large and small',
      ).map(Math.abs);
      const dy = values(
        g.yShape.reduce((a, b) => a * b, 1),
        seed + 100,
        'usual',
      ).map(Math.abs);
      const [y, dx] = [dy.slice(), x.slice()];
      LOOPS.lpPool(g, x, y, p);
      LOOPS.lpPoolGradient(g, x, y, dy, dx, p);
      const slopes = new Array<number>(x.length).fill(0);
      for (const { at, candidates } of layoutOf(rank, options, shape).outputs) {
        const greatest = Math.max(...candidates.map((c) => x[c.at]));
        const sum = candidates.reduce((total, c) => total + (x[c.at] / (greatest || 1)) ** p, 0);
        const norm = greatest * sum ** (1 / p);
        expectNear(y[at], norm);
        if (norm === 0) continue;
        for (const c of candidates) if (x[c.at] !== 0) slopes[c.at] += dy[at] * (x[c.at] / norm) ** (p - 1);
      }
      dx.forEach((value, i) => expectNear(value, slopes[i]));
    });
  });
});

/** Denormal numbers have fewer bits; what is beyond float32 is infinite. */
function expectNear(actual: number, expected: number): void {
  if (Math.abs(expected) > 3.4e38) return;
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * 2 ** -20 + 2 ** -140);
}

test('cube roots are right to the last bit but one, of numbers of every size', () => {
  const random = randomFrom(1);
  for (let i = 0; i < 20000; i++) {
    const value = Math.fround((1 + random()) * 2 ** Math.floor(random() * 277 - 149));
    if (value === Infinity) continue;
    expect(Math.abs(cubeRoot(value) / Math.cbrt(value) - 1)).toBeLessThan(2 ** -23);
  }
  expect([0, -0, Infinity, -Infinity, -1, NaN, 8, 27].map(cubeRoot)).toEqual([
    0,
    0,
    Infinity,
    Infinity,
    NaN,
    NaN,
    2,
    3,
  ]);
});
