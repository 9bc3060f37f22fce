/** The Lp pooling layers for the TensorFlow.js that this package imports, as users import them (see max_layers.ts). */
import { defineLayers } from './define_layers';
import type { PoolingLayer, PoolingLayerClass, PoolingLayerFactory } from './types';

const layers = /* @__PURE__ */ defineLayers();

/**
 * The layer of {@link lpPool2d}: the p-norm of each window.
 *
 * Shapes and sizes as {@link Im2ColMaxPooling2D} has them.
 *
 * @param args the options of pooling, `p`, `absolute`, and every ordinary layer argument
 * @throws Error naming the layer, the argument, what was expected and what came
 *
 * @example
 * ```js
 * console.log(new Im2ColLpPooling2D({ p: 4 }).computeOutputShape([null, 28, 28, 1])); // [null, 14, 14, 1]
 * new Im2ColLpPooling1D({ p: 2 }).apply(tf.tensor3d([3, 4, 0, 2], [1, 4, 1])).print(); // 5, 2
 * new Im2ColLpPooling3D({ p: 3 }).apply(tf.ones([1, 2, 2, 2, 1])).print(); // 2
 * ```
 * @see PyTorch's torch.nn.LPPool2d
 */
export const Im2ColLpPooling2D: PoolingLayerClass<'lp', 2> = layers.Im2ColLpPooling2D;
export type Im2ColLpPooling2D = PoolingLayer<'lp'>;

/** {@link Im2ColLpPooling2D} over one spatial axis, [batch, length, channels]. See PyTorch's torch.nn.LPPool1d. */
export const Im2ColLpPooling1D: PoolingLayerClass<'lp', 1> = layers.Im2ColLpPooling1D;
export type Im2ColLpPooling1D = PoolingLayer<'lp'>;

/** {@link Im2ColLpPooling2D} over depth, height and width. See PyTorch's torch.nn.LPPool3d. */
export const Im2ColLpPooling3D: PoolingLayerClass<'lp', 3> = layers.Im2ColLpPooling3D;
export type Im2ColLpPooling3D = PoolingLayer<'lp'>;

/**
 * Makes an {@link Im2ColLpPooling2D} layer.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), implementation ('fused'), p (2), absolute (false); and every ordinary layer
 *     argument
 *
 * @example
 * ```js
 * console.log(im2colLpPooling2d({ p: 2 }).computeOutputShape([null, 8, 8, 3])); // [null, 4, 4, 3]
 * console.log(im2colLpPooling1d({ p: 2 }).computeOutputShape([null, 8, 3])); // [null, 4, 3]
 * console.log(im2colLpPooling3d({ p: 2 }).computeOutputShape([null, 8, 8, 8, 3])); // [null, 4, 4, 4, 3]
 * ```
 */
export const im2colLpPooling2d: PoolingLayerFactory<'lp', 2> = layers.im2colLpPooling2d;

/**
 * Makes an {@link Im2ColLpPooling1D} layer.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), implementation ('fused'), p (2), absolute (false); and every ordinary layer
 *     argument
 */
export const im2colLpPooling1d: PoolingLayerFactory<'lp', 1> = layers.im2colLpPooling1d;

/**
 * Makes an {@link Im2ColLpPooling3D} layer.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), implementation ('fused'), p (2), absolute (false); and every ordinary layer
 *     argument
 */
export const im2colLpPooling3d: PoolingLayerFactory<'lp', 3> = layers.im2colLpPooling3d;
