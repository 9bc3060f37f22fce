/**
 * Global pooling: options and shapes of a window that is the whole image.
 *
 * Inside, an image is one run of elements in row-major order, [batch, length, channels] whatever the number
 * of axes was; channels that come first are a batch of images with one channel, so nothing is transposed.
 * No tensors and no tfjs import.
 */
import { batchOf, channelsOf, checkImage, checkLayerRank, checkRank, sizeOf, spatialOf, withSpatial } from './layout';
import type {
  DataFormat,
  DataFormatOption,
  Implementation,
  ImplementationOption,
  NanOption,
  NanRule,
  SpatialRank,
} from './spec';

/** The options of global pooling. */
export interface GlobalPoolOptions extends DataFormatOption, ImplementationOption {
  /** True: the spatial axes stay, with size 1. Default false: they go. */
  keepDims?: boolean;
}

/** The options of global max pooling. */
export interface GlobalMaxPoolOptions extends GlobalPoolOptions, NanOption {}

/** Options with every default filled in. Frozen. */
export interface GlobalPoolSpec {
  readonly rank: SpatialRank;
  readonly dataFormat: DataFormat;
  readonly keepDims: boolean;
  readonly implementation: Implementation;
}

/** The same for global max pooling. */
export interface GlobalMaxPoolSpec extends GlobalPoolSpec {
  readonly nan: NanRule;
}

/** An input's shapes. */
export interface GlobalPoolGeometry {
  /** The shape inside: [batch, length, channels]. */
  readonly run: readonly [batch: number, length: number, channels: number];
  /** The user's output shape. */
  readonly yShape: readonly number[];
}

/**
 * The shapes of pooling an input of shape `xShape` (rank + 2, or rank + 1 without batch).
 *
 * @throws Error if the rank is wrong or an image is empty
 */
export function globalPoolGeometry(name: string, spec: GlobalPoolSpec, xShape: readonly number[]): GlobalPoolGeometry {
  checkRank(name, spec, xShape);
  checkImage(name, spec, xShape);
  const [batch, channels] = [batchOf(spec, xShape), channelsOf(spec, xShape)];
  const length = sizeOf(spatialOf(spec, xShape));
  const run: GlobalPoolGeometry['run'] =
    spec.dataFormat === 'channelsFirst' ? [batch * channels, length, 1] : [batch, length, channels];
  return Object.freeze({ run, yShape: Object.freeze(withSpatial(spec, xShape, keptSizes(spec))) });
}

/** A layer's output shape; batch and spatial sizes may be unknown (`null`) when a model is built. */
export function globalPoolOutputShape(
  name: string,
  spec: GlobalPoolSpec,
  shape: ReadonlyArray<number | null>,
): Array<number | null> {
  checkLayerRank(name, spec, shape);
  checkImage(name, spec, shape);
  return withSpatial(spec, shape, keptSizes(spec));
}

/** Windows of more taps are slow on a GPU, which has one thread for each, and inexact in 16-bit textures above 2048. */
const MOST_TAPS = 64;
const MOST_TAPS_OF_LONG_RUNS = 1024;

/**
 * The windows of the stages in which a run of elements is pooled: each stage pools what the one before it
 * left, in consecutive windows. The first of equals in the last stage is the first of all.
 */
export function stagesOf(length: number): number[] {
  const windows: number[] = [];
  while (length > MOST_TAPS) {
    const window = Math.min(MOST_TAPS_OF_LONG_RUNS, Math.ceil(Math.sqrt(length)));
    windows.push(window);
    length = Math.ceil(length / window);
  }
  return [...windows, length];
}

/** What is left of the spatial axes. */
function keptSizes({ rank, keepDims }: GlobalPoolSpec): number[] {
  return keepDims ? new Array<number>(rank).fill(1) : [];
}
