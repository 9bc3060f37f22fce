/**
 * Images of one channel on the SIMD kernels, whose lanes then lie along the width or across images, and on the loops, which
 * then go along a row: every kernel, against the loops for more channels, on random geometries, with margins that nobody
 * may touch. So are two channels and more on the SIMD kernels. An argmax is of int32 and of bytes.
 */
import type { Divisor } from '../../src/average';
import { adaptiveGeometry } from '../../src/adaptive';
import { type PoolGeometry, hasFitted, poolGeometry } from '../../src/geometry';
import { LOOPS } from '../../src/kernels/loops';
import type { Argmax, PoolKernels, Values } from '../../src/kernels/pool_kernels';
import { makeCopiedSimdKernels } from '../../src/kernels/simd/copied';
import { simdKernels } from '../../src/kernels/simd/in_place';
import { type Padding, type PoolOptions, type SpatialRank, poolSpec } from '../../src/spec';
import { randomFrom } from '../support/data';

const memory = new WebAssembly.Memory({ initial: 128, maximum: 128 });
const inPlace = simdKernels(memory)!;
/** Chunks of a few rows, and of a few images. */
const copied = [64, 200, 1000].map((elements) => makeCopiedSimdKernels(elements, 2 ** 20)!);
/** What lies in front of an array, and behind it; what outputs hold before. */
const [MARGIN, MARK, GARBAGE] = [16, 77, 99];

/** With `outputSize`, windows are fitted to the outputs. */
type Sizes = { rank: SpatialRank; spatial: number[]; options: PoolOptions; outputSize?: number[] };
type Random = () => number;

const SIZES: Omit<Sizes, 'rank'>[] = [
  ...[[2], [2, 2], [2, 2, 2]].map((poolSize) => ({
    spatial: [...poolSize.slice(1).map(() => 6), 37],
    options: { poolSize },
  })),
  { spatial: [9, 34], options: { poolSize: 2, nan: 'ignore' } },
  { spatial: [9, 33], options: { poolSize: 3, strides: 2, padding: 1 } },
  { spatial: [9, 33], options: { poolSize: 3, strides: 2, padding: 'same' } },
  { spatial: [7, 18], options: { poolSize: 3, strides: 1, padding: 'same' } },
  { spatial: [7, 18], options: { poolSize: 3, strides: 1 } },
  { spatial: [6, 5, 11], options: { poolSize: 3, strides: 1, padding: 'same' } },
  { spatial: [7, 18], options: { poolSize: 3, strides: 1, padding: 2, dilationRate: 2 } },
  { spatial: [97], options: { poolSize: 4 } },
  { spatial: [3, 9, 37], options: { poolSize: [2, 4, 4] } },
  { spatial: [97], options: { poolSize: 5, strides: 1, padding: 2 } },
  { spatial: [20, 21], options: { poolSize: [20, 21] } },
  // Windows of 2 to 4 columns, and of 8 and 9; both ends of a row.
  { spatial: [14, 14], options: {}, outputSize: [5, 5] },
  { spatial: [9, 37], options: {}, outputSize: [4, 30] },
  { spatial: [5, 41], options: { nan: 'ignore' }, outputSize: [3, 5] },
  { spatial: [3, 3], options: {}, outputSize: [2, 2] },
  // Windows of 3 and 4 columns, several fours of them; rows even, and two planes.
  { spatial: [9, 27], options: {}, outputSize: [4, 12] },
  { spatial: [6, 19], options: { nan: 'ignore' }, outputSize: [3, 8] },
  { spatial: [3, 2, 18], options: {}, outputSize: [2, 2, 8] },
  { spatial: [6, 9], options: { poolSize: [4, 2], strides: 2, padding: 'same' } },
  // More rows than are done together.
  { spatial: [36, 130], options: { poolSize: 3, strides: 1, padding: 'same' } },
  { spatial: [36, 130], options: { poolSize: 3, strides: 2, padding: 1 } },
  { spatial: [13, 29], options: { poolSize: 3, strides: 3, padding: 1, ceilMode: true } },
  { spatial: [13, 29], options: { poolSize: 1, strides: 2 } },
  ...[1, 2, 3, 4].map((width) => ({ spatial: [5, width], options: { poolSize: [2, 1], strides: [2, 1] } })),
  ...[1, 2, 3].map((width) => ({ spatial: [5, width], options: { poolSize: 3, strides: 2, padding: 1 } })),
];
const NAMED = SIZES.map((sizes): Sizes => ({ ...sizes, rank: sizes.spatial.length as SpatialRank }));

/** Sizes, windows, strides, dilations and paddings of all kinds; most of them make a geometry. */
function anySizes(next: Random): Sizes {
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(among: readonly T[]) => among[int(0, among.length - 1)];
  const rank = pick([1, 2, 2, 2, 3] as const);
  const each = <T>(make: () => T) => Array.from({ length: rank }, make);
  const spatial = each(() => int(1, 9));
  if (next() < 0.7) spatial[rank - 1] = int(1, 40);
  const options: PoolOptions = {
    poolSize: next() < 0.5 ? pick([2, 3, 4]) : each(() => int(1, 5)),
    strides: next() < 0.5 ? pick([1, 2, 3]) : each(() => int(1, 5)),
    dilationRate: next() < 0.2 ? each(() => int(1, 3)) : 1,
    padding: pick<Padding>(['valid', 'same', 1, each(() => [int(0, 2), int(0, 2)] as [number, number])]),
    ceilMode: next() < 0.3,
    nan: next() < 0.4 ? 'ignore' : 'propagate',
  };
  return { rank, spatial, options, ...(next() < 0.25 && { outputSize: spatial.map((size) => int(1, size)) }) };
}

function geometryOf(sizes: Sizes, batch: number, channels: number): PoolGeometry | undefined {
  const { rank, spatial, options, outputSize } = sizes;
  if (outputSize) {
    const { nan = 'propagate' } = options;
    const spec = { rank, outputSize, nan, dataFormat: 'channelsLast', implementation: 'fused' } as const;
    return adaptiveGeometry('test', spec, [batch, ...spatial, channels]);
  }
  try {
    return poolGeometry('test', poolSpec('test', rank, options), [batch, ...spatial, channels]);
  } catch {
    return undefined;
  }
}

type ArrayType = Float32ArrayConstructor | Int32ArrayConstructor;
type AnyArray = Values | Argmax;

/** Arrays of the kernels' memory, between margins. */
function placer() {
  let end = 0;
  const wholes: AnyArray[] = [];
  const place = <T extends AnyArray>(values: T): T => {
    const whole = new (values.constructor as Int32ArrayConstructor)(memory.buffer, end, values.length + 2 * MARGIN);
    whole.fill(MARK).set(values, MARGIN);
    end += Math.ceil(whole.byteLength / 8) * 8;
    wholes.push(whole);
    return whole.subarray(MARGIN, MARGIN + values.length) as T;
  };
  const marginsAreWhole = () =>
    wholes.every((whole) =>
      [...whole.subarray(0, MARGIN), ...whole.subarray(-MARGIN)].every((value) => value === MARK),
    );
  return { place, marginsAreWhole };
}

/** The outputs of all kernels by `kernels`, argmax in or out. */
function outputsOf(kernels: PoolKernels, g: PoolGeometry, x: Values, dy: Values, wild: Int32Array, divisor: Divisor) {
  const { place, marginsAreWhole } = placer();
  const garbage = <T extends AnyArray>(like: T): T => place(like.map(() => GARBAGE) as T);
  const [xs, dys, argmaxIn] = [place(x), place(dy), place(wild)];
  const [values, valuesAlone, argmax, dx, written, gathered] = [
    garbage(dy),
    garbage(dy),
    garbage(wild),
    garbage(x),
    garbage(x),
    garbage(dy),
  ];
  kernels.maxPool(g, xs, values, argmax);
  kernels.maxPool(g, xs, valuesAlone);
  kernels.scatterArgmax(g, dys, argmaxIn, dx);
  // Unpooling alone writes, and has no windows that are fitted to the outputs.
  kernels.scatterArgmax(g, dys, argmaxIn, written, hasFitted(g) ? 'add' : 'write');
  kernels.gatherArgmax(g, xs, argmaxIn, gathered);
  const outputs: Record<string, AnyArray> = { values, valuesAlone, argmax, dx, written, gathered };
  if (g.taps <= 256) {
    const bytesIn = place(Uint8Array.from(wild));
    const [bytes, valuesOfBytes] = [garbage(bytesIn), garbage(dy)];
    const [dxOfBytes, writtenOfBytes, gatheredOfBytes] = [garbage(x), garbage(x), garbage(dy)];
    kernels.maxPool(g, xs, valuesOfBytes, bytes);
    kernels.scatterArgmax(g, dys, bytesIn, dxOfBytes);
    kernels.scatterArgmax(g, dys, bytesIn, writtenOfBytes, hasFitted(g) ? 'add' : 'write');
    kernels.gatherArgmax(g, xs, bytesIn, gatheredOfBytes);
    Object.assign(outputs, { bytes, valuesOfBytes, dxOfBytes, writtenOfBytes, gatheredOfBytes });
  }
  if (x instanceof Float32Array) {
    kernels.averagePool(g, xs, (outputs.average = garbage(dy as Float32Array)), divisor);
    kernels.averageSpread(g, dys, (outputs.spread = garbage(x)), divisor);
  }
  const copies = Object.fromEntries(Object.entries(outputs).map(([name, array]) => [name, array.slice()]));
  return { copies, inputs: [xs, dys, argmaxIn].map((array) => array.slice()), marginsAreWhole: marginsAreWhole() };
}

/** The outputs for one channel, by the loops for more: of two channels that are alike. */
function ofTwoAlike(sizes: Sizes, batch: number, x: Values, dy: Values, wild: Int32Array, divisor: Divisor) {
  const twice = <T extends AnyArray>(array: T): T =>
    (array.constructor as Int32ArrayConstructor).from({ length: 2 * array.length }, (_, i) => array[i >> 1]) as T;
  const two = outputsOf(LOOPS, geometryOf(sizes, batch, 2)!, twice(x), twice(dy), twice(wild), divisor).copies;
  const entries = Object.entries(two).map(([name, array]) => [
    name,
    array.filter((_: number, i: number) => i % 2 === 0),
  ]);
  return Object.fromEntries(entries) as Record<string, AnyArray>;
}

/** Where two arrays differ first. NaN equals NaN and -0 equals 0. */
function difference(actual: AnyArray, expected: AnyArray): string | undefined {
  const at = expected.findIndex((value, i) => !(value === actual[i] || (value !== value && actual[i] !== actual[i])));
  return at < 0 ? undefined : `${actual[at]} at ${at} instead of ${expected[at]}`;
}

const KINDS: Record<string, readonly number[]> = {
  ties: [1, 2],
  zeros: [0, -0],
  lowest: [-Infinity],
  infinities: [Infinity, -Infinity, 3e38, -3e38, 1, 1e-45],
  nans: [NaN, 1, 2, 3, 4, 5],
  rareNans: [NaN, ...Array.from({ length: 60 }, (_, i) => i)],
};

function expectSameAsLoops(sizes: Sizes, batch: number, channels: number, kind: string, next: Random): void {
  const g = geometryOf(sizes, batch, channels);
  if (!g) return;
  const [xSize, ySize] = [g.xShape, g.yShape].map((shape) => shape.reduce((a, b) => a * b, 1));
  const Type: ArrayType = kind === 'integers' ? Int32Array : Float32Array;
  const number = () => (next() - 0.5) * (kind === 'integers' ? 2 ** 32 : 10 ** (next() * 12 - 6));
  const among = KINDS[kind];
  const filled = (length: number, make: Random) => Type.from(Array.from({ length }, make));
  const x = filled(xSize, among ? () => among[Math.floor(next() * among.length)] : number);
  const dy = filled(ySize, () => (next() < 0.03 && kind !== 'integers' ? [NaN, Infinity][+(next() < 0.5)] : number()));
  const wild = Int32Array.from({ length: ySize }, () =>
    next() < 0.9 ? Math.floor(next() * g.taps) : [-1, g.taps, 2 ** 31 - 1, -(2 ** 31)][Math.floor(next() * 4)],
  );
  const divisors = sizes.outputSize ? (['real'] as const) : (['real', 'padded', 'one'] as const);
  const divisor = divisors[Math.floor(next() * divisors.length)];
  const expected =
    channels === 1 ? ofTwoAlike(sizes, batch, x, dy, wild, divisor) : outputsOf(LOOPS, g, x, dy, wild, divisor).copies;
  for (const kernels of [inPlace, LOOPS, ...copied]) {
    const actual = outputsOf(kernels, g, x, dy, wild, divisor);
    const differences = Object.entries(expected).map(([name, array]) => {
      const found = difference(actual.copies[name], array);
      return found && `${name} ${found}, ${divisor} ${kind} ${JSON.stringify({ batch, channels, ...sizes })}`;
    });
    expect(differences.filter(Boolean)).toEqual([]);
    if (g.taps <= 256) expect(difference(actual.copies.bytes, actual.copies.argmax)).toBeUndefined();
    expect(actual.marginsAreWhole).toBe(true);
    expect([x, dy, wild].map((array, i) => difference(actual.inputs[i], array))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  }
}

const ALL_KINDS = ['numbers', 'integers', ...Object.keys(KINDS)];

test.each(NAMED.map((sizes) => [JSON.stringify(sizes), sizes] as const))('%s', (_, sizes) => {
  const next = randomFrom(sizes.spatial[0]);
  // Of large ones, several channels and batches would take most of the time.
  const isLarge = sizes.spatial.reduce((a, b) => a * b) > 2000;
  for (const channels of isLarge ? [1] : [1, 2, 3]) {
    // Lanes lie across four images of one channel.
    for (const batch of isLarge || channels > 1 ? [1, 3] : [1, 3, 4, 6]) {
      expect(geometryOf(sizes, batch, channels)).toBeDefined();
      for (const kind of ALL_KINDS) expectSameAsLoops(sizes, batch, channels, kind, next);
    }
  }
});

test.each(Array.from({ length: 20 }, (_, seed) => seed))('random geometries, seed %i', (seed) => {
  const next = randomFrom(1000 + seed);
  for (let i = 0; i < 40; i++) {
    const channels = next() < 0.7 ? 1 : next() < 0.5 ? 2 : 3;
    const kind = ALL_KINDS[Math.floor(next() * ALL_KINDS.length)];
    expectSameAsLoops(anySizes(next), 1 + Math.floor(next() * 9), channels, kind, next);
  }
});

/** Channels by fours, by eights and by sixteens, with some left over. */
const OFTEN = [
  { poolSize: 2 },
  { poolSize: 3, strides: 2, padding: 1 },
  { poolSize: 3, strides: 2 },
  { poolSize: 3, strides: 1, padding: 'same' },
] as const;

test.each(Array.from({ length: 8 }, (_, seed) => seed))('more channels, seed %i', (seed) => {
  const next = randomFrom(2000 + seed);
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  for (let i = 0; i < 20; i++) {
    const usual: Sizes = { rank: 2, spatial: [int(3, 9), int(3, 9)], options: OFTEN[int(0, 3)] };
    const deep: Sizes = { rank: 3, spatial: [2, 4, int(2, 7)], options: { poolSize: 2 } };
    const any = anySizes(next);
    const sizes = next() < 0.5 ? usual : next() < 0.2 ? deep : any;
    if (sizes.spatial.reduce((a, b) => a * b) > 200) continue;
    const kind = ALL_KINDS[int(0, ALL_KINDS.length - 1)];
    expectSameAsLoops(sizes, int(1, 2), int(4, 40), kind, next);
  }
});
