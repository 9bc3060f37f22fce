/** Additions of a row to each row, as that of a bias is one: tfjs finds the place of each element by divisions. */
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { sameShape } from '../layout';
import { makeInChunks, partsFor, rangesOf } from './chunks';
import { type HeapCall, addressOf } from './heap';

/** Undefined for what is left to the kernel of tfjs: other types, other shapes. */
export function addKernel(call: HeapCall): TensorInfo | undefined {
  const { a, b } = call.inputs as unknown as Record<'a' | 'b', TensorInfo>;
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  return addRow(call, a, b) ?? addRow(call, b, a);
}

function addRow(call: HeapCall, x: TensorInfo, row: TensorInfo): TensorInfo | undefined {
  const { length } = row.shape;
  if (length === 0 || length >= x.shape.length || !sameShape(x.shape.slice(-length), row.shape)) return undefined;
  const columns = util.sizeFromShape(row.shape);
  const rows = util.sizeFromShape(x.shape.slice(0, -length));
  if (rows * columns === 0) return undefined;
  const [xStart, rowStart] = [addressOf(call, x), addressOf(call, row)];
  const work = rows * columns;
  return makeInChunks(call, [...x.shape], work, rangesOf(rows, partsFor(call, work), 1), {
    compute(module, [first, end], y) {
      const offset = 4 * first * columns;
      module.addRow(end - first, columns, xStart + offset, rowStart, y + offset);
    },
  });
}
