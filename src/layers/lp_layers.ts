/** The Lp pooling layers for the TensorFlow.js that this package imports, as users import them (see max_layers.ts). */
import { defineLayers } from './define_layers';
import type { PoolingLayer, PoolingLayerClass, PoolingLayerFactory } from './types';

const layers = /* @__PURE__ */ defineLayers();

/**
 * Lp pooling over one spatial axis, [batch, length, channels]. As {@link Im2ColLpPooling2D}.
 *
 * @example
 * ```js
 * new Im2ColLpPooling1D({ p: 2 }).apply(tf.tensor3d([3, 4, 0, 2], [1, 4, 1])).print(); // 5, 2
 * ```
 * @see PyTorch's torch.nn.LPPool1d
 */
export const Im2ColLpPooling1D: PoolingLayerClass<'lp'> = layers.Im2ColLpPooling1D;
export type Im2ColLpPooling1D = PoolingLayer<'lp'>;

/**
 * The layer of {@link lpPool2d}: the p-norm of each window.
 *
 * Shapes: [batch, height, width, channels] to the same, or with `channelsFirst`
 * [batch, channels, height, width]; sizes as {@link Im2ColMaxPooling2D} has them. They may be unknown (null) when
 * a model is built.
 *
 * @param args the options of pooling, `p`, and every ordinary layer argument
 * @throws Error naming the layer, the argument, what was expected and what came
 *
 * @example
 * ```js
 * const pool = im2colLpPooling2d({ inputShape: [28, 28, 1], p: 4 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 14, 14, 1]
 * ```
 * @see PyTorch's torch.nn.LPPool2d
 */
export const Im2ColLpPooling2D: PoolingLayerClass<'lp'> = layers.Im2ColLpPooling2D;
export type Im2ColLpPooling2D = PoolingLayer<'lp'>;

/**
 * Lp pooling over depth, height and width, [batch, depth, height, width, channels]. As {@link Im2ColLpPooling2D}.
 *
 * @example
 * ```js
 * new Im2ColLpPooling3D({ p: 3 }).apply(tf.ones([1, 2, 2, 2, 1])).print(); // 2
 * ```
 * @see PyTorch's torch.nn.LPPool3d
 */
export const Im2ColLpPooling3D: PoolingLayerClass<'lp'> = layers.Im2ColLpPooling3D;
export type Im2ColLpPooling3D = PoolingLayer<'lp'>;

/**
 * Makes an {@link Im2ColLpPooling1D} layer.
 *
 * @example
 * ```js
 * const pool = im2colLpPooling1d({ inputShape: [8, 3], p: 2 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 3]
 * ```
 */
export const im2colLpPooling1d: PoolingLayerFactory<'lp'> = layers.im2colLpPooling1d;

/**
 * Makes an {@link Im2ColLpPooling2D} layer.
 *
 * @example
 * ```js
 * const pool = im2colLpPooling2d({ inputShape: [8, 8, 3], p: 2 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 4, 3]
 * ```
 */
export const im2colLpPooling2d: PoolingLayerFactory<'lp'> = layers.im2colLpPooling2d;

/**
 * Makes an {@link Im2ColLpPooling3D} layer.
 *
 * @example
 * ```js
 * const pool = im2colLpPooling3d({ inputShape: [8, 8, 8, 3], p: 2 });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 4, 4, 3]
 * ```
 */
export const im2colLpPooling3d: PoolingLayerFactory<'lp'> = layers.im2colLpPooling3d;
