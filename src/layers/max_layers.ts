/**
 * The max pooling and unpooling layers for the TensorFlow.js that this package imports, as users import them: each
 * name is a class and a type, with a factory beside it.
 */
import { defineLayers } from './define_layers';
import type { PoolingLayer, PoolingLayerClass, PoolingLayerFactory } from './types';

const layers = /* @__PURE__ */ defineLayers();

/**
 * Max pooling over one spatial axis, [batch, length, channels]. As {@link Im2ColMaxPooling2D}.
 *
 * @example
 * ```js
 * const layer = new Im2ColMaxPooling1D({ poolSize: 2 });
 * layer.apply(tf.tensor3d([1, 4, 3, 2], [1, 4, 1])).print(); // 4, 3
 * ```
 * @see tf.layers.maxPooling1d
 */
export const Im2ColMaxPooling1D: PoolingLayerClass<'max'> = layers.Im2ColMaxPooling1D;
/** An instance of the class of that name. */
export type Im2ColMaxPooling1D = PoolingLayer<'max'>;

/**
 * The layer of {@link maxPool2d}: a drop-in for `tf.layers.maxPooling2d` whose gradient goes to each
 * window's argmax, the same on every backend.
 *
 * Output size per axis: `floor((in + before + after - span) / stride) + 1` (`ceil` with `ceilMode`), with
 * `span = (poolSize - 1) * dilationRate + 1`; for `'same'`, `ceil(in / stride)`.
 *
 * Shapes: [batch, height, width, channels] to the same, or with `channelsFirst`
 * [batch, channels, height, width]. Sizes may be unknown (null) when a model is built. With
 * `returnArgmax: true` the output is [values, argmax], two tensors of that shape; argmax is int32.
 *
 * Rules: everything that `tf.layers.maxPooling2d` can express has the same output shape and values here.
 * Beyond it there are dilationRate, ceilMode, explicit padding, a NaN rule and int32 input. A layer with
 * `returnArgmax` needs a functional model (`tf.model`): `tf.sequential` passes one tensor from layer to layer;
 * and tfjs runs a layer with two outputs twice where a model uses both.
 *
 * @param args the options of pooling, `returnArgmax`, and every ordinary layer argument
 * @throws Error naming the layer, the argument, what was expected and what came
 *
 * @example
 * ```js
 * const model = tf.sequential();
 * model.add(tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 8, kernelSize: 5, activation: 'relu' }));
 * model.add(new Im2ColMaxPooling2D({ poolSize: 2 }));
 * console.log(model.outputShape); // [null, 12, 12, 8]
 * ```
 * @see tf.layers.maxPooling2d; PyTorch's torch.nn.MaxPool2d
 */
export const Im2ColMaxPooling2D: PoolingLayerClass<'max'> = layers.Im2ColMaxPooling2D;
/** An instance of the class of that name. */
export type Im2ColMaxPooling2D = PoolingLayer<'max'>;

/**
 * Max pooling over depth, height and width, [batch, depth, height, width, channels]. As
 * {@link Im2ColMaxPooling2D}.
 *
 * @example
 * ```js
 * const layer = new Im2ColMaxPooling3D({ poolSize: 2 });
 * layer.apply(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 7
 * ```
 * @see tf.layers.maxPooling3d
 */
export const Im2ColMaxPooling3D: PoolingLayerClass<'max'> = layers.Im2ColMaxPooling3D;
/** An instance of the class of that name. */
export type Im2ColMaxPooling3D = PoolingLayer<'max'>;

/**
 * Max unpooling over one spatial axis, [batch, length, channels]. As {@link MaxUnpooling2D}.
 *
 * @example
 * ```js
 * const x = tf.tensor3d([1, 4, 3, 2], [1, 4, 1]);
 * const pooled = new Im2ColMaxPooling1D({ returnArgmax: true }).apply(x);
 * new MaxUnpooling1D().apply(pooled).print(); // 0, 4, 3, 0
 * ```
 * @see PyTorch's torch.nn.MaxUnpool1d
 */
export const MaxUnpooling1D: PoolingLayerClass<'unpooling'> = layers.MaxUnpooling1D;
/** An instance of the class of that name. */
export type MaxUnpooling1D = PoolingLayer<'unpooling'>;

/**
 * The layer of {@link maxUnpool2d}: puts values back where their maxima stood, zeros elsewhere; a decoder's
 * counterpart of a pooling layer with `returnArgmax: true`.
 *
 * Output size per axis, unless `outputSize` says it: `(size - 1) * stride - before - after + span`; for
 * `'same'`, `size * stride`. That is the smallest (for `'same'`, the largest) input of such a pooling; an
 * input that left a remainder needs `outputSize`.
 *
 * Shapes: [values, argmax], both of the pooling's output shape, to that of its input. Sizes may be
 * unknown (null) when a model is built. The gradient flows through the values alone.
 *
 * @param args the options of the pooling that is undone, `outputSize`, and every ordinary layer argument
 * @throws Error if the options are wrong, the inputs are not two tensors of one shape, or pooling the
 *     output's shape would not give theirs
 *
 * @example
 * ```js
 * const x = tf.input({ shape: [5, 5, 3] });
 * const pooled = im2colMaxPooling2d({ poolSize: 2, returnArgmax: true }).apply(x);
 * const y = maxUnpooling2d({ poolSize: 2, outputSize: 5 }).apply(pooled);
 * console.log(tf.model({ inputs: x, outputs: y }).outputShape); // [null, 5, 5, 3]
 * ```
 * @see PyTorch's torch.nn.MaxUnpool2d, whose output_size is a call's argument
 */
export const MaxUnpooling2D: PoolingLayerClass<'unpooling'> = layers.MaxUnpooling2D;
/** An instance of the class of that name. */
export type MaxUnpooling2D = PoolingLayer<'unpooling'>;

/**
 * Max unpooling over depth, height and width, [batch, depth, height, width, channels]. As
 * {@link MaxUnpooling2D}.
 *
 * @example
 * ```js
 * const x = tf.range(0, 8).reshape([1, 2, 2, 2, 1]);
 * const pooled = new Im2ColMaxPooling3D({ returnArgmax: true }).apply(x);
 * new MaxUnpooling3D().apply(pooled).print(); // seven zeros, and 7 in its place
 * ```
 * @see PyTorch's torch.nn.MaxUnpool3d
 */
export const MaxUnpooling3D: PoolingLayerClass<'unpooling'> = layers.MaxUnpooling3D;
/** An instance of the class of that name. */
export type MaxUnpooling3D = PoolingLayer<'unpooling'>;

/**
 * Makes an {@link Im2ColMaxPooling1D} layer, as `tf.layers.maxPooling1d` makes the built-in one.
 *
 * @example
 * ```js
 * const pool = im2colMaxPooling1d({ inputShape: [10, 4], poolSize: 3, padding: [[1, 0]] });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 3, 4]
 * ```
 */
export const im2colMaxPooling1d: PoolingLayerFactory<'max'> = layers.im2colMaxPooling1d;
/**
 * Makes an {@link Im2ColMaxPooling2D} layer, as `tf.layers.maxPooling2d` makes the built-in one.
 *
 * @example
 * ```js
 * const pool = im2colMaxPooling2d({ inputShape: [28, 28, 1], poolSize: 3, strides: 2, padding: 'same' });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 14, 14, 1]
 * ```
 */
export const im2colMaxPooling2d: PoolingLayerFactory<'max'> = layers.im2colMaxPooling2d;
/**
 * Makes an {@link Im2ColMaxPooling3D} layer, as `tf.layers.maxPooling3d` makes the built-in one.
 *
 * @example
 * ```js
 * const pool = im2colMaxPooling3d({ inputShape: [7, 8, 8, 1], poolSize: 2, ceilMode: true });
 * console.log(tf.sequential({ layers: [pool] }).outputShape); // [null, 4, 4, 4, 1]
 * ```
 */
export const im2colMaxPooling3d: PoolingLayerFactory<'max'> = layers.im2colMaxPooling3d;

/**
 * Makes a {@link MaxUnpooling1D} layer.
 *
 * @example
 * ```js
 * const x = tf.input({ shape: [6, 2] });
 * const pooled = im2colMaxPooling1d({ poolSize: 2, returnArgmax: true }).apply(x);
 * console.log(maxUnpooling1d({ poolSize: 2 }).apply(pooled).shape); // [null, 6, 2]
 * ```
 */
export const maxUnpooling1d: PoolingLayerFactory<'unpooling'> = layers.maxUnpooling1d;
/**
 * Makes a {@link MaxUnpooling2D} layer.
 *
 * @example
 * ```js
 * const x = tf.input({ shape: [6, 6, 2] });
 * const pooled = im2colMaxPooling2d({ poolSize: 2, returnArgmax: true }).apply(x);
 * console.log(maxUnpooling2d({ poolSize: 2 }).apply(pooled).shape); // [null, 6, 6, 2]
 * ```
 */
export const maxUnpooling2d: PoolingLayerFactory<'unpooling'> = layers.maxUnpooling2d;
/**
 * Makes a {@link MaxUnpooling3D} layer.
 *
 * @example
 * ```js
 * const x = tf.input({ shape: [6, 6, 6, 2] });
 * const pooled = im2colMaxPooling3d({ poolSize: 2, returnArgmax: true }).apply(x);
 * console.log(maxUnpooling3d({ poolSize: 2 }).apply(pooled).shape); // [null, 6, 6, 6, 2]
 * ```
 */
export const maxUnpooling3d: PoolingLayerFactory<'unpooling'> = layers.maxUnpooling3d;
