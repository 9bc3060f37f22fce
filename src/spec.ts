/**
 * The options that kinds of pooling share, and the spec that reading them makes. No tensors and no tfjs import.
 */
import { POOLING_OPTIONS, type Readers, type SpecOf, isList, readOptions } from './options';
import { show } from './show';

/** The number of spatial axes: 1 (length), 2 (height, width) or 3 (depth, height, width). */
export type SpatialRank = 1 | 2 | 3;
/** One integer for all spatial axes, or one per axis: as many as there are axes, where `Rank` says how many. */
export type PerAxis<Rank extends SpatialRank = SpatialRank> = number | AxisList<number, Rank>;
/**
 * One value per spatial axis. A list whose length the compiler knows (`[2, 2]`, a tuple) has as many as there are axes; a
 * `T[]` may have any length, and is checked when it is used.
 */
export type AxisList<T, Rank extends SpatialRank = SpatialRank> = SpatialRank extends Rank
  ? readonly T[]
  : { 1: readonly [T]; 2: readonly [T, T]; 3: readonly [T, T, T] }[Rank] | UncountedList<T>;
/** A list that is no tuple: tuples have a property 0. */
type UncountedList<T> = readonly T[] & { readonly 0?: never };
/** Elements added before and after one spatial axis. */
export type AxisPadding = readonly [before: number, after: number];
/** See {@link PoolOptions.padding}. */
export type Padding<Rank extends SpatialRank = SpatialRank> =
  'valid' | 'same' | number | AxisList<number | AxisList<number, 2>, Rank>;
/** See {@link PoolOptions.dataFormat}. */
export type DataFormat = 'channelsLast' | 'channelsFirst';
/** See {@link PoolOptions.nan}. */
export type NanRule = 'propagate' | 'ignore';
/** See {@link PoolOptions.implementation}. */
export type Implementation = 'fused' | 'im2col';

/** Options as functions take them: null stands for the default, of all of them or of one. */
export type OrDefault<Options> = OrNull<Options> | null | undefined;
/** Options of which each that may be left out may be null or undefined. */
export type OrNull<Options> = {
  [Option in keyof Options]: object extends Pick<Options, Option>
    ? Options[Option] | null | undefined
    : Options[Option];
};

/** Where the channels are. */
export interface DataFormatOption {
  /** `'channelsLast'` (default): [batch, ...spatial, channels]; or `'channelsFirst'`: [batch, channels, ...spatial]. */
  dataFormat?: DataFormat;
}

/** The rule for NaN. */
export interface NanOption {
  /** `'propagate'` (default): a NaN wins its window. `'ignore'`: it loses to every number. */
  nan?: NanRule;
}

/** What layers of max pooling return. */
export interface ArgmaxOption {
  /**
   * True: the layer has two outputs, [values, argmax], of the same shape; argmax is int32, as the
   * MaxUnpooling layers take it. Default false: values alone.
   */
  returnArgmax?: boolean;
}

/** The way to compute. */
export interface ImplementationOption {
  /** `'fused'` (default): kernels that walk the index map; `'im2col'`: build the im2col matrix. */
  implementation?: Implementation;
}

/** See {@link UnpoolOptions.overlaps}. */
export type Overlaps = 'add' | 'write';

/** The options of pooling over windows, without a rule for NaN. */
export interface WindowOptions<Rank extends SpatialRank = SpatialRank> extends DataFormatOption, ImplementationOption {
  /** Window size: a positive integer, or one per spatial axis. Default 2. */
  poolSize?: PerAxis<Rank>;
  /** Step between windows: a positive integer, or one per spatial axis. Default `poolSize`. */
  strides?: PerAxis<Rank> | null;
  /**
   * `'valid'` (none), `'same'` (output = ceil(input / stride), the odd element goes after), an
   * integer, one integer per axis, or `[before, after]` per axis. Default `'valid'`. Padding is
   * absence: it never wins.
   */
  padding?: Padding<Rank>;
  /** Step between the taps of a window: a positive integer, or one per axis. Default 1. */
  dilationRate?: PerAxis<Rank>;
  /** Round the output size up, so that a last, partial window is kept. Default false. */
  ceilMode?: boolean;
}

/** The options of max pooling. */
export interface PoolOptions<Rank extends SpatialRank = SpatialRank> extends WindowOptions<Rank>, NanOption {}

/** The options of max unpooling: those of the pooling that is undone, and: */
export interface UnpoolOptions<Rank extends SpatialRank = SpatialRank> extends PoolOptions<Rank> {
  /**
   * Where windows share an element: `'add'` (default) adds up their values, as the adjoint does; with `'write'` the last
   * one in row-major order of the outputs writes it, as in PyTorch and ONNX, and it alone gets that element's gradient.
   */
  overlaps?: Overlaps;
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

/**
 * Checks the options of max pooling and fills in the defaults.
 *
 * @throws Error naming the option, what it expected and what it got
 */
export function poolSpec(name: string, rank: SpatialRank, options?: OrDefault<PoolOptions>): PoolSpec {
  return readOptions(name, rank, POOLING_OPTIONS.max, options);
}

/**
 * The spec of pooling over windows that has no rule for NaN, as the geometry wants it: NaN propagates. Frozen; of the same
 * frozen spec the same one, whose geometries are remembered.
 */
export function propagating(spec: Omit<PoolSpec, 'nan'>): PoolSpec {
  const known = propagatingSpecs.get(spec);
  if (known) return known;
  const { rank, poolSize, strides, padding, dilationRate, ceilMode, dataFormat, implementation } = spec;
  const made: PoolSpec = Object.freeze({
    rank,
    poolSize,
    strides,
    padding,
    dilationRate,
    ceilMode,
    dataFormat,
    nan: 'propagate',
    implementation,
  });
  if (Object.isFrozen(spec)) propagatingSpecs.set(spec, made);
  return made;
}

const propagatingSpecs = new WeakMap<object, PoolSpec>();

const PER_AXIS_OPTIONS = ['poolSize', 'strides', 'padding', 'dilationRate'] as const;

/**
 * The number of spatial axes of an operation whose name does not say it (`im2col`, `scatterArgmax`):
 * the length of any option given per axis; without one, all of `shape` but batch and channels.
 */
export function inferSpatialRank(
  name: string,
  options: Partial<Record<string, unknown>>,
  shape: readonly number[],
  argument = 'x',
): SpatialRank {
  const option = PER_AXIS_OPTIONS.find((one) => isList(options[one]));
  const given = option && (options[option] as ArrayLike<unknown>);
  const rank = given ? given.length : shape.length - 2;
  if (rank !== 1 && rank !== 2 && rank !== 3) {
    throw new Error(
      given
        ? `${name}: expected ${option} for 1, 2 or 3 spatial axes; got ${show(given)}.`
        : `${name}: expected ${argument} of rank 3, 4 or 5 [batch, ...spatial, channels], or an option ` +
            `given per axis to tell the spatial axes; got rank ${shape.length} ${show(shape)}.`,
    );
  }
  return rank;
}

/** {@link readOptions} where the number of spatial axes has to be inferred. */
export function readOptionsFor<Kind extends Readers>(
  name: string,
  shape: readonly number[],
  kind: Kind,
  options: unknown,
  argument?: string,
): SpecOf<Kind> {
  return readOptions(name, (given) => inferSpatialRank(name, given, shape, argument), kind, options);
}
