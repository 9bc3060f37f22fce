/** A pooling layer as `inspect` looks at it: its options by our names, and what its padding comes to. No tfjs. */
import { type Lack, type LayerConfig, lacksOf, optionsOf } from '../convert/exchange_layer';
import { type LayerPair, pairOf } from '../convert/layer_pairs';
import type { PoolingKind } from '../kinds';
import { mapTuple } from '../map_tuple';
import type { SpatialRank } from '../spec';

/** A shape of tfjs-layers: `null` is a size unknown until the model runs. */
export type Shape = ReadonlyArray<number | null>;

/** The padding of one axis that windows meet: the least and the greatest that the sizes may give, equal where they are known. */
interface AxisPadding {
  /** Negative where 'same' meets strides that leave gaps: tfjs takes it so in 3-D, else as 0. */
  readonly least: number;
  readonly greatest: number;
}

export interface InspectedLayer {
  readonly kind: PoolingKind;
  readonly rank: SpatialRank;
  /** One per spatial axis; empty where the window is the whole image. */
  readonly poolSize: readonly number[];
  /** One per element of poolSize. */
  readonly paddings: readonly AxisPadding[];
  /** Padding by numbers, not all of them 0. */
  readonly numericPadding: boolean;
  readonly ceilMode: boolean;
  readonly dilated: boolean;
  readonly countIncludePad: boolean;
  /** What it asks for that tf.layers has not. */
  readonly lacks: readonly Lack[];
}

/**
 * @param inputs the shapes of the layer's inputs, with batch and channels: one for each call, none where they are unknown
 * @returns null for a class that tf.layers has not
 */
export function inspectedLayer(
  className: string,
  config: LayerConfig,
  inputs: readonly Shape[],
): InspectedLayer | null {
  const pair = pairOf(className);
  if (pair === undefined || !pair.inTfLayers) return null;
  const options = optionsOf(pair, config);
  const lacks = lacksOf(pair, config);
  const poolSize = pair.optionNames.includes('poolSize') ? perAxis(pair, options.poolSize ?? 2) : [];
  return {
    kind: pair.kind,
    rank: pair.rank,
    poolSize,
    paddings: poolSize.map((_, axis) => paddingAlong(axis, pair, options, inputs)),
    numericPadding: lacks.some(({ what }) => what === 'numeric padding'),
    ceilMode: options.ceilMode === true,
    dilated: lacks.some(({ what }) => what === 'dilationRate'),
    countIncludePad: options.countIncludePad === true,
    lacks,
  };
}

function paddingAlong(
  axis: number,
  pair: LayerPair,
  { poolSize = 2, strides, padding, dataFormat }: Record<string, unknown>,
  inputs: readonly Shape[],
): AxisPadding {
  const [window, stride] = mapTuple([poolSize, strides ?? poolSize], (sizes) => perAxis(pair, sizes)[axis]!);
  const first = /^channels_?first$/i.test(String(dataFormat)) ? 2 : 1;
  const sizes = inputs.length === 0 ? [null] : inputs.map((shape) => shape[first + axis] ?? null);
  const found = sizes.map((size) => {
    if (padding === 'same') return samePadding(size, window, stride);
    const sides = perAxis(pair, typeof padding === 'string' ? 0 : (padding ?? 0))[axis] as number | [number, number];
    return numericPadding(size, window, stride, typeof sides === 'number' ? [sides, sides] : sides);
  });
  return {
    least: Math.min(...found.map(({ least }) => least)),
    greatest: Math.max(...found.map(({ greatest }) => greatest)),
  };
}

/** (output - 1) * stride + window - input, with output = ceil(input / stride): the window less what the last stride steps over. */
function samePadding(input: number | null, window: number, stride: number): AxisPadding {
  if (input === null) return { least: window - stride, greatest: window - 1 };
  const padding = window - (input % stride || stride);
  return { least: padding, greatest: padding };
}

/** Windows begin on the padding before, but need not reach that after. */
function numericPadding(
  input: number | null,
  window: number,
  stride: number,
  [before, after]: readonly [number, number],
): AxisPadding {
  if (input === null) return { least: before, greatest: before + after };
  const last = Math.floor((input + before + after - window) / stride) * stride - before;
  const padding = before + Math.max(0, last + window - input);
  return { least: padding, greatest: padding };
}

/** One value for each axis, as configurations have it: a list, or one for all. */
function perAxis({ rank }: LayerPair, value: unknown): number[] {
  return (Array.isArray(value) ? value : new Array<unknown>(rank).fill(value)) as number[];
}
