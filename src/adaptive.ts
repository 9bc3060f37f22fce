/**
 * Adaptive pooling: windows made to fit a given output size, `[floor(i * in / out), ceil((i + 1) * in / out))`
 * along each axis, as PyTorch has them. Options, windows and shapes; no tensors and no tfjs import.
 */
import { checkImage, checkLayerRank, checkRank, firstSpatialAxis, sizeOf, withSpatial } from './layout';
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
  show,
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

/** One axis; {@link forEachAdaptiveWindow} has its windows. */
export interface AdaptiveAxis {
  /** Its number among the axes of the user's x. */
  readonly index: number;
  readonly input: number;
  readonly output: number;
  /** The length of the longest window. */
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
 * @throws Error if the rank is wrong, an image is empty, or outputs and windows are too many
 */
export function adaptiveAxes(name: string, spec: AdaptivePoolSpec, xShape: readonly number[]): AdaptiveAxis[] {
  checkRank(name, spec, xShape);
  checkImage(name, spec, xShape);
  const first = firstSpatialAxis(spec, xShape.length);
  const axes = spec.outputSize.map((output, axis) => adaptiveAxis(first + axis, xShape[first + axis], output));
  checkElements(name, spec, xShape, axes);
  return axes;
}

/**
 * Visits the windows of an axis, from first to last. Starts are counted up, not computed: `i * in` may be more than a
 * number holds exactly.
 */
export function forEachAdaptiveWindow(
  { input, output }: AdaptiveAxis,
  visit: (start: number, length: number, window: number) => void,
): void {
  const [step, rest] = [Math.floor(input / output), input % output];
  // The window starts at `start + over / output`, rounded down.
  let [start, over] = [0, 0];
  for (let window = 0; window < output; window++) {
    let [end, overEnd] = [start + step, over + rest];
    if (overEnd >= output) [end, overEnd] = [end + 1, overEnd - output];
    visit(start, end - start + (overEnd > 0 ? 1 : 0), window);
    [start, over] = [end, overEnd];
  }
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
  return { index, input, output, longest: longestWindow(input, output), even: input % output === 0 };
}

/** The length of the longest window. */
export function longestWindow(input: number, output: number): number {
  // A window starts at most `(out - g) / out` after an element does, with g the greatest common divisor.
  const furthest = output - greatestCommonDivisor(input, output);
  return Math.ceil((input + furthest) / output);
}

/** The outputs and the windows that are laid side by side for them lie in one memory, which on wasm ends at 4 GiB. */
const MAX_ELEMENTS = 2 ** 30 - 1;

/** Sizes are the user's, so nothing may be allocated before this. An empty batch counts as one image. */
function checkElements(
  name: string,
  spec: AdaptivePoolSpec,
  xShape: readonly number[],
  axes: readonly AdaptiveAxis[],
): void {
  if (axes.every(({ even }) => even)) return;
  const elements = (sizes: number[]) => sizeOf(withSpatial(spec, xShape, sizes).map((size) => Math.max(1, size)));
  const laidOut = axes.map(({ even, input, output, longest }) => (even ? input : output * longest));
  const total = elements(laidOut) + elements([...spec.outputSize]);
  if (total > MAX_ELEMENTS) {
    throw new Error(
      `${name}: expected outputs and their windows of at most ${MAX_ELEMENTS} elements; ` +
        `got ${total} for outputSize ${show([...spec.outputSize])} and x of shape ${show([...xShape])}.`,
    );
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
