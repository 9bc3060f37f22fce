/**
 * Global max pooling: the window is the whole image. Made of max pooling in stages, each with its argmax,
 * so that the gradient goes to one element, derivatives of every order exist, and no stage has more taps
 * than a 16-bit texture can number.
 */
import { type Tensor, type TensorLike, tidy } from '@tensorflow/tfjs-core';
import { poolGeometry } from '../geometry';
import { type GlobalMaxPoolOptions, type GlobalMaxPoolSpec, globalPoolGeometry, stagesOf } from '../global';
import { POOLING_OPTIONS, readOptions } from '../options';
import { type OrDefault, type SpatialRank, poolSpec } from '../spec';
import { tensorArgument, viewAs } from './canonical';
import type { PoolingInput } from './pooling_input';
import { poolMax } from './max_pool';

/**
 * The greatest element of each channel: `y[b, c] = max over l of x[b, l, c]`.
 *
 * The first of equal maxima in row-major order alone receives the gradient, where `tf.max` (and so
 * `tf.layers.globalMaxPooling1d`) gives all of it to every one of them. NaN wins unless `nan: 'ignore'`.
 * Derivatives of every order exist.
 *
 * Shapes: [batch, length, channels] to [batch, channels], or with `keepDims` [batch, 1, channels]; without
 * batch or with `channelsFirst` accordingly.
 *
 * @param x float32 or int32
 * @returns the maxima, in x's dtype
 * @throws Error on wrong options, dtype or rank, or an image without elements
 *
 * @example
 * ```js
 * const x = tf.tensor3d([1, 4, 4, 2], [1, 4, 1]);
 * globalMaxPool1d(x).print(); // 4
 * tf.grad((t) => globalMaxPool1d(t))(x).print(); // 0, 1, 0, 0
 * tf.grad((t) => tf.max(t, 1))(x).print(); // 0, 1, 1, 0: twice the gradient that came in
 * ```
 * @see tf.layers.globalMaxPooling1d; PyTorch's torch.nn.AdaptiveMaxPool1d(1)
 */
export function globalMaxPool1d<T extends Tensor>(
  x: PoolingInput<T, 1>,
  options?: OrDefault<GlobalMaxPoolOptions>,
): Tensor {
  return globalMaxPool('globalMaxPool1d', 1, x, options);
}

/**
 * As {@link globalMaxPool1d}, over height and width: [batch, height, width, channels] to [batch, channels].
 *
 * @example
 * ```js
 * const x = tf.tensor4d([0, 0, 0, 0], [1, 2, 2, 1]); // after a ReLU that let nothing through
 * globalMaxPool2d(x, { keepDims: true }).shape; // [1, 1, 1, 1]
 * tf.grad((t) => globalMaxPool2d(t))(x).print(); // 1 0 0 0
 * tf.grad((t) => tf.max(t, [1, 2]))(x).print(); // 1 1 1 1
 * ```
 * @see tf.layers.globalMaxPooling2d
 */
export function globalMaxPool2d<T extends Tensor>(
  x: PoolingInput<T, 2>,
  options?: OrDefault<GlobalMaxPoolOptions>,
): Tensor {
  return globalMaxPool('globalMaxPool2d', 2, x, options);
}

/**
 * As {@link globalMaxPool1d}, over depth, height and width: [batch, depth, height, width, channels] to
 * [batch, channels].
 *
 * @example
 * ```js
 * globalMaxPool3d(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 7
 * ```
 * @see Keras' GlobalMaxPooling3D, which tfjs lacks
 */
export function globalMaxPool3d<T extends Tensor>(
  x: PoolingInput<T, 3>,
  options?: OrDefault<GlobalMaxPoolOptions>,
): Tensor {
  return globalMaxPool('globalMaxPool3d', 3, x, options);
}

function globalMaxPool(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: OrDefault<GlobalMaxPoolOptions>,
): Tensor {
  const spec = readOptions(name, rank, POOLING_OPTIONS.globalMax, options);
  return tidy(name, () => maxOfAll(name, spec, tensorArgument(name, 'x', x)));
}

/** The maximum over all of an image. Call inside a tidy. */
export function maxOfAll(name: string, spec: GlobalMaxPoolSpec, x: Tensor): Tensor {
  const {
    run: [batch, length, channels],
    yShape,
  } = globalPoolGeometry(name, spec, x.shape);
  const { nan, implementation } = spec;
  const maxima = stagesOf(length).reduce(
    (run, window) => {
      const stage = poolSpec(name, 1, { poolSize: window, ceilMode: true, nan, implementation });
      return poolMax(run, poolGeometry(name, stage, run.shape));
    },
    viewAs(x, [batch, length, channels]),
  );
  return viewAs(maxima, yShape);
}
