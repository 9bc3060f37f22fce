/**
 * Global average pooling: the window is the whole image. Sums of consecutive elements, then sums of those, and
 * one division; linear, so nothing is kept for the backward pass.
 */
import { type Tensor, type TensorLike, reshape, tidy } from '@tensorflow/tfjs-core';
import { type PoolGeometry, poolGeometry } from '../geometry';
import {
  type GlobalPoolGeometry,
  type GlobalPoolOptions,
  type GlobalPoolSpec,
  globalPoolGeometry,
  stagesOf,
} from '../global';
import { storesHalf } from '../half_precision';
import { POOLING_OPTIONS, readOptions } from '../options';
import { type Implementation, type OrDefault, type SpatialRank, poolSpec } from '../spec';
import { average, spread, toFloat, withAdjoint } from './average_pool';
import { tensorArgument } from './canonical';
import type { PoolingInput } from './pooling_input';
import { dividedBy } from './divide_by_constants';

/**
 * The average of each channel: `y[b, c] = sum over l of x[b, l, c] / length`.
 *
 * Sums are float32 and the same on every backend: the image's elements in row-major order are cut into
 * consecutive runs, each run is added up in order, then the runs' sums are, and so on. Derivatives of every
 * order exist.
 *
 * Shapes: [batch, length, channels] to [batch, channels], or with `keepDims` [batch, 1, channels]; without
 * batch or with `channelsFirst` accordingly.
 *
 * @param x float32, or int32, which is averaged as float32
 * @returns the averages, float32
 * @throws Error on wrong options, dtype or rank, or an image without elements
 *
 * @example
 * ```js
 * globalAveragePool1d(tf.tensor3d([1, 4, 3, 2], [1, 4, 1])).print(); // 2.5
 * ```
 * @see tf.layers.globalAveragePooling1d; PyTorch's torch.nn.AdaptiveAvgPool1d(1)
 */
export function globalAveragePool1d<T extends Tensor>(
  x: PoolingInput<T, 1>,
  options?: OrDefault<GlobalPoolOptions>,
): Tensor {
  return globalAveragePool('globalAveragePool1d', 1, x, options);
}

/**
 * As {@link globalAveragePool1d}, over height and width: [batch, height, width, channels] to [batch, channels].
 *
 * @example
 * ```js
 * globalAveragePool2d(tf.range(0, 4).reshape([1, 2, 2, 1]), { keepDims: true }).print(); // [[[[1.5]]]]
 * ```
 * @see tf.layers.globalAveragePooling2d
 */
export function globalAveragePool2d<T extends Tensor>(
  x: PoolingInput<T, 2>,
  options?: OrDefault<GlobalPoolOptions>,
): Tensor {
  return globalAveragePool('globalAveragePool2d', 2, x, options);
}

/**
 * As {@link globalAveragePool1d}, over depth, height and width: [batch, depth, height, width, channels] to
 * [batch, channels].
 *
 * @example
 * ```js
 * globalAveragePool3d(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 3.5
 * ```
 * @see Keras' GlobalAveragePooling3D, which tfjs lacks
 */
export function globalAveragePool3d<T extends Tensor>(
  x: PoolingInput<T, 3>,
  options?: OrDefault<GlobalPoolOptions>,
): Tensor {
  return globalAveragePool('globalAveragePool3d', 3, x, options);
}

function globalAveragePool(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: OrDefault<GlobalPoolOptions>,
): Tensor {
  const spec = readOptions(name, rank, POOLING_OPTIONS.globalAverage, options);
  return tidy(name, () => averageOfAll(name, spec, toFloat(tensorArgument(name, 'x', x))));
}

/** The average over all of a float32 image. Call inside a tidy. */
export function averageOfAll(name: string, spec: GlobalPoolSpec, x: Tensor): Tensor {
  const { run, yShape } = globalPoolGeometry(name, spec, x.shape);
  const stages = stageGeometries(name, run, spec.implementation);
  const forward = (t: Tensor): Tensor =>
    withAdjoint(t, (image) => reshape(averageOfRun(reshape(image, [...run]), stages), [...yShape]), backward);
  const backward = (dy: Tensor): Tensor =>
    withAdjoint(dy, (gradient) => reshape(spreadOverRun(gradient, run, stages), x.shape), forward);
  return forward(x);
}

/** The sum over all of a float32 image, without a gradient. Call inside a tidy. */
export function sumOfAll(name: string, spec: GlobalPoolSpec, x: Tensor): Tensor {
  const { run, yShape } = globalPoolGeometry(name, spec, x.shape);
  const stages = stageGeometries(name, run, spec.implementation);
  const sums = stages.reduce((t, stage) => average(t, stage, 'one'), reshape(x, [...run]));
  return reshape(sums, [...yShape]);
}

/** The poolings that one after the other leave one element of a run. Padding fills the last window of each. */
function stageGeometries(
  name: string,
  [batch, length, channels]: GlobalPoolGeometry['run'],
  implementation: Implementation,
): PoolGeometry[] {
  let input = length;
  return stagesOf(length).map((window) => {
    const output = Math.ceil(input / window);
    const spec = poolSpec(name, 1, { poolSize: window, padding: [[0, output * window - input]], implementation });
    const geometry = poolGeometry(name, spec, [batch, input, channels]);
    input = output;
    return geometry;
  });
}

/** Sums of sums, divided at the end; where 16 bit could not hold a sum, averages of averages in which padding counts. */
function averageOfRun(run: Tensor, stages: readonly PoolGeometry[]): Tensor {
  const length = run.shape[1]!;
  const isHalf = storesHalf();
  const pooled = stages.reduce((t, stage) => average(t, stage, isHalf ? 'padded' : 'one'), run);
  const counted = isHalf ? stages.reduce((product, { taps }) => product * taps, 1) : 1;
  return counted === length ? pooled : dividedBy(pooled, length / counted);
}

/** Divided at once, then copied to the elements of each stage. */
function spreadOverRun(
  dy: Tensor,
  [batch, length, channels]: GlobalPoolGeometry['run'],
  stages: readonly PoolGeometry[],
): Tensor {
  const shares = reshape(dividedBy(dy, length), [batch, 1, channels]);
  return stages.reduceRight((t, stage) => spread(t, stage, 'one'), shares);
}
