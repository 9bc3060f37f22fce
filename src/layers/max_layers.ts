/** The max pooling and unpooling layers for the TensorFlow.js that this package imports, as users import them: each name is a class
 * and a type, with a factory beside it. A kind is documented at its 2-D layer; how they are made, see pooling_layer.ts. */
import { defineLayers } from './define_layers';
import type { PoolingLayer, PoolingLayerClass, PoolingLayerFactory } from './types';

const layers = /* @__PURE__ */ defineLayers();

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
 * new Im2ColMaxPooling1D().apply(tf.tensor3d([1, 4, 3, 2], [1, 4, 1])).print(); // 4, 3
 * new Im2ColMaxPooling3D().apply(tf.range(0, 8).reshape([1, 2, 2, 2, 1])).print(); // 7
 * ```
 * @see tf.layers.maxPooling2d; PyTorch's torch.nn.MaxPool2d
 */
export const Im2ColMaxPooling2D: PoolingLayerClass<'max', 2> = layers.Im2ColMaxPooling2D;
export type Im2ColMaxPooling2D = PoolingLayer<'max'>;

/** {@link Im2ColMaxPooling2D} over one spatial axis, [batch, length, channels]. See tf.layers.maxPooling1d. */
export const Im2ColMaxPooling1D: PoolingLayerClass<'max', 1> = layers.Im2ColMaxPooling1D;
export type Im2ColMaxPooling1D = PoolingLayer<'max'>;

/** {@link Im2ColMaxPooling2D} over depth, height and width. See tf.layers.maxPooling3d. */
export const Im2ColMaxPooling3D: PoolingLayerClass<'max', 3> = layers.Im2ColMaxPooling3D;
export type Im2ColMaxPooling3D = PoolingLayer<'max'>;

/**
 * Makes an {@link Im2ColMaxPooling2D} layer, as `tf.layers.maxPooling2d` makes the built-in one.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), nan ('propagate'), implementation ('fused'), returnArgmax (false); and every
 *     ordinary layer argument
 *
 * @example
 * ```js
 * console.log(im2colMaxPooling2d({ poolSize: 3, padding: 'same' }).computeOutputShape([null, 28, 28, 1])); // [null, 10, 10, 1]
 * console.log(im2colMaxPooling1d({ poolSize: 3, padding: [[1, 0]] }).computeOutputShape([null, 10, 4])); // [null, 3, 4]
 * console.log(im2colMaxPooling3d({ ceilMode: true }).computeOutputShape([null, 7, 8, 8, 1])); // [null, 4, 4, 4, 1]
 * ```
 */
export const im2colMaxPooling2d: PoolingLayerFactory<'max', 2> = layers.im2colMaxPooling2d;

/**
 * Makes an {@link Im2ColMaxPooling1D} layer.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), nan ('propagate'), implementation ('fused'), returnArgmax (false); and every
 *     ordinary layer argument
 */
export const im2colMaxPooling1d: PoolingLayerFactory<'max', 1> = layers.im2colMaxPooling1d;

/**
 * Makes an {@link Im2ColMaxPooling3D} layer.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), nan ('propagate'), implementation ('fused'), returnArgmax (false); and every
 *     ordinary layer argument
 */
export const im2colMaxPooling3d: PoolingLayerFactory<'max', 3> = layers.im2colMaxPooling3d;

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
 * @param args the options of the pooling that is undone, `overlaps`, `outputSize`, and every ordinary layer argument
 * @throws Error if the options are wrong, the inputs are not two tensors of one shape, or pooling the
 *     output's shape would not give theirs
 *
 * @example
 * ```js
 * const x = tf.input({ shape: [5, 5, 3] });
 * const pooled = im2colMaxPooling2d({ poolSize: 2, returnArgmax: true }).apply(x);
 * const y = new MaxUnpooling2D({ poolSize: 2, outputSize: 5 }).apply(pooled);
 * console.log(tf.model({ inputs: x, outputs: y }).outputShape); // [null, 5, 5, 3]
 *
 * const lines = im2colMaxPooling1d({ returnArgmax: true }).apply(tf.tensor3d([1, 4, 3, 2], [1, 4, 1]));
 * new MaxUnpooling1D().apply(lines).print(); // 0, 4, 3, 0
 * const volumes = im2colMaxPooling3d({ returnArgmax: true }).apply(tf.range(0, 8).reshape([1, 2, 2, 2, 1]));
 * new MaxUnpooling3D().apply(volumes).print(); // seven zeros, and 7 in its place
 * ```
 * @see PyTorch's torch.nn.MaxUnpool2d, whose output_size is a call's argument
 */
export const MaxUnpooling2D: PoolingLayerClass<'unpooling', 2> = layers.MaxUnpooling2D;
export type MaxUnpooling2D = PoolingLayer<'unpooling'>;

/** {@link MaxUnpooling2D} over one spatial axis, [batch, length, channels]. See PyTorch's torch.nn.MaxUnpool1d. */
export const MaxUnpooling1D: PoolingLayerClass<'unpooling', 1> = layers.MaxUnpooling1D;
export type MaxUnpooling1D = PoolingLayer<'unpooling'>;

/** {@link MaxUnpooling2D} over depth, height and width. See PyTorch's torch.nn.MaxUnpool3d. */
export const MaxUnpooling3D: PoolingLayerClass<'unpooling', 3> = layers.MaxUnpooling3D;
export type MaxUnpooling3D = PoolingLayer<'unpooling'>;

/**
 * Makes a {@link MaxUnpooling2D} layer.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), nan ('propagate'), implementation ('fused'), overlaps ('add'), outputSize (the
 *     smallest that fits); and every ordinary layer argument
 *
 * @example
 * ```js
 * const shapes = (...sizes) => [[null, ...sizes], [null, ...sizes]];
 * console.log(maxUnpooling2d({ poolSize: 2 }).computeOutputShape(shapes(3, 3, 2))); // [null, 6, 6, 2]
 * console.log(maxUnpooling1d({ outputSize: 7 }).computeOutputShape(shapes(3, 2))); // [null, 7, 2]
 * console.log(maxUnpooling3d({ strides: 1 }).computeOutputShape(shapes(3, 3, 3, 2))); // [null, 4, 4, 4, 2]
 * ```
 */
export const maxUnpooling2d: PoolingLayerFactory<'unpooling', 2> = layers.maxUnpooling2d;

/**
 * Makes a {@link MaxUnpooling1D} layer.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), nan ('propagate'), implementation ('fused'), overlaps ('add'), outputSize (the
 *     smallest that fits); and every ordinary layer argument
 */
export const maxUnpooling1d: PoolingLayerFactory<'unpooling', 1> = layers.maxUnpooling1d;

/**
 * Makes a {@link MaxUnpooling3D} layer.
 *
 * @param args the defaults in brackets: poolSize (2), strides (poolSize), padding ('valid'), dilationRate (1), ceilMode
 *     (false), dataFormat ('channelsLast'), nan ('propagate'), implementation ('fused'), overlaps ('add'), outputSize (the
 *     smallest that fits); and every ordinary layer argument
 */
export const maxUnpooling3d: PoolingLayerFactory<'unpooling', 3> = layers.maxUnpooling3d;
