/** The average pooling layers for the TensorFlow.js that this package imports, as users import them (see max_layers.ts). */
import { defineLayers } from './define_layers';
import type { PoolingLayer, PoolingLayerClass, PoolingLayerFactory } from './types';

const layers = /* @__PURE__ */ defineLayers();

/**
 * The layer of {@link averagePool2d}: a drop-in for `tf.layers.averagePooling2d`, the same on every backend.
 *
 * Shapes and sizes as {@link Im2ColMaxPooling2D} has them.
 *
 * Rules: padding does not count, unless `countIncludePad`. Beyond `tf.layers.averagePooling2d` there are
 * dilationRate, ceilMode and explicit padding; derivatives of every order exist.
 *
 * @param args the options of average pooling, and every ordinary layer argument
 * @throws Error naming the layer, the argument, what was expected and what came
 *
 * @example
 * ```js
 * const model = tf.sequential();
 * model.add(tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 8, kernelSize: 5, activation: 'relu' }));
 * model.add(new Im2ColAveragePooling2D({ poolSize: 2 }));
 * console.log(model.outputShape); // [null, 12, 12, 8]
 * new Im2ColAveragePooling1D().apply(tf.tensor3d([1, 4, 3, 2], [1, 4, 1])).print(); // 2.5, 2.5
 * new Im2ColAveragePooling3D().apply(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 3.5
 * ```
 * @see tf.layers.averagePooling2d; PyTorch's torch.nn.AvgPool2d, whose padding counts by default
 */
export const Im2ColAveragePooling2D: PoolingLayerClass<'average', 2> = layers.Im2ColAveragePooling2D;
export type Im2ColAveragePooling2D = PoolingLayer<'average'>;

/** {@link Im2ColAveragePooling2D} over one spatial axis, [batch, length, channels]. See tf.layers.averagePooling1d. */
export const Im2ColAveragePooling1D: PoolingLayerClass<'average', 1> = layers.Im2ColAveragePooling1D;
export type Im2ColAveragePooling1D = PoolingLayer<'average'>;

/** {@link Im2ColAveragePooling2D} over depth, height and width. See tf.layers.averagePooling3d. */
export const Im2ColAveragePooling3D: PoolingLayerClass<'average', 3> = layers.Im2ColAveragePooling3D;
export type Im2ColAveragePooling3D = PoolingLayer<'average'>;

/**
 * Makes an {@link Im2ColAveragePooling2D} layer, as `tf.layers.averagePooling2d` makes the built-in one.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), implementation ('fused'), countIncludePad (false), divisorOverride (none); and
 *     every ordinary layer argument
 *
 * @example
 * ```js
 * console.log(im2colAveragePooling2d({ poolSize: 3, padding: 'same' }).computeOutputShape([null, 28, 28, 1])); // [null, 10, 10, 1]
 * console.log(im2colAveragePooling1d().computeOutputShape([null, 8, 3])); // [null, 4, 3]
 * console.log(im2colAveragePooling3d().computeOutputShape([null, 8, 8, 8, 3])); // [null, 4, 4, 4, 3]
 * ```
 */
export const im2colAveragePooling2d: PoolingLayerFactory<'average', 2> = layers.im2colAveragePooling2d;

/**
 * Makes an {@link Im2ColAveragePooling1D} layer.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), implementation ('fused'), countIncludePad (false), divisorOverride (none); and
 *     every ordinary layer argument
 */
export const im2colAveragePooling1d: PoolingLayerFactory<'average', 1> = layers.im2colAveragePooling1d;

/**
 * Makes an {@link Im2ColAveragePooling3D} layer.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), implementation ('fused'), countIncludePad (false), divisorOverride (none); and
 *     every ordinary layer argument
 */
export const im2colAveragePooling3d: PoolingLayerFactory<'average', 3> = layers.im2colAveragePooling3d;
