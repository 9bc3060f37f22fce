/**
 * Adaptive pooling: windows made to fit a given output size, `[floor(i * in / out), ceil((i + 1) * in / out))`
 * along each axis, as PyTorch has them. Options, windows and shapes; no tensors and no tfjs import.
 */
import { longestWindow } from './fitted_windows';
import { type OwnAxis, type PoolGeometry, geometryFrom, recentGeometry } from './geometry';
import { checkElements, checkImage, checkLayerRank, checkRank, spatialOf, withSpatial } from './layout';
import type {
  AxisList,
  DataFormat,
  DataFormatOption,
  Implementation,
  ImplementationOption,
  NanOption,
  NanRule,
  SpatialRank,
} from './spec';

/** The options of adaptive pooling. */
export interface AdaptivePoolOptions<Rank extends SpatialRank = SpatialRank>
  extends DataFormatOption, ImplementationOption {
  /**
   * The output's spatial size: a positive integer, or one per spatial axis, where null keeps the input's size of that axis.
   * Required.
   */
  outputSize: number | AxisList<number | null, Rank>;
}

/** The options of adaptive max pooling. */
export interface AdaptiveMaxPoolOptions<Rank extends SpatialRank = SpatialRank>
  extends AdaptivePoolOptions<Rank>, NanOption {}

/** Options with every default filled in, one size per spatial axis. Frozen. */
export interface AdaptivePoolSpec {
  readonly rank: SpatialRank;
  /** null: the input's size. */
  readonly outputSize: ReadonlyArray<number | null>;
  readonly dataFormat: DataFormat;
  readonly implementation: Implementation;
}

/** The same for adaptive max pooling. */
export interface AdaptiveMaxPoolSpec extends AdaptivePoolSpec {
  readonly nan: NanRule;
}

/**
 * The geometry of adaptive pooling an input of shape `xShape` (rank + 2, or rank + 1 without batch). Where an input's size is a
 * multiple of the output's, windows are ordinary ones that do not overlap.
 *
 * @throws Error if the rank is wrong, an image is empty, or outputs are too many
 */
export function adaptiveGeometry(
  name: string,
  spec: AdaptivePoolSpec & { readonly nan?: NanRule },
  xShape: readonly number[],
): PoolGeometry {
  return recentGeometry(spec, xShape, () => {
    checkRank(name, spec, xShape);
    checkImage(name, spec, xShape);
    const { dataFormat, implementation, nan = 'propagate' } = spec;
    const inputs = spatialOf(spec, xShape);
    const outputs = outputSizes(spec, inputs);
    checkElements(name, 'an output', withSpatial(spec, xShape, outputs));
    const axes = outputs.map((output, i) => axisTo(output, inputs[i]!));
    return geometryFrom({ xShape, axes, dataFormat, implementation, nan });
  });
}

/** The output's spatial sizes, of an input with these; an input's that is unknown leaves its output's unknown. */
function outputSizes<T extends number | null>(
  { outputSize }: AdaptivePoolSpec,
  inputs: readonly T[],
): Array<number | T> {
  return outputSize.map((size, axis) => size ?? inputs[axis]!);
}

/** Whether each image becomes one number, as in global pooling. */
export function hasOneOutput({ depth, height, width }: PoolGeometry): boolean {
  return depth.output * height.output * width.output === 1;
}

function axisTo(output: number, input: number): OwnAxis {
  if (input % output === 0) return { window: input / output };
  return { window: longestWindow(input, output), stride: 0, output, fitted: { step: input, per: output, offset: 0 } };
}

/** A layer's output shape; batch and spatial sizes may be unknown (`null`) when a model is built. */
export function adaptivePoolOutputShape(
  name: string,
  spec: AdaptivePoolSpec,
  shape: ReadonlyArray<number | null>,
): Array<number | null> {
  checkLayerRank(name, spec, shape);
  checkImage(name, spec, shape);
  const output = withSpatial<number | null>(spec, shape, outputSizes(spec, spatialOf(spec, shape)));
  checkElements(name, 'an output', output);
  return output;
}
