/**
 * Adaptive pooling: windows made to fit a given output size, `[floor(i * in / out), ceil((i + 1) * in / out))`
 * along each axis, as PyTorch has them. Options, windows and shapes; no tensors and no tfjs import.
 */
import { checkImage, checkLayerRank, checkRank, firstSpatialAxis, withSpatial } from './layout';
import {
  DATA_FORMATS,
  type DataFormat,
  IMPLEMENTATIONS,
  type Implementation,
  NAN_RULES,
  type NanRule,
  type PerAxis,
  type SpatialRank,
  checkOptionNames,
  oneOf,
  perAxis,
} from './spec';

/** The options of adaptive pooling. */
export interface AdaptivePoolOptions {
  /** The output's spatial size: a positive integer, or one per spatial axis. Required. */
  outputSize: PerAxis;
  /** `'channelsLast'` (default): [batch, ...spatial, channels]; or `'channelsFirst'`. */
  dataFormat?: DataFormat;
  /** `'fused'` (default): kernels that walk the index map; `'im2col'`: build the article's matrix. */
  implementation?: Implementation;
}

/** The options of adaptive max pooling. */
export interface AdaptiveMaxPoolOptions extends AdaptivePoolOptions {
  /** `'propagate'` (default): a NaN wins its window. `'ignore'`: it loses to every number. */
  nan?: NanRule;
}

/** Options with every default filled in, one size per spatial axis. Frozen. */
export interface AdaptivePoolSpec {
  readonly rank: SpatialRank;
  readonly outputSize: readonly number[];
  readonly dataFormat: DataFormat;
  readonly nan: NanRule;
  readonly implementation: Implementation;
}

/** One axis: where windows start, how long they are, and the longest. */
export interface AdaptiveAxis {
  /** Its number among the axes of the user's x. */
  readonly index: number;
  readonly input: number;
  readonly output: number;
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
  readonly longest: number;
  /** All windows are alike and none overlaps: the size is a multiple of the output's. */
  readonly even: boolean;
}

export const ADAPTIVE_POOL_OPTION_NAMES = ['outputSize', 'dataFormat', 'implementation'] as const;
export const ADAPTIVE_MAX_POOL_OPTION_NAMES = [...ADAPTIVE_POOL_OPTION_NAMES, 'nan'] as const;

/**
 * Checks options and fills in the defaults.
 *
 * @param known the options that this operation has
 * @throws Error naming the option, what it expected and what it got
 */
export function adaptivePoolSpec(
  name: string,
  rank: SpatialRank,
  options: Partial<AdaptiveMaxPoolOptions>,
  known: readonly string[],
): AdaptivePoolSpec {
  checkOptionNames(name, options, known);
  return Object.freeze({
    rank,
    outputSize: perAxis(name, 'outputSize', rank, options.outputSize),
    dataFormat: oneOf(name, 'dataFormat', DATA_FORMATS, options.dataFormat ?? 'channelsLast'),
    nan: oneOf(name, 'nan', NAN_RULES, options.nan ?? 'propagate'),
    implementation: oneOf(name, 'implementation', IMPLEMENTATIONS, options.implementation ?? 'fused'),
  });
}

/**
 * The windows on an input of shape `xShape` (rank + 2, or rank + 1 without batch), axis by axis.
 *
 * @throws Error if the rank is wrong or an image is empty
 */
export function adaptiveAxes(name: string, spec: AdaptivePoolSpec, xShape: readonly number[]): AdaptiveAxis[] {
  checkRank(name, spec, xShape);
  checkImage(name, spec, xShape);
  const first = firstSpatialAxis(spec, xShape.length);
  return spec.outputSize.map((output, axis) => adaptiveAxis(first + axis, xShape[first + axis], output));
}

/** A layer's output shape; batch and spatial sizes may be unknown (`null`) when a model is built. */
export function adaptivePoolOutputShape(
  name: string,
  spec: AdaptivePoolSpec,
  shape: ReadonlyArray<number | null>,
): Array<number | null> {
  checkLayerRank(name, spec, shape);
  checkImage(name, spec, shape);
  return withSpatial(spec, shape, spec.outputSize);
}

function adaptiveAxis(index: number, input: number, output: number): AdaptiveAxis {
  const outputs = Array.from({ length: output }, (_, i) => i);
  // i * in / out in floating point may round up to the next integer; what is below 2^53 has an exact remainder.
  const floorAt = (i: number) => (i * input - ((i * input) % output)) / output;
  const starts = outputs.map(floorAt);
  const lengths = outputs.map((i) => floorAt(i + 1) + (((i + 1) * input) % output === 0 ? 0 : 1) - starts[i]);
  return {
    index,
    input,
    output,
    starts,
    lengths,
    longest: Math.max(...lengths),
    even: input % output === 0,
  };
}
