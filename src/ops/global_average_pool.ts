/**
 * Global average pooling: the window is the whole image. Sums of consecutive elements, then sums of those, and
 * one division; linear, so nothing is kept for the backward pass.
 */
import { type Tensor, type TensorLike, tidy } from '@tensorflow/tfjs-core';
import { poolGeometry } from '../geometry';
import {
  GLOBAL_POOL_OPTION_NAMES,
  type GlobalPoolOptions,
  type GlobalPoolSpec,
  globalPoolGeometry,
  globalPoolSpec,
  stagesOf,
} from '../global';
import { type SpatialRank, poolSpec } from '../spec';
import { average, toFloat } from './average_pool';
import { tensorArgument, viewAs } from './canonical';
import { dividedBy } from './divided';

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
export function globalAveragePool1d(x: Tensor | TensorLike, options: GlobalPoolOptions = {}): Tensor {
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
export function globalAveragePool2d(x: Tensor | TensorLike, options: GlobalPoolOptions = {}): Tensor {
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
export function globalAveragePool3d(x: Tensor | TensorLike, options: GlobalPoolOptions = {}): Tensor {
  return globalAveragePool('globalAveragePool3d', 3, x, options);
}

function globalAveragePool(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: GlobalPoolOptions,
): Tensor {
  const spec = globalPoolSpec(name, rank, options, GLOBAL_POOL_OPTION_NAMES);
  return tidy(name, () => averageOfAll(name, spec, toFloat(tensorArgument(name, 'x', x))));
}

/** The average over all of a float32 image. Call inside a tidy. */
export function averageOfAll(name: string, spec: GlobalPoolSpec, x: Tensor): Tensor {
  const {
    run: [batch, length, channels],
    yShape,
  } = globalPoolGeometry(name, spec, x.shape);
  const { implementation } = spec;
  const sums = stagesOf(length).reduce(
    (run, window) => {
      const stage = poolSpec(name, 1, { poolSize: window, ceilMode: true, implementation });
      return average(run, poolGeometry(name, stage, run.shape), 'one');
    },
    viewAs(x, [batch, length, channels]),
  );
  return viewAs(dividedBy(sums, length), yShape);
}
