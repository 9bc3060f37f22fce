/**
 * Adaptive average pooling: uneven windows are laid side by side (even_windows.ts), filled up with zeros, added
 * up and divided by their own sizes; windows that divide the image evenly are average pooling's.
 */
import { type Tensor, type TensorLike, tidy } from '@tensorflow/tfjs-core';
import {
  type AdaptiveAxis,
  type AdaptivePoolOptions,
  adaptiveAxes,
  adaptivePoolSpec,
  forEachAdaptiveWindow,
} from '../adaptive';
import { type PoolGeometry, poolGeometry } from '../geometry';
import { storesHalf } from '../half_precision';
import { type OrNull, type SpatialRank, poolSpec } from '../spec';
import { average, spread, toFloat, withAdjoint } from './average_pool';
import { tensorArgument } from './canonical';
import { type Constants, dividedBy } from './divided';
import { layOut, putBack } from './even_windows';
import { averageOfAll } from './global_average_pool';

/**
 * Average pooling to a given output size: output `i` averages `[floor(i * in / out), ceil((i + 1) * in / out))`.
 *
 * Where `in` is a multiple of `out` this is average pooling with window and stride `in / out`. Derivatives of
 * every order exist.
 *
 * Sums are the same on every backend, as they have an order, in float32: a window's elements add up row by row, and are
 * then divided by their number. Backward, each gradient is divided first, and what an element gets from the windows that
 * hold it adds up along one axis after the other, from the last to the first, and along an axis from the first window to
 * the last.
 *
 * @param x float32, or int32, which is averaged as float32; [batch, length, channels] or [length, channels]
 * @param options `outputSize` is required
 * @returns the averages, float32, [batch, outputSize, channels] or without batch
 * @throws Error on wrong options, dtype or rank, or an image without elements
 *
 * @example
 * ```js
 * adaptiveAveragePool1d(tf.tensor3d([1, 4, 3, 2, 5], [1, 5, 1]), { outputSize: 3 }).print(); // 2.5, 3, 3.5
 * ```
 * @see PyTorch's torch.nn.AdaptiveAvgPool1d
 */
export function adaptiveAveragePool1d(x: Tensor | TensorLike, options: OrNull<AdaptivePoolOptions>): Tensor {
  return adaptiveAveragePool('adaptiveAveragePool1d', 1, x, options);
}

/**
 * As {@link adaptiveAveragePool1d}, over height and width: [batch, height, width, channels].
 *
 * @example
 * ```js
 * adaptiveAveragePool2d(tf.range(0, 9).reshape([1, 3, 3, 1]), { outputSize: 2 }).print(); // 2 3 5 6
 * ```
 * @see PyTorch's torch.nn.AdaptiveAvgPool2d
 */
export function adaptiveAveragePool2d(x: Tensor | TensorLike, options: OrNull<AdaptivePoolOptions>): Tensor {
  return adaptiveAveragePool('adaptiveAveragePool2d', 2, x, options);
}

/**
 * As {@link adaptiveAveragePool1d}, over depth, height and width: [batch, depth, height, width, channels].
 *
 * @example
 * ```js
 * adaptiveAveragePool3d(tf.range(0, 27).reshape([1, 3, 3, 3, 1]), { outputSize: 1 }).print(); // 13
 * ```
 * @see PyTorch's torch.nn.AdaptiveAvgPool3d
 */
export function adaptiveAveragePool3d(x: Tensor | TensorLike, options: OrNull<AdaptivePoolOptions>): Tensor {
  return adaptiveAveragePool('adaptiveAveragePool3d', 3, x, options);
}

function adaptiveAveragePool(
  name: string,
  rank: SpatialRank,
  x: Tensor | TensorLike,
  options: OrNull<AdaptivePoolOptions>,
): Tensor {
  const spec = adaptivePoolSpec(name, rank, options);
  const { dataFormat, implementation } = spec;
  return tidy(name, () => {
    const argument = tensorArgument(name, 'x', x);
    const axes = adaptiveAxes(name, spec, argument.shape);
    const $x = toFloat(argument);
    if (spec.outputSize.every((size) => size === 1)) return averageOfAll(name, { ...spec, keepDims: true }, $x);
    const pool = poolSpec(name, rank, { poolSize: axes.map(({ longest }) => longest), dataFormat, implementation });
    const laidOut = axes.reduce<readonly number[]>(laidOutShape, $x.shape);
    const g = poolGeometry(name, pool, laidOut);
    if (axes.every(({ even }) => even)) return average($x, g, 'real');
    const uneven = axes.filter(({ even }) => !even);
    return averageOfUneven($x, g, uneven, sizesOf(axes, $x.rank));
  });
}

function laidOutShape(shape: readonly number[], { even, index, output, longest }: AdaptiveAxis): number[] {
  return shape.map((size, i) => (i === index && !even ? output * longest : size));
}

/** `g` pools the windows side by side, which have `sizes` real elements each. */
function averageOfUneven(x: Tensor, g: PoolGeometry, uneven: readonly AdaptiveAxis[], sizes: SizesOfWindows): Tensor {
  const { implementation } = g.spec;
  const sum = (image: Tensor) => {
    const laidOut = uneven.reduce((t, axis) => layOut(t, axis, 'zero', implementation), image);
    // 16 bit could not hold all sums; averages in which what fills windows up counts are no greater than the result.
    return storesHalf()
      ? dividedBy(average(laidOut, g, 'real'), times(sizes, 1 / g.taps))
      : dividedBy(average(laidOut, g, 'one'), sizes);
  };
  const putBackAll = (dy: Tensor) =>
    uneven.reduceRight((t, axis) => putBack(t, axis, implementation), spread(dividedBy(dy, sizes), g, 'one'));
  const forward = (t: Tensor): Tensor => withAdjoint(t, sum, backward);
  const backward = (dy: Tensor): Tensor => withAdjoint(dy, putBackAll, forward);
  return forward(x);
}

function times({ values, shape }: SizesOfWindows, factor: number): SizesOfWindows {
  return { values: values.map((size) => size * factor), shape };
}

type SizesOfWindows = Exclude<Constants, number>;

/** How many elements each window has, to be broadcast. */
function sizesOf(axes: readonly AdaptiveAxis[], rank: number): SizesOfWindows {
  const shape = Array.from({ length: rank }, (_, i) => axes.find(({ index }) => index === i)?.output ?? 1);
  const sizes = axes.reduce((outer, axis) => {
    const product = new Float64Array(outer.length * axis.output);
    forEachAdaptiveWindow(axis, (_, length, window) => {
      for (let i = 0; i < outer.length; i++) product[i * axis.output + window] = outer[i] * length;
    });
    return product;
  }, Float64Array.of(1));
  return { values: Float32Array.from(sizes), shape };
}
