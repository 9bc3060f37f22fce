/**
 * Pooling options: from what a user writes to one frozen, complete PoolSpec.
 *
 * Every error about an option is thrown here, with what was expected and what came; nothing below
 * this file looks at an option again. No tensors and no tfjs import.
 */

import { type Recent, recently } from './recent';

/** The number of spatial axes: 1 (length), 2 (height, width) or 3 (depth, height, width). */
export type SpatialRank = 1 | 2 | 3;
/** One integer for all spatial axes, or one per axis. */
export type PerAxis = number | readonly number[];
/** Elements added before and after one spatial axis. */
export type AxisPadding = readonly [before: number, after: number];
/** See {@link PoolOptions.padding}. */
export type Padding = 'valid' | 'same' | number | ReadonlyArray<number | readonly number[]>;
/** See {@link PoolOptions.dataFormat}. */
export type DataFormat = 'channelsLast' | 'channelsFirst';
/** See {@link PoolOptions.nan}. */
export type NanRule = 'propagate' | 'ignore';
/** See {@link PoolOptions.implementation}. */
export type Implementation = 'fused' | 'im2col';

/** The options that every pooling operation and layer of this package takes. */
export interface PoolOptions {
  /** Window size: a positive integer, or one per spatial axis. Default 2. */
  poolSize?: PerAxis;
  /** Step between windows: a positive integer, or one per spatial axis. Default `poolSize`. */
  strides?: PerAxis | null;
  /**
   * `'valid'` (none), `'same'` (output = ceil(input / stride), the odd element goes after), an
   * integer, one integer per axis, or `[before, after]` per axis. Default `'valid'`. Padding is
   * absence: it never wins.
   */
  padding?: Padding;
  /** Step between the taps of a window: a positive integer, or one per axis. Default 1. */
  dilationRate?: PerAxis;
  /** Round the output size up, so that a last, partial window is kept. Default false. */
  ceilMode?: boolean;
  /** `'channelsLast'` (default): [batch, ...spatial, channels]; or `'channelsFirst'`. */
  dataFormat?: DataFormat;
  /** `'propagate'` (default): a NaN wins its window. `'ignore'`: it loses to every number. */
  nan?: NanRule;
  /** `'fused'` (default): kernels that walk the index map; `'im2col'`: build the article's matrix. */
  implementation?: Implementation;
}

/** Options with every default filled in, one value per spatial axis. Frozen. */
export interface PoolSpec {
  readonly rank: SpatialRank;
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: 'valid' | 'same' | readonly AxisPadding[];
  readonly dilationRate: readonly number[];
  readonly ceilMode: boolean;
  readonly dataFormat: DataFormat;
  readonly nan: NanRule;
  readonly implementation: Implementation;
}

export const DATA_FORMATS = ['channelsLast', 'channelsFirst'] as const;
export const NAN_RULES = ['propagate', 'ignore'] as const;
export const IMPLEMENTATIONS = ['fused', 'im2col'] as const;

/** The names of all pooling options, as {@link PoolOptions} has them. */
export const POOL_OPTION_NAMES: readonly (keyof PoolOptions)[] = [
  'poolSize',
  'strides',
  'padding',
  'dilationRate',
  'ceilMode',
  'dataFormat',
  'nan',
  'implementation',
];

/**
 * Checks options and fills in the defaults.
 *
 * @param name who asks (an operation or layer); errors begin with it
 * @param rank the number of spatial axes
 * @param known the names that `options` may have, where the caller has options of its own
 * @throws Error naming the option, what it expected and what it got
 */
export function poolSpec(
  name: string,
  rank: SpatialRank,
  options: PoolOptions = {},
  known: readonly string[] = POOL_OPTION_NAMES,
): PoolSpec {
  checkOptionNames(name, options, known);
  const values = [rank, ...POOL_OPTION_NAMES.map((option) => options[option])];
  return recently(recentSpecs, values, () => specOf(name, rank, options));
}

const recentSpecs: Recent<PoolSpec> = [];

function specOf(name: string, rank: SpatialRank, options: PoolOptions): PoolSpec {
  const poolSize = perAxis(name, 'poolSize', rank, options.poolSize ?? 2);
  return Object.freeze({
    rank,
    poolSize,
    strides: perAxis(name, 'strides', rank, options.strides ?? poolSize),
    padding: paddingOf(name, rank, options.padding ?? 'valid'),
    dilationRate: perAxis(name, 'dilationRate', rank, options.dilationRate ?? 1),
    ceilMode: booleanOf(name, 'ceilMode', options.ceilMode ?? false),
    dataFormat: oneOf(name, 'dataFormat', DATA_FORMATS, options.dataFormat ?? 'channelsLast'),
    nan: oneOf(name, 'nan', NAN_RULES, options.nan ?? 'propagate'),
    implementation: oneOf(name, 'implementation', IMPLEMENTATIONS, options.implementation ?? 'fused'),
  });
}

/** The spec of a pooling that has no rule for NaN, with what it has of its own. Frozen. */
export function specWith<Own extends object>(pool: PoolSpec, own: Own): Readonly<Omit<PoolSpec, 'nan'> & Own> {
  const { nan: _, ...rest } = pool;
  return Object.freeze({ ...rest, ...own });
}

/**
 * The number of spatial axes of an operation whose name does not say it (`im2col`, `scatterArgmax`):
 * the length of any option given per axis; without one, all of `shape` but batch and channels.
 */
export function inferSpatialRank(name: string, options: PoolOptions, shape: readonly number[]): SpatialRank {
  const perAxisOptions = [options.poolSize, options.strides, options.padding, options.dilationRate];
  const given = perAxisOptions.find((value) => Array.isArray(value)) as readonly unknown[] | undefined;
  const rank = given ? given.length : shape.length - 2;
  if (rank !== 1 && rank !== 2 && rank !== 3) {
    throw new Error(
      given
        ? `${name}: expected options for 1, 2 or 3 spatial axes; got ${show(given)}.`
        : `${name}: expected a shape of rank 3, 4 or 5 [batch, ...spatial, channels], or an option ` +
            `given per axis to tell the spatial axes; got rank ${shape.length} ${show(shape)}.`,
    );
  }
  return rank;
}

/** Throws if `options` is no object or has a key that is not in `known`. */
export function checkOptionNames(name: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new Error(`${name}: expected an object of options; got ${show(options)}.`);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new Error(`${name}: unknown option '${unknown}'; expected one of ${known.join(', ')}.`);
  }
}

/** A value as error messages print it. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'object' && value !== null) return `an object (${value.constructor?.name ?? 'no class'})`;
  return String(value);
}

/** One positive integer per spatial axis. */
export function perAxis(name: string, option: string, rank: SpatialRank, value: unknown): readonly number[] {
  const list = listOf(rank, value);
  const right = (v: unknown) => Number.isSafeInteger(v) && (v as number) > 0;
  // A one-element array stands for a 1-D pooling; for more axes it is an error, not a broadcast.
  if (list.length !== rank || !list.every(right)) {
    throw new Error(
      `${name}: expected ${option} to be a positive integer` +
        ` or an array of ${rank}, one per spatial axis; got ${show(value)}.`,
    );
  }
  return Object.freeze(list as number[]);
}

/** A copy of an array, or one value repeated. */
function listOf(length: number, value: unknown): unknown[] {
  return Array.isArray(value) ? [...(value as unknown[])] : new Array<unknown>(length).fill(value);
}

function paddingOf(name: string, rank: SpatialRank, value: unknown): PoolSpec['padding'] {
  if (value === 'valid' || value === 'same') return value;
  const list = listOf(rank, value);
  const right = (v: unknown) => Number.isSafeInteger(v) && (v as number) >= 0;
  const pairs = list.map((axis) => listOf(2, axis));
  if (pairs.length !== rank || !pairs.every((pair) => pair.length === 2 && pair.every(right))) {
    throw new Error(
      `${name}: expected padding to be 'valid', 'same', a non-negative integer, ` +
        `${rank} of them (one per spatial axis) or ${rank} pairs [before, after]; got ${show(value)}.`,
    );
  }
  return Object.freeze(pairs.map(([before, after]) => Object.freeze([before as number, after as number] as const)));
}

/** A boolean option. */
export function booleanOf(name: string, option: string, value: unknown): boolean {
  if (typeof value !== 'boolean') {
    throw new Error(`${name}: expected ${option} to be true or false; got ${show(value)}.`);
  }
  return value;
}

/** An option with a fixed vocabulary. */
export function oneOf<T extends string>(name: string, option: string, allowed: readonly T[], value: unknown): T {
  if (!allowed.includes(value as T)) {
    throw new Error(`${name}: expected ${option} to be ${allowed.map(show).join(' or ')}; got ${show(value)}.`);
  }
  return value as T;
}
