/**
 * Adaptive pooling: windows made to fit a given output size, `[floor(i * in / out), ceil((i + 1) * in / out))`
 * along each axis, as PyTorch has them. Options, windows and shapes; no tensors and no tfjs import.
 */
import {
  MAX_ELEMENTS,
  checkElements,
  checkImage,
  checkLayerRank,
  checkRank,
  firstSpatialAxis,
  sizeOf,
  withSpatial,
} from './layout';
import { POOLING_OPTIONS, readOptions } from './options';
import { show } from './show';
import type {
  DataFormat,
  DataFormatOption,
  Implementation,
  ImplementationOption,
  NanOption,
  NanRule,
  OrNull,
  PerAxis,
  SpatialRank,
} from './spec';

/** The options of adaptive pooling. */
export interface AdaptivePoolOptions extends DataFormatOption, ImplementationOption {
  /** The output's spatial size: a positive integer, or one per spatial axis. Required. */
  outputSize: PerAxis;
}

/** The options of adaptive max pooling. */
export interface AdaptiveMaxPoolOptions extends AdaptivePoolOptions, NanOption {}

/** Options with every default filled in, one size per spatial axis. Frozen. */
export interface AdaptivePoolSpec {
  readonly rank: SpatialRank;
  readonly outputSize: readonly number[];
  readonly dataFormat: DataFormat;
  readonly implementation: Implementation;
}

/** The same for adaptive max pooling. */
export interface AdaptiveMaxPoolSpec extends AdaptivePoolSpec {
  readonly nan: NanRule;
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

/**
 * Checks the options of adaptive max pooling and fills in the defaults.
 *
 * @throws Error naming the option, what it expected and what it got
 */
export function adaptiveMaxPoolSpec(
  name: string,
  rank: SpatialRank,
  options: OrNull<AdaptiveMaxPoolOptions>,
): AdaptiveMaxPoolSpec {
  return readOptions(name, rank, POOLING_OPTIONS.adaptiveMax, options);
}

/** The same for adaptive average pooling. */
export function adaptivePoolSpec(
  name: string,
  rank: SpatialRank,
  options: OrNull<AdaptivePoolOptions>,
): AdaptivePoolSpec {
  return readOptions(name, rank, POOLING_OPTIONS.adaptiveAverage, options);
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
  checkWindows(name, spec, xShape, axes);
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
  const output = withSpatial<number | null>(spec, shape, spec.outputSize);
  checkElements(name, 'an output', output);
  return output;
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

/**
 * The outputs and the windows that are laid side by side for them, together. Sizes are the user's, so nothing may be
 * allocated before this. An empty batch counts as one image.
 */
function checkWindows(
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
