/**
 * Tap numbers to the flat indices of other frameworks. Computed on the host in double precision, so
 * exact at any size on any backend (WebGL textures hold integers only to 2^24, or 2^11 in 16 bit).
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { type AxisGeometry, type PoolGeometry, poolGeometry } from '../geometry';
import { channelsOf } from '../layout';
import { type PoolOptions, inferSpatialRank, poolSpec, show } from '../spec';
import { checkShapeOf, tensorArgument } from './canonical';

/** Whose indices: see {@link argmaxToIndices}. */
export type IndexFormat = 'tensorflow' | 'pytorch' | 'onnx';

const FORMATS: readonly IndexFormat[] = ['tensorflow', 'pytorch', 'onnx'];

/**
 * Flat indices of the winning elements, in the order of argmax's elements.
 *
 * - `'tensorflow'`: `(row * width + column) * channels + channel` in the channels-last input, batch left
 *   out, as `tf.maxPoolWithArgmax` has it;
 * - `'pytorch'`: `row * width + column` within the plane of one channel, as `return_indices=True` has it;
 * - `'onnx'`: `((batch * channels + channel) * height + row) * width + column`, as MaxPool's `Indices`.
 *
 * @param argmax int32, from `maxPoolWithArgmax`
 * @param xShape the shape of that pooling's input
 * @returns an Int32Array of argmax's size
 * @throws Error on wrong options or shapes, an argmax that names no real element of its window, or an
 *     index above 2^31 - 1
 *
 * @example
 * ```js
 * const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
 * const { argmax } = maxPoolWithArgmax2d(x);
 * await argmaxToIndices(argmax, x.shape, {}, 'pytorch'); // Int32Array [3]
 * ```
 */
export async function argmaxToIndices(
  argmax: Tensor,
  xShape: readonly number[],
  options: PoolOptions = {},
  format: IndexFormat = 'tensorflow',
): Promise<Int32Array> {
  const name = 'argmaxToIndices';
  if (!FORMATS.includes(format)) {
    throw new Error(`${name}: expected format to be ${FORMATS.map(show).join(', ')}; got ${show(format)}.`);
  }
  const g = poolGeometry(name, poolSpec(name, inferSpatialRank(name, options, xShape), options), xShape, 'xShape');
  tensorArgument(name, 'argmax', argmax, ['int32']);
  checkShapeOf(name, 'argmax', argmax.shape, g.yShape, 'for this xShape and these options');
  return indices(name, g, (await argmax.data()) as Int32Array, format);
}

function indices(name: string, g: PoolGeometry, argmax: Int32Array, format: IndexFormat): Int32Array {
  const { depth, height, width } = g;
  const channels = channelsOf(g.spec, g.xShape);
  const axes = [depth, height, width];
  const plane = depth.input * height.input * width.input;
  const result = new Int32Array(argmax.length);
  for (let i = 0; i < argmax.length; i++) {
    const { map, out } = outputAt(g, i);
    const tap = argmax[i];
    const row = Math.floor(tap / width.window);
    const taps = [Math.floor(row / height.window), row % height.window, tap % width.window];
    const at = axes.map((axis, k) => position(axis, out[k], taps[k]));
    const [d, h, w] = at;
    const isTap = Number.isInteger(tap) && tap >= 0 && tap < g.taps;
    const isReal = isTap && axes.every(({ input }, k) => at[k] >= 0 && at[k] < input);
    const inPlane = (d * height.input + h) * width.input + w;
    const index =
      format === 'pytorch'
        ? inPlane
        : format === 'tensorflow'
          ? inPlane * channels + (map % channels)
          : map * plane + inPlane;
    if (!isReal || index > 2 ** 31 - 1) {
      throw new Error(
        `${name}: expected argmax[${i}] to be a tap on a real element of its window, with an index ` +
          `below 2^31; got tap ${tap} of ${g.taps}.`,
      );
    }
    result[i] = index;
  }
  return result;
}

/** Where element i of argmax lies: the number of its feature map, `batch * channels + channel`, and the window's output. */
function outputAt(g: PoolGeometry, i: number): { map: number; out: [number, number, number] } {
  const at = [0, 0, 0, 0];
  const sizes = [g.depth.output, g.height.output, g.width.output, g.channels];
  for (let k = 3; k >= 0; k--) {
    at[k] = i % sizes[k];
    i = Math.floor(i / sizes[k]);
  }
  return { map: i * g.channels + at[3], out: [at[0], at[1], at[2]] };
}

function position(axis: AxisGeometry, output: number, tap: number): number {
  return output * axis.stride - axis.padBefore + tap * axis.dilation;
}
