/** The global pooling layers for the TensorFlow.js that this package imports, as users import them (see max_layers.ts). */
import { defineLayers } from './define_layers';
import type { PoolingLayer, PoolingLayerClass, PoolingLayerFactory } from './types';

const layers = /* @__PURE__ */ defineLayers();

/**
 * The layer of {@link globalMaxPool2d}: a drop-in for `tf.layers.globalMaxPooling2d` whose gradient goes to one
 * element of each channel, the first of equal maxima; the built-in one gives all of it to every one of them.
 *
 * Shapes: [batch, height, width, channels] to [batch, channels], or with `keepDims` [batch, 1, 1, channels];
 * `channelsFirst` accordingly. Sizes may be unknown (null) when a model is built.
 *
 * @param args dataFormat, keepDims, nan, implementation, and every ordinary layer argument
 * @throws Error naming the layer, the argument, what was expected and what came
 *
 * @example
 * ```js
 * const model = tf.sequential();
 * model.add(tf.layers.conv2d({ inputShape: [null, null, 3], filters: 8, kernelSize: 5, activation: 'relu' }));
 * model.add(new Im2ColGlobalMaxPooling2D());
 * console.log(model.outputShape); // [null, 8]
 * new Im2ColGlobalMaxPooling1D().apply(tf.tensor3d([1, 4, 3, 2], [1, 4, 1])).print(); // 4
 * new Im2ColGlobalMaxPooling3D().apply(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 7
 * ```
 * @see tf.layers.globalMaxPooling2d; Keras' GlobalMaxPooling2D, which has keepdims as well
 */
export const Im2ColGlobalMaxPooling2D: PoolingLayerClass<'globalMax', 2> = layers.Im2ColGlobalMaxPooling2D;
export type Im2ColGlobalMaxPooling2D = PoolingLayer<'globalMax'>;

/** {@link Im2ColGlobalMaxPooling2D} over one spatial axis, [batch, length, channels]. See tf.layers.globalMaxPooling1d. */
export const Im2ColGlobalMaxPooling1D: PoolingLayerClass<'globalMax', 1> = layers.Im2ColGlobalMaxPooling1D;
export type Im2ColGlobalMaxPooling1D = PoolingLayer<'globalMax'>;

/** {@link Im2ColGlobalMaxPooling2D} over depth, height and width. See Keras' GlobalMaxPooling3D, which tfjs lacks. */
export const Im2ColGlobalMaxPooling3D: PoolingLayerClass<'globalMax', 3> = layers.Im2ColGlobalMaxPooling3D;
export type Im2ColGlobalMaxPooling3D = PoolingLayer<'globalMax'>;

/**
 * Makes an {@link Im2ColGlobalMaxPooling2D} layer, as `tf.layers.globalMaxPooling2d` makes the built-in one.
 *
 * @param args the defaults in brackets: dataFormat ('channelsLast'), keepDims (false), implementation ('fused'), nan
 *     ('propagate'); and every ordinary layer argument
 *
 * @example
 * ```js
 * console.log(im2colGlobalMaxPooling2d({ keepDims: true }).computeOutputShape([null, 8, 8, 3])); // [null, 1, 1, 3]
 * console.log(im2colGlobalMaxPooling1d().computeOutputShape([null, 8, 3])); // [null, 3]
 * console.log(im2colGlobalMaxPooling3d().computeOutputShape([null, 8, 8, 8, 3])); // [null, 3]
 * ```
 */
export const im2colGlobalMaxPooling2d: PoolingLayerFactory<'globalMax', 2> = layers.im2colGlobalMaxPooling2d;

/**
 * Makes an {@link Im2ColGlobalMaxPooling1D} layer.
 *
 * @param args the defaults in brackets: dataFormat ('channelsLast'), keepDims (false), implementation ('fused'), nan
 *     ('propagate'); and every ordinary layer argument
 */
export const im2colGlobalMaxPooling1d: PoolingLayerFactory<'globalMax', 1> = layers.im2colGlobalMaxPooling1d;

/**
 * Makes an {@link Im2ColGlobalMaxPooling3D} layer.
 *
 * @param args the defaults in brackets: dataFormat ('channelsLast'), keepDims (false), implementation ('fused'), nan
 *     ('propagate'); and every ordinary layer argument
 */
export const im2colGlobalMaxPooling3d: PoolingLayerFactory<'globalMax', 3> = layers.im2colGlobalMaxPooling3d;

/**
 * The layer of {@link globalAveragePool2d}: a drop-in for `tf.layers.globalAveragePooling2d`.
 *
 * Shapes as {@link Im2ColGlobalMaxPooling2D} has them.
 *
 * @param args dataFormat, keepDims, implementation, and every ordinary layer argument
 * @throws Error naming the layer, the argument, what was expected and what came
 *
 * @example
 * ```js
 * console.log(new Im2ColGlobalAveragePooling2D().computeOutputShape([null, null, null, 8])); // [null, 8]
 * new Im2ColGlobalAveragePooling3D().apply(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 3.5
 * ```
 * @see tf.layers.globalAveragePooling2d; Keras' GlobalAveragePooling2D, which has keepdims as well
 */
export const Im2ColGlobalAveragePooling2D: PoolingLayerClass<'globalAverage', 2> = layers.Im2ColGlobalAveragePooling2D;
export type Im2ColGlobalAveragePooling2D = PoolingLayer<'globalAverage'>;

/**
 * {@link Im2ColGlobalAveragePooling2D} over one spatial axis, [batch, length, channels].
 *
 * Honours a mask [batch, length], as Keras does: the average over the steps that the mask keeps. A step that is left out is
 * absent, even if it is NaN, and gets no gradient; where no step is kept the average is NaN. The mask ends here.
 * tf.layers.globalAveragePooling1d ignores masks.
 *
 * @example
 * ```js
 * new Im2ColGlobalAveragePooling1D().apply(tf.tensor3d([1, 4, 3, 2], [1, 4, 1])).print(); // 2.5
 * const model = tf.sequential();
 * model.add(tf.layers.embedding({ inputDim: 10, outputDim: 4, maskZero: true, inputLength: 5 }));
 * model.add(new Im2ColGlobalAveragePooling1D()); // the average of the words, without the zeros after them
 * ```
 * @see tf.layers.globalAveragePooling1d; Keras' GlobalAveragePooling1D
 */
export const Im2ColGlobalAveragePooling1D: PoolingLayerClass<'globalAverage', 1> = layers.Im2ColGlobalAveragePooling1D;
export type Im2ColGlobalAveragePooling1D = PoolingLayer<'globalAverage'>;

/** {@link Im2ColGlobalAveragePooling2D} over depth, height and width. See Keras' GlobalAveragePooling3D, which tfjs lacks. */
export const Im2ColGlobalAveragePooling3D: PoolingLayerClass<'globalAverage', 3> = layers.Im2ColGlobalAveragePooling3D;
export type Im2ColGlobalAveragePooling3D = PoolingLayer<'globalAverage'>;

/**
 * Makes an {@link Im2ColGlobalAveragePooling2D} layer, as `tf.layers.globalAveragePooling2d` makes the built-in one.
 *
 * @param args the defaults in brackets: dataFormat ('channelsLast'), keepDims (false), implementation ('fused'); and every
 *     ordinary layer argument
 *
 * @example
 * ```js
 * console.log(im2colGlobalAveragePooling2d({ keepDims: true }).computeOutputShape([null, 8, 8, 3])); // [null, 1, 1, 3]
 * console.log(im2colGlobalAveragePooling1d().computeOutputShape([null, 8, 3])); // [null, 3]
 * console.log(im2colGlobalAveragePooling3d().computeOutputShape([null, 8, 8, 8, 3])); // [null, 3]
 * ```
 */
export const im2colGlobalAveragePooling2d: PoolingLayerFactory<'globalAverage', 2> =
  layers.im2colGlobalAveragePooling2d;

/**
 * Makes an {@link Im2ColGlobalAveragePooling1D} layer.
 *
 * @param args the defaults in brackets: dataFormat ('channelsLast'), keepDims (false), implementation ('fused'); and every
 *     ordinary layer argument
 */
export const im2colGlobalAveragePooling1d: PoolingLayerFactory<'globalAverage', 1> =
  layers.im2colGlobalAveragePooling1d;

/**
 * Makes an {@link Im2ColGlobalAveragePooling3D} layer.
 *
 * @param args the defaults in brackets: dataFormat ('channelsLast'), keepDims (false), implementation ('fused'); and every
 *     ordinary layer argument
 */
export const im2colGlobalAveragePooling3d: PoolingLayerFactory<'globalAverage', 3> =
  layers.im2colGlobalAveragePooling3d;
