/** The adaptive pooling layers for the TensorFlow.js that this package imports, as users import them (see max_layers.ts). */
import { defineLayers } from './define_layers';
import type { PoolingLayer, PoolingLayerClass, PoolingLayerFactory } from './types';

const layers = /* @__PURE__ */ defineLayers();

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
 * console.log(new Im2ColAdaptiveMaxPooling2D({ outputSize: 7 }).computeOutputShape([null, null, null, 8])); // [null, 7, 7, 8]
 * const [lines, volumes] = [tf.tensor3d([1, 4, 3, 2], [1, 4, 1]), tf.range(0, 8).reshape([1, 2, 2, 2, 1])];
 * new Im2ColAdaptiveMaxPooling1D({ outputSize: 2 }).apply(lines).print(); // 4, 3
 * new Im2ColAdaptiveMaxPooling3D({ outputSize: 1 }).apply(volumes).print(); // 7
 * ```
 * @see PyTorch's torch.nn.AdaptiveMaxPool2d
 */
export const Im2ColAdaptiveMaxPooling2D: PoolingLayerClass<'adaptiveMax', 2> = layers.Im2ColAdaptiveMaxPooling2D;
export type Im2ColAdaptiveMaxPooling2D = PoolingLayer<'adaptiveMax'>;

/** {@link Im2ColAdaptiveMaxPooling2D} over one spatial axis, [batch, length, channels]. See PyTorch's torch.nn.AdaptiveMaxPool1d. */
export const Im2ColAdaptiveMaxPooling1D: PoolingLayerClass<'adaptiveMax', 1> = layers.Im2ColAdaptiveMaxPooling1D;
export type Im2ColAdaptiveMaxPooling1D = PoolingLayer<'adaptiveMax'>;

/** {@link Im2ColAdaptiveMaxPooling2D} over depth, height and width. See PyTorch's torch.nn.AdaptiveMaxPool3d. */
export const Im2ColAdaptiveMaxPooling3D: PoolingLayerClass<'adaptiveMax', 3> = layers.Im2ColAdaptiveMaxPooling3D;
export type Im2ColAdaptiveMaxPooling3D = PoolingLayer<'adaptiveMax'>;

/**
 * Makes an {@link Im2ColAdaptiveMaxPooling2D} layer.
 *
 * @param args the defaults in brackets: outputSize (required), dataFormat ('channelsLast'), implementation ('fused'), nan
 *     ('propagate'), returnArgmax (false); and every ordinary layer argument
 *
 * @example
 * ```js
 * console.log(im2colAdaptiveMaxPooling2d({ outputSize: 4 }).computeOutputShape([null, 9, 8, 3])); // [null, 4, 4, 3]
 * console.log(im2colAdaptiveMaxPooling1d({ outputSize: 4 }).computeOutputShape([null, 9, 3])); // [null, 4, 3]
 * console.log(im2colAdaptiveMaxPooling3d({ outputSize: 4 }).computeOutputShape([null, 8, 8, 9, 3])); // [null, 4, 4, 4, 3]
 * ```
 */
export const im2colAdaptiveMaxPooling2d: PoolingLayerFactory<'adaptiveMax', 2> = layers.im2colAdaptiveMaxPooling2d;

/**
 * Makes an {@link Im2ColAdaptiveMaxPooling1D} layer.
 *
 * @param args the defaults in brackets: outputSize (required), dataFormat ('channelsLast'), implementation ('fused'), nan
 *     ('propagate'), returnArgmax (false); and every ordinary layer argument
 */
export const im2colAdaptiveMaxPooling1d: PoolingLayerFactory<'adaptiveMax', 1> = layers.im2colAdaptiveMaxPooling1d;

/**
 * Makes an {@link Im2ColAdaptiveMaxPooling3D} layer.
 *
 * @param args the defaults in brackets: outputSize (required), dataFormat ('channelsLast'), implementation ('fused'), nan
 *     ('propagate'), returnArgmax (false); and every ordinary layer argument
 */
export const im2colAdaptiveMaxPooling3d: PoolingLayerFactory<'adaptiveMax', 3> = layers.im2colAdaptiveMaxPooling3d;

/**
 * The layer of {@link adaptiveAveragePool2d}: average pooling to a given output size, whatever the input's is.
 *
 * Shapes as {@link Im2ColAdaptiveMaxPooling2D} has them.
 *
 * @param args outputSize (required), dataFormat, implementation, and every ordinary layer argument
 * @throws Error naming the layer, the argument, what was expected and what came
 *
 * @example
 * ```js
 * const pool = new Im2ColAdaptiveAveragePooling2D({ outputSize: [7, 5] });
 * console.log(pool.computeOutputShape([null, null, null, 8])); // [null, 7, 5, 8]
 * const [lines, volumes] = [tf.tensor3d([1, 4, 3, 2], [1, 4, 1]), tf.range(0, 8).reshape([1, 2, 2, 2, 1])];
 * new Im2ColAdaptiveAveragePooling1D({ outputSize: 2 }).apply(lines).print(); // 2.5, 2.5
 * new Im2ColAdaptiveAveragePooling3D({ outputSize: 1 }).apply(volumes).print(); // 3.5
 * ```
 * @see PyTorch's torch.nn.AdaptiveAvgPool2d
 */
export const Im2ColAdaptiveAveragePooling2D: PoolingLayerClass<'adaptiveAverage', 2> =
  layers.Im2ColAdaptiveAveragePooling2D;
export type Im2ColAdaptiveAveragePooling2D = PoolingLayer<'adaptiveAverage'>;

/** {@link Im2ColAdaptiveAveragePooling2D} over one spatial axis, [batch, length, channels]. See PyTorch's torch.nn.AdaptiveAvgPool1d. */
export const Im2ColAdaptiveAveragePooling1D: PoolingLayerClass<'adaptiveAverage', 1> =
  layers.Im2ColAdaptiveAveragePooling1D;
export type Im2ColAdaptiveAveragePooling1D = PoolingLayer<'adaptiveAverage'>;

/** {@link Im2ColAdaptiveAveragePooling2D} over depth, height and width. See PyTorch's torch.nn.AdaptiveAvgPool3d. */
export const Im2ColAdaptiveAveragePooling3D: PoolingLayerClass<'adaptiveAverage', 3> =
  layers.Im2ColAdaptiveAveragePooling3D;
export type Im2ColAdaptiveAveragePooling3D = PoolingLayer<'adaptiveAverage'>;

/**
 * Makes an {@link Im2ColAdaptiveAveragePooling2D} layer.
 *
 * @param args the defaults in brackets: outputSize (required), dataFormat ('channelsLast'), implementation ('fused'); and
 *     every ordinary layer argument
 *
 * @example
 * ```js
 * console.log(im2colAdaptiveAveragePooling2d({ outputSize: 4 }).computeOutputShape([null, 9, 8, 3])); // [null, 4, 4, 3]
 * console.log(im2colAdaptiveAveragePooling1d({ outputSize: 4 }).computeOutputShape([null, 9, 3])); // [null, 4, 3]
 * console.log(im2colAdaptiveAveragePooling3d({ outputSize: 4 }).computeOutputShape([null, 8, 8, 9, 3])); // [null, 4, 4, 4, 3]
 * ```
 */
export const im2colAdaptiveAveragePooling2d: PoolingLayerFactory<'adaptiveAverage', 2> =
  layers.im2colAdaptiveAveragePooling2d;

/**
 * Makes an {@link Im2ColAdaptiveAveragePooling1D} layer.
 *
 * @param args the defaults in brackets: outputSize (required), dataFormat ('channelsLast'), implementation ('fused'); and
 *     every ordinary layer argument
 */
export const im2colAdaptiveAveragePooling1d: PoolingLayerFactory<'adaptiveAverage', 1> =
  layers.im2colAdaptiveAveragePooling1d;

/**
 * Makes an {@link Im2ColAdaptiveAveragePooling3D} layer.
 *
 * @param args the defaults in brackets: outputSize (required), dataFormat ('channelsLast'), implementation ('fused'); and
 *     every ordinary layer argument
 */
export const im2colAdaptiveAveragePooling3d: PoolingLayerFactory<'adaptiveAverage', 3> =
  layers.im2colAdaptiveAveragePooling3d;
