/** Values that stand for no size, no shape, no tensor and no options, as programs in JavaScript pass them by mistake. */
import * as tf from '@tensorflow/tfjs-core';

/** A value, made anew for each call: some of them can be used once only. */
export type WrongValues = Record<string, () => unknown>;

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function cyclic(): unknown[] {
  const list: unknown[] = [];
  list.push(list, list);
  return list;
}

function disposed(): tf.Tensor {
  const tensor = tf.zeros([1, 4, 4, 1]);
  tensor.dispose();
  return tensor;
}

const BARE = Object.create(null) as object;

/** Nobody takes any of these for anything. */
const NEVER_RIGHT: WrongValues = {
  NaN: () => NaN,
  negative: () => -3,
  fractional: () => 1.5,
  'a string': () => '4x4',
  'a string of a million letters': () => 'x'.repeat(1e6),
  'a bigint': () => 4n,
  'a symbol': () => Symbol('4'),
  'a function': () => () => 4,
  'a promise': () => Promise.resolve([4]),
  'a date': () => new Date(0),
  'a map': () => new Map([['poolSize', 2]]),
  'a revoked proxy': revoked,
  'a sparse array': () => [1, , 2, 1], // eslint-disable-line no-sparse-arrays
  'an array of holes': () => new Array<number>(4),
  'an array of arrays of itself': cyclic,
  'an array of strings': () => ['4', '4'],
  'an array of 5,000 letters': () => new Array<string>(5000).fill('a'),
  'a disposed tensor': disposed,
};

/** What is no object of options, or has none that is known. */
export const WRONG_OPTIONS: WrongValues = {
  ...NEVER_RIGHT,
  'a number': () => 2,
  true: () => true,
  'an array': () => [2, 2],
  'an array of 5,000 numbers': () => new Array<number>(5000).fill(1e9),
  'a shape as a typed array': () => Int32Array.of(1, 4, 4, 1),
  'an unknown name': () => ({ nonsense: 2 }),
  'an unknown inherited name': () => Object.create({ nonsense: 2 }) as object,
  'an unknown name of a million letters': () => ({ ['x'.repeat(1e6)]: 2 }),
  'an object of 5,000 names': () => Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`name${i}`, i])),
  'a getter that throws': () => ({
    get dataFormat() {
      throw new TypeError('no');
    },
    get backends() {
      throw new TypeError('no');
    },
    get to() {
      throw new TypeError('no');
    },
    get cases() {
      throw new TypeError('no');
    },
  }),
};

/** What is no tensor, and no array in place of one. */
export const WRONG_TENSORS: WrongValues = {
  ...NEVER_RIGHT,
  missing: () => undefined,
  null: () => null,
  'a number': () => 4,
  'an object': () => ({ shape: [1, 4, 4, 1], data: [] }),
  'an object without a prototype': () => BARE,
  'an uneven array': () => [[[1], [2]], [[1]]],
  'an array of nulls': () => [null, null],
  'an array of bigints': () => [1n, 2n],
  'a typed array of bigints': () => BigInt64Array.of(1n),
  'a data view': () => new DataView(new ArrayBuffer(16)),
  'an empty array': () => [],
  'an array of 5,000 numbers': () => new Array<number>(5000).fill(1e9),
};

/** What is no shape. */
export const WRONG_SHAPES: WrongValues = {
  ...NEVER_RIGHT,
  missing: () => undefined,
  null: () => null,
  'a number': () => 4,
  'the options in its place': () => ({ poolSize: 2 }),
  'an object without a prototype': () => BARE,
  'a tensor': () => tf.zeros([1, 4, 4, 1]),
  'a negative size': () => [1, -4, 4, 1],
  'a fractional size': () => [1, 4.5, 4, 1],
  'an unknown size': () => [1, null, 4, 1],
  'a NaN': () => [1, NaN, 4, 1],
  'an infinite size': () => [1, Infinity, 4, 1],
  'a bigint size': () => [1, 4n, 4, 1],
  'a string size': () => [1, '4', 4, 1],
  'an empty array': () => [],
  'an array of 5,000 numbers': () => new Array<number>(5000).fill(4),
};

const { NaN: _nan, negative: _negative, fractional: _fractional, ...notNumbers } = NEVER_RIGHT;
const { negative: _below, ...notIntegers } = NEVER_RIGHT;
const SIZES: WrongValues = {
  ...NEVER_RIGHT,
  zero: () => 0,
  true: () => true,
  infinite: () => Infinity,
  'an object': () => ({}),
  'an object without a prototype': () => BARE,
  'a million numbers': () => new Array<number>(1e6).fill(2),
  'four numbers': () => [2, 2, 2, 2],
  'an empty array': () => [],
};
const WORDS: WrongValues = { ...NEVER_RIGHT, true: () => true, 'an object': () => ({}), 'an array': () => ['same'] };
const FLAGS: WrongValues = { ...NEVER_RIGHT, one: () => 1, "'true'": () => 'true', 'an object': () => ({}) };

/** What is wrong for an option of any kind of pooling. */
export const WRONG_FOR: Record<string, WrongValues> = {
  poolSize: SIZES,
  strides: SIZES,
  dilationRate: SIZES,
  outputSize: SIZES,
  padding: {
    ...NEVER_RIGHT,
    "'SAME'": () => 'SAME',
    'a pair that is sparse': () => [new Array<number>(2), [1, 1]],
    'four numbers': () => [1, 1, 1, 1],
    'an object': () => ({ before: 1 }),
  },
  ceilMode: FLAGS,
  countIncludePad: FLAGS,
  divisorOverride: { ...notIntegers, zero: () => 0, 'beyond 32 bit': () => 2 ** 31, 'an array': () => [3] },
  absolute: FLAGS,
  keepDims: FLAGS,
  returnArgmax: FLAGS,
  dataFormat: WORDS,
  nan: WORDS,
  overlaps: WORDS,
  implementation: WORDS,
  p: { ...NEVER_RIGHT, fractional: () => -0.5, zero: () => 0, 'an object without a prototype': () => BARE },
  padValue: { ...notNumbers, true: () => true, 'an object': () => ({}) },
};
