/**
 * The native kernels on arrays, without TensorFlow, against the SIMD module: random poolings, bit for bit, by the code of each
 * processor, on one thread and on several.
 */
import { type NativeModule, loadNative } from '#native';
import type { Divisor } from '../../src/average';
import { adaptiveGeometry } from '../../src/adaptive';
import { type PoolGeometry, hasFitted, poolGeometry } from '../../src/geometry';
import { type Values, isFloat32 } from '../../src/kernels/pool_kernels';
import { Scratch, dtypeOf } from '../../src/kernels/simd/scratch';
import { geometryText } from '../../src/kernels/tensorflow/native_attribute';
import { sizeOf } from '../../src/layout';
import { POOLING_OPTIONS, readOptions } from '../../src/options';
import { type Padding, type PoolOptions, type SpatialRank, poolSpec } from '../../src/spec';
import { randomFrom } from '../support/data';

/** As kernels.h numbers them. */
const KINDS = {
  maxPool: 0,
  scatterArgmax: 1,
  gatherArgmax: 2,
  averagePool: 3,
  averageSpread: 4,
  lpPool: 5,
  lpPoolGradient: 7,
};
type Kind = Exclude<keyof typeof KINDS, `lp${string}`>;
/** A kind of norms has a number for p = 2, and the next one for p = 3. */
const POWERS = [2, 3];
const SPECIAL = [NaN, NaN, Infinity, -Infinity, 0, -0, 1e38, -3e38, 1e-45, -1e-45].map(Math.fround);
const WILD = [-1, -(2 ** 31), 2 ** 31 - 1, 1000];
const GARBAGE = 77;
/** Window, stride, padding, dilation. */
const ROWS: [number, number, Padding, number][] = [
  [2, 2, 'valid', 1],
  [2, 2, 'same', 1],
  [3, 1, 'same', 1],
  [3, 2, 1, 1],
  [3, 2, 'valid', 1],
  [5, 1, 'same', 1],
  [3, 1, 'same', 2],
  // The last vector of a row is in the padding before, too.
  [
    3,
    1,
    [
      [2, 0],
      [2, 0],
    ],
    1,
  ],
  [
    3,
    1,
    [
      [0, 2],
      [0, 2],
    ],
    1,
  ],
  [
    3,
    2,
    [
      [2, 0],
      [2, 0],
    ],
    1,
  ],
  [
    2,
    2,
    [
      [1, 0],
      [0, 1],
    ],
    1,
  ],
  [
    4,
    4,
    [
      [3, 0],
      [0, 3],
    ],
    1,
  ],
  [2, 3, 'same', 1],
  [4, 4, 'valid', 1],
  [4, 4, [1, 2], 1],
  [2, 2, 1, 1],
];
/** Up to more than two vectors of the narrowest windows; and some that make several vectors of outputs whatever the stride. */
const WIDTHS = [...Array.from({ length: 21 }, (_, i) => i + 1), 30, 33, 40, 66, 70];
const SAMPLES = process.env.WIDE_TESTS === '1' ? 5000 : 250;

interface Sample {
  geometry: PoolGeometry;
  x: Values;
  dy: Values;
  /** Numbers of taps, real or not, and others. */
  argmax: Int32Array;
}

const { native, reason } = loaded();
const describeNative = reason === undefined ? describe : describe.skip;
const scratch = Scratch.make(2 ** 26)!;

function loaded(): { native?: NativeModule; reason?: string } {
  try {
    return { native: loadNative() };
  } catch (error) {
    // It is shipped for this one.
    if (process.platform === 'linux' && process.arch === 'x64') throw error;
    return { reason: (error as Error).message };
  }
}

const processors = ['baseline', 'avx2'].filter((name) => {
  try {
    return native?.configure(name, 0);
  } catch {
    return false;
  }
});

describeNative(`native kernels${reason === undefined ? '' : `: NOT AVAILABLE (${reason})`}`, () => {
  afterAll(() => void native?.configure(null, 0));

  describe.each(processors)('%s', (processor) => {
    test.each([
      ['small, one thread', 1, 1, SAMPLES],
      ['small, three threads', 3, 1, SAMPLES],
      ['larger, one thread', 1, 4, SAMPLES / 5],
      ['larger, three threads', 3, 4, SAMPLES / 5],
    ])('random poolings: %s', (_, threads, scale, count) => {
      expect(native!.configure(processor, threads)).toBe(`${processor} ${threads}`);
      let compared = 0;
      for (let seed = 0; seed < count; seed++) {
        const sample = sampleOf(seed, scale);
        if (sample) compared += compareAll(sample);
      }
      expect(compared).toBeGreaterThan(count);
    });
  });

  test.each(processors)('windows fitted to the outputs: %s', (processor) => {
    const sizes = new Set<string>();
    for (let seed = 0; seed < SAMPLES; seed++) {
      native!.configure(processor, 1 + 2 * (seed % 2));
      const sample = fittedSample(seed);
      compareAll(sample);
      const { channels, depth, height, width } = sample.geometry;
      for (const { input, output } of [depth, height, width]) sizes.add(input % output ? 'uneven' : 'even');
      sizes.add(channels === 1 ? 'one channel' : channels < 4 ? 'few channels' : 'many channels');
      sizes.add(width.output > width.input ? 'more outputs' : 'fewer outputs');
      if (width.window > 60 && height.window > 60) sizes.add('large windows');
    }
    expect(sizes.size).toBe(8);
  });

  // Ends of rows, rows shorter than a vector, and windows that reach over one end or both.
  test.each(processors)('rows of few channels, of every length around the lanes: %s', (processor) => {
    native!.configure(processor, 1);
    const random = randomFrom(5);
    for (const width of WIDTHS) {
      for (const [poolSize, strides, padding, dilationRate] of ROWS) {
        const [rank, shape] = [2 as const, [2, 5, width, width % 4 === 3 ? 2 : 1]];
        const dtype = width % 5 === 2 ? 'int32' : 'float32';
        const nan = width % 2 ? 'propagate' : 'ignore';
        for (const specials of [0, 0.1]) {
          const geometry = geometryOrNone(rank, { poolSize, strides, padding, dilationRate, nan }, shape);
          if (geometry) compareAll(sampleFor(geometry, random, dtype, specials));
        }
      }
    }
  });

  test('numbers and arrays that make no sense are errors', () => {
    const { geometry, x, dy, argmax } = sampleOf(7, 1)!;
    const text = geometryText(geometry)!;
    const run = (kind: number, geometryOf: string, input: Values, output: Values, tags: Int32Array | null = argmax) =>
      native!.run(kind, geometryOf, input, tags, output, null, null);
    expect(() => run(0, text, x, dy.slice())).not.toThrow();
    for (const bad of ['', 'x', '1 2 3', text.replace(/ \d+$/, ''), text.replace(/\d+$/, '0'), `-${text}`]) {
      expect(() => run(0, bad, x, dy.slice())).toThrow('no such geometry');
    }
    expect(() => run(9, text, x, dy.slice())).toThrow('no such kind');
    expect(() => run(0, text, x.slice(1), dy.slice())).toThrow('no such arrays');
    expect(() => run(0, text, x, dy.slice(1))).toThrow('no such arrays');
    expect(() => run(1, text, dy, x.slice(), null)).toThrow('no such arrays');
    expect(() => native!.configure('8086', 0)).toThrow('no such kernels');
  });
});

/** A pooling of random shape with random data; undefined where the options don't fit together. */
function sampleOf(seed: number, scale: number): Sample | undefined {
  const random = randomFrom(seed);
  const int = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const rank = int(1, 3) as SpatialRank;
  const each = <T>(f: () => T): T[] => Array.from({ length: rank }, f);
  const poolSize = each(() => int(1, random() < 0.2 ? 7 : 3));
  const options: PoolOptions = {
    poolSize,
    strides: random() < 0.4 ? poolSize : random() < 0.3 ? 1 : each(() => int(1, 4)),
    dilationRate: random() < 0.3 ? each(() => int(1, 3)) : 1,
    padding: random() < 0.4 ? 'valid' : random() < 0.3 ? 'same' : each(() => [int(0, 2), int(0, 2)]),
    ceilMode: random() < 0.3,
    nan: random() < 0.5 ? 'propagate' : 'ignore',
    dataFormat: random() < 0.2 ? 'channelsFirst' : 'channelsLast',
  };
  const channels = random() < 0.3 ? int(10, 70) : int(1, 9);
  const spatial = each(() => int(1, scale * [60, 12, 6][rank - 1]));
  const batch = int(1, 2);
  const shape = options.dataFormat === 'channelsFirst' ? [batch, channels, ...spatial] : [batch, ...spatial, channels];
  const geometry = geometryOrNone(rank, options, shape);
  if (!geometry) return undefined;
  const dtype = random() < 0.3 ? 'int32' : 'float32';
  return sampleFor(geometry, random, dtype, [0, 0, 0.02, 0.5, 1][int(0, 4)]);
}

/** A pooling whose windows are fitted to the outputs along at least one axis, with random data. */
function fittedSample(seed: number): Sample {
  const random = randomFrom(seed);
  const int = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const isLarge = seed % 25 === 7;
  const rank = (isLarge ? 2 : int(1, 3)) as SpatialRank;
  const most = isLarge ? 130 : [60, 24, 9][rank - 1]!;
  const spatial = Array.from({ length: rank }, () => int(isLarge ? 125 : 1, most));
  const outputSize = spatial.map((size) => (random() < 0.2 ? size : int(1, isLarge ? 2 : size + 3)));
  const channels = random() < 0.4 ? 1 : random() < 0.3 ? int(10, 70) : int(2, 9);
  const dataFormat = random() < 0.5 ? 'channelsFirst' : 'channelsLast';
  const batch = int(1, 2);
  const shape = dataFormat === 'channelsFirst' ? [batch, channels, ...spatial] : [batch, ...spatial, channels];
  const nan = random() < 0.5 ? 'propagate' : 'ignore';
  const spec = readOptions('sample', rank, POOLING_OPTIONS.adaptiveMax, { outputSize, dataFormat, nan } as never);
  const geometry = adaptiveGeometry('sample', spec, shape);
  if (!hasFitted(geometry)) return fittedSample(seed + 100003);
  const dtype = random() < 0.3 ? 'int32' : 'float32';
  return sampleFor(geometry, random, dtype, [0, 0, 0.02, 0.5, 1][int(0, 4)]!);
}

function geometryOrNone(rank: SpatialRank, options: PoolOptions, shape: number[]): PoolGeometry | undefined {
  try {
    return poolGeometry('sample', poolSpec('sample', rank, options), shape);
  } catch {
    return undefined;
  }
}

/** Random data, `specials` of which are NaN, infinities, -0 and denormal numbers. */
function sampleFor(geometry: PoolGeometry, random: () => number, dtype: 'float32' | 'int32', specials: number): Sample {
  const int = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const value = () => {
    if (dtype === 'int32') return random() < 0.2 ? -(2 ** 31) : int(-4, 4);
    if (random() < specials) return SPECIAL[int(0, SPECIAL.length - 1)];
    return random() < 0.3 ? int(-1, 1) : (random() * 2 - 1) * 10 ** int(-3, 3);
  };
  const values = (length: number): Values =>
    dtype === 'int32' ? Int32Array.from({ length }, value) : Float32Array.from({ length }, value);
  const argmax = () => (random() < 0.1 ? WILD[int(0, 3)] : int(-1, geometry.taps));
  const outputs = sizeOf(geometry.yShape);
  return {
    geometry,
    x: values(sizeOf(geometry.xShape)),
    dy: values(outputs),
    argmax: Int32Array.from({ length: outputs }, argmax),
  };
}

/** All kernels that take the sample's dtype; how many they were. */
function compareAll(sample: Sample): number {
  const kinds: Kind[] = ['maxPool', 'scatterArgmax', 'gatherArgmax'];
  for (const kind of kinds) compare(kind, sample, 'one');
  if (!isFloat32(sample.x)) return kinds.length;
  const divisors: Divisor[] = ['real', 'padded', 'one'];
  for (const divisor of divisors) {
    compare('averagePool', sample, divisor);
    compare('averageSpread', sample, divisor);
  }
  for (const p of hasFitted(sample.geometry) ? [] : POWERS) compareNorms(sample, p);
  return kinds.length + 2 * divisors.length;
}

/** Lp pooling and its gradient. Norms are those of x, and some others, but for 0. */
function compareNorms({ geometry: g, x, dy, argmax }: Sample, p: number): void {
  const [ins, y, dys, dx] = scratch.arrays(
    [x.length, dy.length, dy.length, x.length],
    ['float32', 'float32', 'float32', 'float32'],
  )! as [Float32Array, Float32Array, Float32Array, Float32Array];
  ins.set(x);
  dys.set(dy);
  scratch.kernels.lpPool(g, ins, y, p);
  const text = geometryText(g)!;
  const norms = new Float32Array(y.length).fill(GARBAGE);
  native!.run(KINDS.lpPool + p - 2, text, x, null, norms, null, null);
  check(`lpPool ${p}`, text, norms, y);
  for (let i = 0; i < y.length; i++) if (argmax[i]! < 0) y[i] = [2, Infinity, NaN, 1e-45][-argmax[i]! % 4]!;
  scratch.kernels.lpPoolGradient(g, ins, y, dys, dx, p);
  const gradient = new Float32Array(x.length).fill(GARBAGE);
  native!.run(KINDS.lpPoolGradient + p - 2, text, dy, y.slice(), gradient, null, x as Float32Array);
  check(`lpPoolGradient ${p}`, text, gradient, dx);
}

function check(what: string, text: string, actual: Values, wanted: Values): void {
  const wrong = wanted.findIndex((value, i) => value !== actual[i] && !(value !== value && actual[i] !== actual[i]));
  if (wrong >= 0) {
    throw new Error(`${what} [${wrong}]: expected ${wanted[wrong]}, got ${actual[wrong]}; geometry ${text}`);
  }
}

function compare(kind: Kind, { geometry: g, x, dy, argmax }: Sample, divisor: Divisor): void {
  const isBackward = kind === 'scatterArgmax' || kind === 'averageSpread';
  const [input, like] = isBackward ? [dy, x] : [x, dy];
  const [ins, tags, expected, winners] = scratch.arrays(
    [input.length, argmax.length, like.length, dy.length],
    [dtypeOf(input), 'int32', dtypeOf(like), 'int32'],
  )! as [Values, Int32Array, Values, Int32Array];
  ins.set(input);
  tags.set(argmax);
  const text = geometryText(g, divisor)!;
  const own = (found: Int32Array | null) => {
    const output = like.slice().fill(GARBAGE);
    native!.run(KINDS[kind], text, input, kind === 'maxPool' ? null : argmax, output, found, null);
    return output;
  };
  if (kind === 'maxPool') {
    scratch.kernels.maxPool(g, ins, expected, winners);
    const found = argmax.slice().fill(GARBAGE);
    check(`${kind} with argmax`, text, own(found), expected);
    check('argmax', text, found, winners);
  } else if (kind === 'averagePool' || kind === 'averageSpread') {
    scratch.kernels[kind](g, ins, expected as Float32Array, divisor);
  } else scratch.kernels[kind](g, ins, tags, expected);
  check(`${kind} ${divisor}`, text, own(null), expected);
}
