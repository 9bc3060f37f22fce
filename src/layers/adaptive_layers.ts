/** The adaptive pooling layers for the TensorFlow.js that this package imports, as users import them (see max_layers.ts). */
import { defineLayers } from './define_layers';
import type { PoolingLayer, PoolingLayerClass, PoolingLayerFactory } from './types';

const layers = /* @__PURE__ */ defineLayers();

/**
 * Adaptive max pooling over one spatial axis, [batch, length, channels]. As {@link Im2ColAdaptiveMaxPooling2D}.
 *
 * @example
 * ```js
 * const layer = new Im2ColAdaptiveMaxPooling1D({ outputSize: 2 });
 * layer.apply(tf.tensor3d([1, 4, 3, 2], [1, 4, 1])).print(); // 4, 3
 * ```
 * @see PyTorch's torch.nn.AdaptiveMaxPool1d
 */
export const Im2ColAdaptiveMaxPooling1D: PoolingLayerClass<'adaptiveMax'> = layers.Im2ColAdaptiveMaxPooling1D;
export type Im2ColAdaptiveMaxPooling1D = PoolingLayer<'adaptiveMax'>;

/**
 * The layer of {@link adaptiveMaxPool2d}: max pooling to a given output size, whatever the input's is.
 *
 * Shapes: [batch, height, width, channels] to [batch, ...outputSize, channels], or with `channelsFirst`
 * [batch, channels, ...outputSize]. Sizes may be unknown (null) when a model is built: the output's are known.
 * With `returnArgmax: true` the output is [values, argmax], two tensors of that shape; argmax is int32.
 *
 * @param args outputSize (required), dataFormat, nan, implementation, returnArgmax, and every ordinary layer argument
 * @throws Error naming the layer, the argument, what was expected and what came
 *
 * @example
 * ```js
 * const pool = im2colAdaptiveMaxPooling2d({ inputShape: [null, null, 8], outputSize: 7 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 7, 7, 8]
 * ```
 * @see PyTorch's torch.nn.AdaptiveMaxPool2d
 */
export const Im2ColAdaptiveMaxPooling2D: PoolingLayerClass<'adaptiveMax'> = layers.Im2ColAdaptiveMaxPooling2D;
export type Im2ColAdaptiveMaxPooling2D = PoolingLayer<'adaptiveMax'>;

/**
 * Adaptive max pooling over depth, height and width, [batch, depth, height, width, channels]. As {@link Im2ColAdaptiveMaxPooling2D}.
 *
 * @example
 * ```js
 * const layer = new Im2ColAdaptiveMaxPooling3D({ outputSize: 1 });
 * layer.apply(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 7
 * ```
 * @see PyTorch's torch.nn.AdaptiveMaxPool3d
 */
export const Im2ColAdaptiveMaxPooling3D: PoolingLayerClass<'adaptiveMax'> = layers.Im2ColAdaptiveMaxPooling3D;
export type Im2ColAdaptiveMaxPooling3D = PoolingLayer<'adaptiveMax'>;

/**
 * Makes an {@link Im2ColAdaptiveMaxPooling1D} layer.
 *
 * @example
 * ```js
 * const pool = im2colAdaptiveMaxPooling1d({ inputShape: [8, 3], outputSize: 4 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 3]
 * ```
 */
export const im2colAdaptiveMaxPooling1d: PoolingLayerFactory<'adaptiveMax'> = layers.im2colAdaptiveMaxPooling1d;

/**
 * Makes an {@link Im2ColAdaptiveMaxPooling2D} layer.
 *
 * @example
 * ```js
 * const pool = im2colAdaptiveMaxPooling2d({ inputShape: [8, 8, 3], outputSize: 4 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 4, 3]
 * ```
 */
export const im2colAdaptiveMaxPooling2d: PoolingLayerFactory<'adaptiveMax'> = layers.im2colAdaptiveMaxPooling2d;

/**
 * Makes an {@link Im2ColAdaptiveMaxPooling3D} layer.
 *
 * @example
 * ```js
 * const pool = im2colAdaptiveMaxPooling3d({ inputShape: [8, 8, 8, 3], outputSize: 4 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 4, 4, 3]
 * ```
 */
export const im2colAdaptiveMaxPooling3d: PoolingLayerFactory<'adaptiveMax'> = layers.im2colAdaptiveMaxPooling3d;

/**
 * Adaptive average pooling over one spatial axis, [batch, length, channels]. As {@link Im2ColAdaptiveAveragePooling2D}.
 *
 * @example
 * ```js
 * const layer = new Im2ColAdaptiveAveragePooling1D({ outputSize: 2 });
 * layer.apply(tf.tensor3d([1, 4, 3, 2], [1, 4, 1])).print(); // 2.5, 2.5
 * ```
 * @see PyTorch's torch.nn.AdaptiveAvgPool1d
 */
export const Im2ColAdaptiveAveragePooling1D: PoolingLayerClass<'adaptiveAverage'> =
  layers.Im2ColAdaptiveAveragePooling1D;
export type Im2ColAdaptiveAveragePooling1D = PoolingLayer<'adaptiveAverage'>;

/**
 * The layer of {@link adaptiveAveragePool2d}: average pooling to a given output size, whatever the input's is.
 *
 * Shapes: [batch, height, width, channels] to [batch, ...outputSize, channels], or with `channelsFirst`
 * [batch, channels, ...outputSize]. Sizes may be unknown (null) when a model is built: the output's are known.
 *
 * @param args outputSize (required), dataFormat, implementation, and every ordinary layer argument
 * @throws Error naming the layer, the argument, what was expected and what came
 *
 * @example
 * ```js
 * const pool = im2colAdaptiveAveragePooling2d({ inputShape: [null, null, 8], outputSize: [7, 5] });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 7, 5, 8]
 * ```
 * @see PyTorch's torch.nn.AdaptiveAvgPool2d
 */
export const Im2ColAdaptiveAveragePooling2D: PoolingLayerClass<'adaptiveAverage'> =
  layers.Im2ColAdaptiveAveragePooling2D;
export type Im2ColAdaptiveAveragePooling2D = PoolingLayer<'adaptiveAverage'>;

/**
 * Adaptive average pooling over depth, height and width, [batch, depth, height, width, channels]. As {@link Im2ColAdaptiveAveragePooling2D}.
 *
 * @example
 * ```js
 * const layer = new Im2ColAdaptiveAveragePooling3D({ outputSize: 1 });
 * layer.apply(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 3.5
 * ```
 * @see PyTorch's torch.nn.AdaptiveAvgPool3d
 */
export const Im2ColAdaptiveAveragePooling3D: PoolingLayerClass<'adaptiveAverage'> =
  layers.Im2ColAdaptiveAveragePooling3D;
export type Im2ColAdaptiveAveragePooling3D = PoolingLayer<'adaptiveAverage'>;

/**
 * Makes an {@link Im2ColAdaptiveAveragePooling1D} layer.
 *
 * @example
 * ```js
 * const pool = im2colAdaptiveAveragePooling1d({ inputShape: [8, 3], outputSize: 4 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 3]
 * ```
 */
export const im2colAdaptiveAveragePooling1d: PoolingLayerFactory<'adaptiveAverage'> =
  layers.im2colAdaptiveAveragePooling1d;

/**
 * Makes an {@link Im2ColAdaptiveAveragePooling2D} layer.
 *
 * @example
 * ```js
 * const pool = im2colAdaptiveAveragePooling2d({ inputShape: [8, 8, 3], outputSize: 4 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 4, 3]
 * ```
 */
export const im2colAdaptiveAveragePooling2d: PoolingLayerFactory<'adaptiveAverage'> =
  layers.im2colAdaptiveAveragePooling2d;

/**
 * Makes an {@link Im2ColAdaptiveAveragePooling3D} layer.
 *
 * @example
 * ```js
 * const pool = im2colAdaptiveAveragePooling3d({ inputShape: [8, 8, 8, 3], outputSize: 4 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 4, 4, 3]
 * ```
 */
export const im2colAdaptiveAveragePooling3d: PoolingLayerFactory<'adaptiveAverage'> =
  layers.im2colAdaptiveAveragePooling3d;
