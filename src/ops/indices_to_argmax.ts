/** The flat indices of other frameworks to tap numbers. */
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { PoolGeometry } from '../geometry';
import { batchOf, sizeOf } from '../layout';
import { show } from '../show';
import type { OrDefault, PoolOptions } from '../spec';
import {
  INDEX_FORMATS,
  type IndexFormat,
  type OutputElement,
  coordinates,
  indexFormatOf,
  indicesOfWindow,
  outputElement,
  tapOfIndex,
} from './index_formats';
import { type NumberRow, type Numbers, readNumbers } from './read_numbers';
import { geometryForIndices } from './x_shape';

/**
 * The argmax of max pooling from another framework's flat indices: the inverse of {@link argmaxToIndices}, whose
 * formats it reads. The result goes straight into `maxUnpool`, `scatterArgmax` and the MaxUnpooling layers.
 *
 * `'tensorflow'` is `include_batch_in_index: false`, the default there; `'onnx'` is `storage_order: 0`. Computed on the
 * host in double precision, so exact at any size on any backend.
 *
 * @param indices of the pooling's output shape, or as many numbers in a row: a typed array (also BigInt64Array, as
 *     ONNX's are), nested arrays, or a tensor, int32 or float32. In float32 they must be below 2^24, beyond which it
 *     rounds; the same holds for int32 that a GPU computed.
 * @param xShape the shape of that pooling's input, in `options.dataFormat`
 * @returns int32, of the pooling's output shape
 * @throws Error on wrong options or shapes, and where an index is none of a real element under its own window; the
 *     error names the first such index
 *
 * @example
 * ```js
 * const indices = [5, 7, 13, 15]; // torch.nn.MaxPool2d(2, return_indices=True) of a 4x4 image
 * const argmax = await indicesToArgmax(indices, [1, 4, 4, 1], { poolSize: 2 }, 'pytorch');
 * argmax.print(); // 3, 3, 3, 3
 * ```
 * @see argmaxToIndices
 */
export async function indicesToArgmax(
  indices: Tensor | Numbers,
  xShape: readonly number[],
  options?: OrDefault<PoolOptions>,
  format?: IndexFormat | null,
): Promise<Tensor> {
  const name = 'indicesToArgmax';
  const known = indexFormatOf(name, format);
  const g = geometryForIndices(name, xShape, options);
  const row = await readNumbers(name, 'indices', indices, g.yShape, ['int32', 'float32']);
  const argmax = new Int32Array(row.length);
  for (let i = 0; i < row.length; i++) {
    const output = outputElement(g, i);
    const index = row.at(i);
    const tap = tapOfIndex(g, known, output, index);
    if (Number.isNaN(tap) || (row.isFloat32 && index >= EXACT_IN_FLOAT32)) {
      throw new Error(`${name}: ${complaint(g, known, row, output, i)}`);
    }
    argmax[i] = tap;
  }
  return tensor(argmax, [...g.yShape], 'int32');
}

/** From here on float32 has not every integer. */
const EXACT_IN_FLOAT32 = 2 ** 24;
/** So many indices of a window are listed. */
const MOST_LISTED = 9;

/** Element i is wrong: where it is, what would be right, and what it would be elsewhere. */
function complaint(g: PoolGeometry, format: IndexFormat, row: NumberRow, output: OutputElement, i: number): string {
  const where = `indices[${i}], at ${show(coordinates(g.yShape, i))},`;
  const got = show(row.given(i)).slice(0, 40);
  const index = row.at(i);
  if (row.isFloat32 && index >= EXACT_IN_FLOAT32) {
    return `expected ${where} to be below 2^24, as float32 rounds beyond: give int32 or an array; got ${got}.`;
  }
  const listed = indicesOfWindow(g, format, output, MOST_LISTED + 1);
  const right = listed.length > MOST_LISTED ? `${listed.slice(0, MOST_LISTED).join(', ')} ...` : listed.join(', ');
  const fits = formatsThatFit(g, format, output, index);
  return (
    `expected ${where} to be the '${format}' index of an element under its window (${right}); got ${got}.` +
    (fits.length > 0 ? ` It fits ${fits.join(' and ')}.` : '')
  );
}

function formatsThatFit(g: PoolGeometry, format: IndexFormat, output: OutputElement, index: number): string[] {
  const others = INDEX_FORMATS.filter(
    (other) => other !== format && !Number.isNaN(tapOfIndex(g, other, output, index)),
  );
  // TensorFlow's other way of counting: the batch is part of the index.
  const image = sizeOf(g.xShape) / batchOf(g.spec, g.xShape);
  const inBatch = output.b > 0 && !Number.isNaN(tapOfIndex(g, 'tensorflow', output, index - output.b * image));
  return [...others.map(show), ...(inBatch ? ["TensorFlow's include_batch_in_index: true"] : [])];
}
