/** Tap numbers to the flat indices of other frameworks. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { show } from '../show';
import type { OrDefault, PoolOptions } from '../spec';
import { type IndexFormat, indexFormatOf, indexOfTap, outputElement } from './index_formats';
import { type Numbers, readNumbers } from './read_numbers';
import { geometryForIndices } from './x_shape';

/**
 * Flat indices of the winning elements, in the order of argmax's elements.
 *
 * - `'tensorflow'`: `(row * width + column) * channels + channel` in the channels-last input, batch left
 *   out, as `tf.maxPoolWithArgmax` has it;
 * - `'pytorch'`: `row * width + column` within the plane of one channel, as `return_indices=True` has it;
 * - `'onnx'`: `((batch * channels + channel) * height + row) * width + column`, as MaxPool's `Indices`.
 *
 * Computed on the host in double precision, so exact at any size on any backend.
 *
 * @param argmax int32, from `maxPoolWithArgmax`; or its numbers, nested or in a row
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
 * @see indicesToArgmax, its inverse
 */
export async function argmaxToIndices(
  argmax: Tensor | Numbers,
  xShape: readonly number[],
  options?: OrDefault<PoolOptions>,
  format?: IndexFormat | null,
): Promise<Int32Array> {
  const name = 'argmaxToIndices';
  const known = indexFormatOf(name, format);
  const g = geometryForIndices(name, xShape, options);
  const { at, length } = await readNumbers(name, 'argmax', argmax, g.yShape, ['int32']);
  const result = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const index = indexOfTap(g, known, outputElement(g, i), at(i));
    if (!(index < 2 ** 31)) {
      throw new Error(
        `${name}: expected argmax[${i}] to be a tap on a real element of its window, with an index ` +
          `below 2^31; got tap ${show(at(i))} of ${g.taps}.`,
      );
    }
    result[i] = index;
  }
  return result;
}
