/**
 * One reader per option, and the options that each kind of pooling has.
 *
 * A reader turns what the user wrote (null or undefined for nothing) into what the package works with, or throws. A kind is
 * an object of readers: it says which options there are, and reading all of them makes the kind's spec. Every error
 * about an option is thrown here; nothing below looks at an option again. No tensors and no tfjs import.
 */
import { type Recent, recently } from './recent';
import { isReadable, isTensorLike, show } from './show';
import type { AxisPadding, SpatialRank } from './spec';
import { optionHint, paddingHint, valueHint } from './suggest';

/** Which option is read, and for whom; errors begin with the name. */
interface Asked {
  readonly name: string;
  readonly option: string;
  readonly rank: SpatialRank;
}
/** `read` has the options that were read before. */
type Reader<T> = (asked: Asked, given: unknown, read: Readonly<Record<string, unknown>>) => T;
/** The options of one kind of pooling. */
export type Readers = Readonly<Record<string, Reader<unknown>>>;
/** What reading them makes. Frozen. */
export type SpecOf<Kind extends Readers> = { readonly rank: SpatialRank } & {
  readonly [Option in keyof Kind]: ReturnType<Kind[Option]>;
};

const windows = {
  poolSize: (asked: Asked, given: unknown) => positives(asked, given ?? 2),
  strides: (asked: Asked, given: unknown, read: Readonly<Record<string, unknown>>) =>
    positives(asked, given ?? read.poolSize),
  padding: (asked: Asked, given: unknown) => paddingOf(asked, given ?? 'valid'),
  dilationRate: (asked: Asked, given: unknown) => positives(asked, given ?? 1),
  ceilMode: flag,
};
const dataFormat = /* @__PURE__ */ choice(['channelsLast', 'channelsFirst']);
const nan = /* @__PURE__ */ choice(['propagate', 'ignore']);
const implementation = /* @__PURE__ */ choice(['fused', 'im2col']);
const overlaps = /* @__PURE__ */ choice(['add', 'write']);
const keepDims = flag;
const countIncludePad = flag;
const returnArgmax = flag;
/** Averages have it: null divides by what the window counts. */
const divisorOverride = (asked: Asked, given: unknown) => (given == null ? null : divisorOf(asked, given));
const absolute = flag;
/** Adaptive pooling requires it; null among the sizes keeps the input's. */
const outputSize = (asked: Asked, given: unknown) => sizesOrNull(asked, given ?? undefined);
/** Unpooling has it: null is the smallest size. */
const restoredSize = (asked: Asked, given: unknown) => (given == null ? null : positives(asked, given));
const p = (asked: Asked, given: unknown) => exponent(asked, given ?? 2);
const padValue = (asked: Asked, given: unknown) => numberOf(asked, given ?? 0);

const max = { ...windows, dataFormat, nan, implementation };
const unpooling = { ...max, overlaps };
const adaptiveAverage = { outputSize, dataFormat, implementation };
const adaptiveMax = { ...adaptiveAverage, nan };
const globalAverage = { dataFormat, keepDims, implementation };

/** The options of each kind, in the order in which messages list them. */
export const POOLING_OPTIONS = {
  max,
  unpooling,
  average: { ...windows, dataFormat, implementation, countIncludePad, divisorOverride },
  globalMax: { ...globalAverage, nan },
  globalAverage,
  adaptiveMax,
  adaptiveAverage,
  lp: { ...windows, dataFormat, implementation, p, absolute },
  /** im2col and col2im */
  columns: { ...max, padValue },
  /** The layers that return the argmax, if asked to, and those that undo pooling. */
  maxLayer: { ...max, returnArgmax },
  adaptiveMaxLayer: { ...adaptiveMax, returnArgmax },
  unpoolingLayer: { ...unpooling, outputSize: restoredSize },
} satisfies Record<string, Readers>;

/** The names of a kind's options. */
export function optionNames(kind: Readers): readonly string[] {
  return Object.keys(kind);
}

/** The values under the names that options may have; what is absent is undefined. */
type Given<Name extends string = string> = Partial<Record<Name, unknown>>;

/**
 * Checks options and fills in the defaults.
 *
 * @param name who asks (an operation or layer); errors begin with it
 * @param rank the number of spatial axes, or how the options tell it
 * @param others names that `options` may have beside, which the caller reads
 * @throws Error naming the option, what it expected and what it got
 */
export function readOptions<Kind extends Readers>(
  name: string,
  rank: SpatialRank | ((given: Given) => SpatialRank),
  kind: Kind,
  options: unknown,
  others: readonly string[] = [],
): SpecOf<Kind> {
  const { names, recent } = knownOf(kind);
  const values = givenValues(name, options, others.length > 0 ? [...names, ...others] : names);
  // The others are their reader's business.
  values.length = names.length;
  const axes = typeof rank === 'number' ? rank : rank(byName(names, values));
  const make = () => {
    const read: Record<string, unknown> = { rank: axes };
    for (const [i, option] of names.entries())
      read[option] = kind[option]!({ name, option, rank: axes }, values[i], read);
    return Object.freeze(read);
  };
  return recently(recent[axes], values, make) as SpecOf<Kind>;
}

/** The names of a kind's options, and its last specs, by the number of spatial axes. */
interface Known {
  readonly names: readonly string[];
  readonly recent: Readonly<Record<SpatialRank, Recent<object>>>;
}

const knownKinds = new WeakMap<Readers, Known>();

function knownOf(kind: Readers): Known {
  let known = knownKinds.get(kind);
  if (!known) knownKinds.set(kind, (known = { names: Object.keys(kind), recent: { 1: [], 2: [], 3: [] } }));
  return known;
}

/**
 * The values of options, own or inherited, under the names that they may have.
 *
 * @throws Error if `options` is no object of options, or has another name
 */
export function givenOptions<Name extends string>(name: string, options: unknown, known: readonly Name[]): Given<Name> {
  return byName(known, givenValues(name, options, known));
}

function byName<Name extends string>(names: readonly Name[], values: readonly unknown[]): Given<Name> {
  const given: Given<Name> = {};
  names.forEach((each, i) => {
    given[each] = values[i];
  });
  return given;
}

/** The same in the order of the names: small kernels take less time than an object of them. */
function givenValues(name: string, options: unknown, known: readonly string[]): unknown[] {
  const values = new Array<unknown>(known.length);
  if (options === undefined || options === null) return values.fill(undefined);
  if (!isObjectOfOptions(options)) throw new Error(`${name}: expected an object of options; got ${show(options)}.`);
  const unknown = readInto(values, options, known);
  if (unknown === false) throw new Error(`${name}: expected options that can be read; got one that throws.`);
  if (unknown !== undefined) {
    const hint = optionHint(unknown, known, Object.values(POOLING_OPTIONS).flatMap(optionNames));
    throw new Error(`${name}: unknown option ${show(unknown)}; expected one of ${known.join(', ')}${hint || '.'}`);
  }
  return values;
}

/** Reads the values of known names, and gives the first unknown one; false where the user's getters or proxies throw. */
function readInto(values: unknown[], options: object, known: readonly string[]): string | false | undefined {
  let unknown: string | undefined;
  try {
    // Own and inherited names; those that a page gave to every object are nobody's options.
    for (const key in options) if (!known.includes(key) && !(key in Object.prototype)) unknown ??= key;
    for (let i = 0; i < known.length; i++) values[i] = (options as Given)[known[i]!];
  } catch {
    return false;
  }
  return unknown;
}

/** Objects of the user's classes are; arrays, dates, promises and tensors are not. */
function isObjectOfOptions(options: unknown): options is object {
  try {
    const kind = Object.prototype.toString.call(options);
    return (
      typeof options === 'object' &&
      (kind === '[object Object]' || kind === '[object Module]') &&
      !isTensorLike(options)
    );
  } catch {
    return false;
  }
}

/** One positive integer per spatial axis. */
function positives({ name, option, rank }: Asked, value: unknown): readonly number[] {
  const list = listOf(rank, value);
  // A one-element array stands for a 1-D pooling; for more axes it is an error, not a broadcast.
  if (list === undefined || !list.every((size) => isSize(size) && size > 0)) {
    throw new Error(
      `${name}: expected ${option} to be a positive integer` +
        ` or an array of ${rank}, one per spatial axis; got ${show(value)}.`,
    );
  }
  return Object.freeze(list as number[]);
}

/** The same where null stands for a size that is known later. */
function sizesOrNull({ name, option, rank }: Asked, value: unknown): ReadonlyArray<number | null> {
  const list = listOf(rank, value);
  if (list === undefined || !list.every((size) => size === null || (isSize(size) && size > 0))) {
    throw new Error(
      `${name}: expected ${option} to be a positive integer or an array of ${rank}, one per spatial axis ` +
        `(null keeps the input's size); got ${show(value)}.`,
    );
  }
  return Object.freeze(list as Array<number | null>);
}

function paddingOf({ name, rank }: Asked, value: unknown): 'valid' | 'same' | readonly AxisPadding[] {
  if (value === 'valid' || value === 'same') return value;
  const pairs = listOf(rank, value)?.map((axis) => listOf(2, axis));
  if (!pairs?.every((pair): pair is [number, number] => pair?.every(isSize) ?? false)) {
    throw new Error(
      `${name}: expected padding to be 'valid', 'same', a non-negative integer, ` +
        `${rank} of them (one per spatial axis) or ${rank} pairs [before, after]; ` +
        `got ${show(value)}${paddingHint(value) || '.'}`,
    );
  }
  return Object.freeze(pairs.map(([before, after]) => Object.freeze([before, after] as const)));
}

/** A copy of an array of that length, or one value repeated; undefined for an array of another length. */
function listOf(length: number, value: unknown): unknown[] | undefined {
  if (!isList(value)) return new Array<unknown>(length).fill(value);
  return value.length === length ? Array.from(value) : undefined;
}

/** An array, or a typed array. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return isReadable(value) && (Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value));
}

/** A size: a non-negative integer. */
export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function flag({ name, option }: Asked, given: unknown): boolean {
  const value = given ?? false;
  if (typeof value !== 'boolean') {
    throw new Error(`${name}: expected ${option} to be true or false; got ${show(value)}.`);
  }
  return value;
}

function numberOf({ name, option }: Asked, value: unknown): number {
  if (typeof value !== 'number') throw new Error(`${name}: expected ${option} to be a number; got ${show(value)}.`);
  return value;
}

/** Kernels count in int32. */
function divisorOf({ name, option }: Asked, value: unknown): number {
  if (!Number.isInteger(value) || value === 0 || Math.abs(value as number) >= 2 ** 31) {
    throw new Error(`${name}: expected ${option} to be an integer of 32 bit other than 0; got ${show(value)}.`);
  }
  return value as number;
}

/** JSON has no infinity; a saved layer's is a string, which tfjs writes in its own way. */
function exponent({ name, option }: Asked, given: unknown): number {
  const value = typeof given === 'string' && given.toLowerCase() === 'infinity' ? Infinity : given;
  if (typeof value !== 'number' || !(value > 0)) {
    throw new Error(`${name}: expected ${option} to be a positive number; got ${show(value)}.`);
  }
  return value;
}

/** The first is the default. */
function choice<T extends string>(allowed: readonly T[]): Reader<T> {
  return ({ name, option }, given) => oneOf(name, option, allowed, given ?? allowed[0]);
}

/** A value of a fixed vocabulary. */
export function oneOf<T extends string>(name: string, option: string, allowed: readonly T[], value: unknown): T {
  if (!allowed.includes(value as T)) {
    const list = allowed.map(show).join(allowed.length > 2 ? ', ' : ' or ');
    const hint = valueHint(value, allowed);
    throw new Error(`${name}: expected ${option} to be ${list}; got ${show(value)}${hint || '.'}`);
  }
  return value as T;
}
