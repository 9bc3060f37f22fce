/**
 * The loops and the SIMD kernels, in place and in chunks, against the oracle: random geometries and data, bit for
 * bit; and what they must not touch.
 */
import { adaptiveGeometry } from '../../src/adaptive';
import { POOLING_OPTIONS, readOptions } from '../../src/options';
import { type PoolGeometry, poolGeometry } from '../../src/geometry';
import { LOOPS } from '../../src/kernels/loops';
import type { PoolKernels, Values } from '../../src/kernels/pool_kernels';
import { makeCopiedSimdKernels } from '../../src/kernels/simd/copied';
import { simdKernels } from '../../src/kernels/simd/in_place';
import { poolModule } from '../../src/kernels/simd/module';
import { LEAST, threadedKernels } from '../../src/kernels/simd/threaded';
import { type PoolOptions, type SpatialRank, poolSpec } from '../../src/spec';
import { type AdaptiveOptions, adaptiveAverageOracle, adaptiveMaxOracle, windowsOf } from '../oracle/adaptive';
import { averageOracle, spreadOracle } from '../oracle/average';
import {
  type OracleTensor,
  col2imOracle,
  gatherOracle,
  im2colOracle,
  poolOracle,
  scatterOracle,
} from '../oracle/pooling';
import { randomFrom } from '../support/data';

interface Sample {
  rank: SpatialRank;
  options: PoolOptions;
  geometry: PoolGeometry;
  x: OracleTensor;
  dy: OracleTensor;
  /** Numbers of taps, real or not, and others. */
  argmax: OracleTensor;
}

const SPECIAL = [NaN, NaN, Infinity, -Infinity, 0, -0, 1e38, -3e38, 1e-45].map(Math.fround);
const WILD = [-1, -(2 ** 31), 2 ** 31 - 1, 1000];
const GARBAGE = 0x5a5a5a5a;
const GAP = 256;

const memory = new WebAssembly.Memory({ initial: 16, maximum: 16 });
const inPlace = simdKernels(memory)!;

/** Copies of arrays, in the module's memory, with gaps between them that `checkGaps` looks at. */
function inMemory(arrays: Values[]): Values[] {
  new Int32Array(memory.buffer).fill(GARBAGE);
  let at = GAP;
  return arrays.map((array) => {
    const copy = new (array.constructor as Int32ArrayConstructor)(memory.buffer as ArrayBuffer, at, array.length);
    copy.set(array);
    at += array.byteLength + GAP;
    return copy;
  });
}

function checkGaps(arrays: Values[]): void {
  const all = new Int32Array(memory.buffer);
  let at = 0;
  for (const { byteOffset, byteLength } of [...arrays, { byteOffset: all.byteLength, byteLength: 0 }]) {
    for (; at < byteOffset / 4; at++) if (all[at] !== GARBAGE) throw new Error(`byte ${at * 4} was written`);
    at = (byteOffset + byteLength) / 4;
  }
}

/** Of windows that are fitted to the outputs; `argmax` holds numbers of taps of its window, and others. */
interface FittedSample extends Omit<Sample, 'options'> {
  options: AdaptiveOptions;
  max: ReturnType<typeof adaptiveMaxOracle>;
  average: ReturnType<typeof adaptiveAverageOracle>;
  /** What `argmax` routes and reads. */
  routed: { dx: OracleTensor; y: OracleTensor };
}

interface Subject {
  name: string;
  kernels: PoolKernels;
  arrays: (arrays: Values[]) => Values[];
  check: (arrays: Values[]) => void;
}

const elsewhere = { arrays: (arrays: Values[]) => arrays.map((array) => array.slice()), check: () => {} };

/** Chunks for threads, done by one, the last chunk first. */
const inChunks = threadedKernels(inPlace, {
  count: 2,
  recorder: poolModule(memory)!,
  run: (chunks, record) => {
    [...chunks].reverse().forEach(record);
    return true;
  },
});
Object.assign(LEAST, { elements: 1, chunk: 1 });

const SUBJECTS: Subject[] = [
  { name: 'loops', kernels: LOOPS, ...elsewhere },
  { name: 'SIMD in place', kernels: inPlace, arrays: inMemory, check: checkGaps },
  { name: 'SIMD in chunks, as threads share them', kernels: inChunks, arrays: inMemory, check: checkGaps },
  { name: 'SIMD on copies', kernels: makeCopiedSimdKernels(2 ** 17, 2 ** 24)!, ...elsewhere },
  { name: 'SIMD on copies, the smallest chunks', kernels: makeCopiedSimdKernels(1, 2 ** 24)!, ...elsewhere },
  { name: 'SIMD on copies, some chunks', kernels: makeCopiedSimdKernels(500, 2 ** 24)!, ...elsewhere },
  { name: 'SIMD on copies, hardly any room', kernels: makeCopiedSimdKernels(500, 2 ** 13)!, ...elsewhere },
];

const SAMPLES = Array.from({ length: 400 }, (_, seed) => sample(seed)).filter((s) => s !== undefined);
const FITTED = Array.from({ length: process.env.WIDE_TESTS ? 600 : 150 }, (_, seed) => fittedSample(seed));

for (const { name, kernels, arrays, check } of SUBJECTS) {
  describe(name, () => {
    test('max pooling', () => {
      for (const { rank, options, geometry, x } of SAMPLES) {
        const expected = poolOracle(rank, options, x);
        const [xs, ys, argmax] = arrays([array(x), garbage(expected.y), garbage(expected.argmax)]);
        kernels.maxPool(geometry, xs, ys, argmax as Int32Array);
        check([xs, ys, argmax]);
        expectSame(ys, expected.y, options);
        expectSame(argmax, expected.argmax, options);
        const [xs2, alone] = arrays([array(x), garbage(expected.y)]);
        kernels.maxPool(geometry, xs2, alone);
        check([xs2, alone]);
        expectSame(alone, expected.y, options);
      }
    });

    test('routing, with numbers of taps that are none', () => {
      for (const { rank, options, geometry, x, dy, argmax } of SAMPLES) {
        const [dys, as, dx] = arrays([array(dy), array(argmax), garbage(x)]);
        kernels.scatterArgmax(geometry, dys, as as Int32Array, dx);
        check([dys, as, dx]);
        expectSame(dx, scatterOracle(rank, options, dy, argmax, x.shape), options);
        const [dys2, as3, written] = arrays([array(dy), array(argmax), garbage(x)]);
        kernels.scatterArgmax(geometry, dys2, as3 as Int32Array, written, 'write');
        check([dys2, as3, written]);
        expectSame(written, scatterOracle(rank, options, dy, argmax, x.shape, 'write'), options);
        const [xs, as2, y] = arrays([array(x), array(argmax), garbage(dy)]);
        kernels.gatherArgmax(geometry, xs, as2 as Int32Array, y);
        check([xs, as2, y]);
        expectSame(y, gatherOracle(rank, options, x, argmax), options);
      }
    });

    test('whether numbers are taps, wherever a wrong one stands', () => {
      const right = [1, 4, 9, 2 ** 31].flatMap((taps) => [0, 1, 3, 17, 100].map((size) => ({ taps, size })));
      for (const { taps, size } of right) {
        const last = Math.min(taps, 2 ** 31) - 1;
        const numbers = Int32Array.from({ length: size }, (_, i) => [0, last, Math.floor(last / 2)][i % 3]);
        const [as] = arrays([numbers]);
        expect(kernels.areTaps(as as Int32Array, taps)).toBe(true);
        check([as]);
        const wrong = [-1, -(2 ** 31), ...(taps < 2 ** 31 ? [taps, 2 ** 31 - 1] : [])];
        for (const [at, value] of [...numbers.keys()].flatMap((i) => wrong.map((w) => [i, w] as const))) {
          const [spoilt] = arrays([numbers.map((number, i) => (i === at ? value : number))]);
          expect(kernels.areTaps(spoilt as Int32Array, taps)).toBe(false);
        }
      }
    });

    test('averages and their adjoint', () => {
      for (const { rank, options, geometry, x, dy } of SAMPLES.filter((each) => each.x.dtype === 'float32')) {
        for (const counted of ['real', 'padded', 'one'] as const) {
          const expected = averageOracle(rank, options, x, counted);
          const [xs, ys] = arrays([array(x), garbage(expected)]);
          kernels.averagePool(geometry, xs, ys as Float32Array, counted);
          check([xs, ys]);
          expectSame(ys, expected, options);
          const [dys, dx] = arrays([array(dy), garbage(x)]);
          kernels.averageSpread(geometry, dys, dx as Float32Array, counted);
          check([dys, dx]);
          expectSame(dx, spreadOracle(rank, options, dy, x.shape, counted), options);
        }
      }
    });

    test('maxima and their routing, of windows fitted to the outputs', () => {
      for (const { options, geometry, x, dy, argmax, max: expected, routed } of FITTED) {
        const [xs, ys, as] = arrays([array(x), garbage(expected.y), garbage(expected.argmax)]);
        kernels.maxPool(geometry, xs, ys, as as Int32Array);
        check([xs, ys, as]);
        expectSame(ys, expected.y, { options, shape: x.shape });
        expectSame(as, expected.argmax, { options, shape: x.shape });
        const [xs2, alone] = arrays([array(x), garbage(expected.y)]);
        kernels.maxPool(geometry, xs2, alone);
        check([xs2, alone]);
        expectSame(alone, expected.y, { options, shape: x.shape });

        const [dys, as2, dxs] = arrays([array(dy), array(argmax), garbage(x)]);
        kernels.scatterArgmax(geometry, dys, as2 as Int32Array, dxs);
        check([dys, as2, dxs]);
        expectSame(dxs, routed.dx, { options, shape: x.shape });
        const [xs3, as3, read] = arrays([array(x), array(argmax), garbage(dy)]);
        kernels.gatherArgmax(geometry, xs3, as3 as Int32Array, read);
        check([xs3, as3, read]);
        expectSame(read, routed.y, { options, shape: x.shape });
      }
    });

    test('averages and their adjoint, of windows fitted to the outputs', () => {
      for (const { options, geometry, x, dy, average: expected } of FITTED.filter(
        (each) => each.x.dtype === 'float32',
      )) {
        const [xs, ys] = arrays([array(x), garbage(expected.y)]);
        kernels.averagePool(geometry, xs, ys as Float32Array, 'real');
        check([xs, ys]);
        expectSame(ys, expected.y, { options, shape: x.shape });
        const [dys, dx] = arrays([array(dy), garbage(x)]);
        kernels.averageSpread(geometry, dys, dx as Float32Array, 'real');
        check([dys, dx]);
        expectSame(dx, expected.dx, { options, shape: x.shape });
      }
    });

    test('columns', () => {
      for (const { rank, options, geometry, x } of SAMPLES) {
        const expected = im2colOracle(rank, { ...options, padValue: 7 } as never, x);
        const [xs, columns, dx] = arrays([array(x), garbage(expected), garbage(x)]);
        kernels.im2col(geometry, xs, columns, 7);
        expectSame(columns, expected, options);
        kernels.col2im(geometry, columns, dx);
        check([xs, columns, dx]);
        expectSame(dx, col2imOracle(rank, options as never, expected, x.shape), options);
      }
    });
  });
}

/** A pooling of random shape with random data; undefined where the options don't fit together. */
function sample(seed: number): Sample | undefined {
  const random = randomFrom(seed);
  const int = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const rank = int(1, 3) as SpatialRank;
  const each = <T>(f: () => T): T[] => Array.from({ length: rank }, f);
  const poolSize = each(() => int(1, 3));
  const options: PoolOptions = {
    poolSize,
    strides: random() < 0.4 ? poolSize : each(() => int(1, 4)),
    dilationRate: random() < 0.3 ? each(() => int(1, 3)) : 1,
    padding: random() < 0.4 ? 'valid' : random() < 0.3 ? 'same' : each(() => [int(0, 2), int(0, 2)]),
    ceilMode: random() < 0.3,
    nan: random() < 0.5 ? 'propagate' : 'ignore',
  };
  const shape = [int(1, 2), ...each(() => int(1, 10 - 2 * rank)), random() < 0.2 ? int(10, 40) : int(1, 9)];
  let geometry: PoolGeometry;
  try {
    geometry = poolGeometry('sample', poolSpec('sample', rank, options), shape);
  } catch {
    return undefined;
  }
  const { x, dy } = dataOf(random, shape, geometry);
  const argmax = tensorOf(geometry.yShape, 'int32', () => (random() < 0.1 ? WILD[int(0, 3)] : int(-1, geometry.taps)));
  return { rank, options, geometry, x, dy, argmax };
}

/** Along each axis less outputs than elements, as many, or more. */
function fittedSample(seed: number): FittedSample {
  const random = randomFrom(seed);
  const int = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const rank = int(1, 3) as SpatialRank;
  const each = <T>(f: () => T): T[] => Array.from({ length: rank }, f);
  const outputSize = each(() => int(1, 9 - 2 * rank));
  const [dataFormat, nan] = [
    int(0, 2) === 0 ? 'channelsFirst' : 'channelsLast',
    int(0, 1) === 0 ? 'ignore' : 'propagate',
  ] as const;
  const options = { outputSize, dataFormat, nan };
  const [batch, spatial] = [int(1, 6), each(() => int(1, random() < 0.1 ? 25 : 12 - 2 * rank))];
  const channels = random() < 0.2 ? int(10, 40) : int(1, 9);
  const shape = dataFormat === 'channelsFirst' ? [batch, channels, ...spatial] : [batch, ...spatial, channels];
  const geometry = adaptiveGeometry('sample', readOptions('sample', rank, POOLING_OPTIONS.adaptiveMax, options), shape);
  const { x, dy } = dataOf(random, shape, geometry);
  const argmax = tensorOf(geometry.yShape, 'int32', () => (random() < 0.1 ? WILD[int(0, 3)] : int(-1, geometry.taps)));
  const max = adaptiveMaxOracle(rank, options, x, dy.data);
  const average = adaptiveAverageOracle(rank, options, x, dy.data);
  return { rank, options, geometry, x, dy, argmax, max, average, routed: routedBy(rank, options, x, dy, argmax) };
}

function routedBy(
  rank: SpatialRank,
  options: AdaptiveOptions,
  x: OracleTensor,
  dy: OracleTensor,
  argmax: OracleTensor,
): FittedSample['routed'] {
  const [dx, y] = [
    { ...x, data: x.data.map(() => 0) },
    { ...dy, data: dy.data.map(() => 0) },
  ];
  for (const { at, candidates } of windowsOf(rank, options, x.shape).windows) {
    const from = candidates.find(({ tap }) => tap === argmax.data[at])?.at;
    if (from === undefined) continue;
    const sum = dx.data[from] + dy.data[at];
    dx.data[from] = x.dtype === 'int32' ? sum | 0 : Math.fround(sum);
    y.data[at] = x.data[from];
  }
  return { dx, y };
}

function dataOf(random: () => number, shape: number[], { yShape }: PoolGeometry): Pick<Sample, 'x' | 'dy'> {
  const int = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const dtype = random() < 0.3 ? 'int32' : 'float32';
  const specials = [0, 0.02, 0.5, 1][int(0, 3)];
  const value = () => {
    if (dtype === 'int32') return random() < 0.2 ? -(2 ** 31) : int(-4, 4);
    if (random() < specials) return SPECIAL[int(0, SPECIAL.length - 1)];
    return random() < 0.3 ? int(-1, 1) : Math.fround(random() * 2 - 1);
  };
  return { x: tensorOf(shape, dtype, value), dy: tensorOf(yShape, dtype, value) };
}

function tensorOf(shape: readonly number[], dtype: 'float32' | 'int32', f: () => number): OracleTensor {
  return { shape: [...shape], dtype, data: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, f) };
}

function array({ dtype, data }: OracleTensor): Values {
  return dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data);
}

/** What an output may hold beforehand. */
function garbage(like: OracleTensor): Values {
  return array({ ...like, data: like.data.map(() => 77) });
}

/** As numbers: NaN is NaN, -0 is 0. */
function expectSame(actual: Values, expected: OracleTensor, options: object): void {
  const wrong = expected.data.findIndex(
    (value, i) => !(actual[i] === value || (actual[i] !== actual[i] && value !== value)),
  );
  if (wrong >= 0 || actual.length !== expected.data.length) {
    throw new Error(
      `[${wrong}]: expected ${expected.data[wrong]}, got ${actual[wrong]}; ` +
        `shape ${JSON.stringify(expected.shape)}, options ${JSON.stringify(options)}`,
    );
  }
}
