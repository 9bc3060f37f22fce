/** The average pooling layers for the TensorFlow.js that this package imports, as users import them (see max_layers.ts). */
import { defineLayers } from './define_layers';
import type { PoolingLayer, PoolingLayerClass, PoolingLayerFactory } from './types';

const layers = /* @__PURE__ */ defineLayers();

/**
 * Average pooling over one spatial axis, [batch, length, channels]. As {@link Im2ColAveragePooling2D}.
 *
 * @example
 * ```js
 * new Im2ColAveragePooling1D().apply(tf.tensor3d([1, 4, 3, 2], [1, 4, 1])).print(); // 2.5, 2.5
 * ```
 * @see tf.layers.averagePooling1d
 */
export const Im2ColAveragePooling1D: PoolingLayerClass<'average'> = layers.Im2ColAveragePooling1D;
export type Im2ColAveragePooling1D = PoolingLayer<'average'>;

/**
 * The layer of {@link averagePool2d}: a drop-in for `tf.layers.averagePooling2d`, the same on every backend.
 *
 * Shapes: [batch, height, width, channels] to the same, or with `channelsFirst`
 * [batch, channels, height, width]; sizes as {@link Im2ColMaxPooling2D} has them. They may be unknown (null) when
 * a model is built.
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
 * ```
 * @see tf.layers.averagePooling2d; PyTorch's torch.nn.AvgPool2d, whose padding counts by default
 */
export const Im2ColAveragePooling2D: PoolingLayerClass<'average'> = layers.Im2ColAveragePooling2D;
export type Im2ColAveragePooling2D = PoolingLayer<'average'>;

/**
 * Average pooling over depth, height and width, [batch, depth, height, width, channels]. As
 * {@link Im2ColAveragePooling2D}.
 *
 * @example
 * ```js
 * new Im2ColAveragePooling3D().apply(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 3.5
 * ```
 * @see tf.layers.averagePooling3d
 */
export const Im2ColAveragePooling3D: PoolingLayerClass<'average'> = layers.Im2ColAveragePooling3D;
export type Im2ColAveragePooling3D = PoolingLayer<'average'>;

/**
 * Makes an {@link Im2ColAveragePooling1D} layer, as `tf.layers.averagePooling1d` makes the built-in one.
 *
 * @example
 * ```js
 * const pool = im2colAveragePooling1d({ inputShape: [8, 3] });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 3]
 * ```
 */
export const im2colAveragePooling1d: PoolingLayerFactory<'average'> = layers.im2colAveragePooling1d;
/**
 * Makes an {@link Im2ColAveragePooling2D} layer, as `tf.layers.averagePooling2d` makes the built-in one.
 *
 * @example
 * ```js
 * const pool = im2colAveragePooling2d({ inputShape: [28, 28, 1], poolSize: 3, strides: 2, padding: 'same' });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 14, 14, 1]
 * ```
 */
export const im2colAveragePooling2d: PoolingLayerFactory<'average'> = layers.im2colAveragePooling2d;
/**
 * Makes an {@link Im2ColAveragePooling3D} layer, as `tf.layers.averagePooling3d` makes the built-in one.
 *
 * @example
 * ```js
 * const pool = im2colAveragePooling3d({ inputShape: [8, 8, 8, 3] });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 4, 4, 3]
 * ```
 */
export const im2colAveragePooling3d: PoolingLayerFactory<'average'> = layers.im2colAveragePooling3d;
