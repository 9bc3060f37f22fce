/** Sums over the outer axes, as the gradient of a bias is one: tfjs transposes x first. And sums of rows by ids. */
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { mapTuple } from '../map_tuple';
import { show } from '../show';
import { COLUMNS, makeInChunks, partsFor, rangesOf } from './chunks';
import { type HeapCall, addressOf, makeFilled } from './heap';

/** Undefined for what is left to the kernel of tfjs: other types, other axes. */
export function sumKernel(call: HeapCall): TensorInfo | undefined {
  const { x } = call.inputs as { x: TensorInfo };
  const { axis, keepDims } = call.attrs as unknown as { axis: number | number[] | null; keepDims?: boolean };
  if (x.dtype !== 'float32') return undefined;
  const axes = util.parseAxisParam(axis as number | number[], x.shape).sort((a, b) => a - b);
  const outer = x.shape.slice(0, axes.length);
  const kept = x.shape.slice(axes.length);
  const [rows, columns] = mapTuple([outer, kept], util.sizeFromShape);
  // A sum of everything, or of nothing, is done well as it is.
  if (axes.some((value, i) => value !== i) || kept.length === 0 || rows * columns === 0) return undefined;
  const shape = keepDims ? [...outer.map(() => 1), ...kept] : kept;
  const from = addressOf(call, x);
  const chunks = rangesOf(columns, partsFor(call, rows * columns), COLUMNS);
  return makeInChunks(call, shape, rows * columns, chunks, {
    compute: (module, [first, end], y) =>
      module.sumRows(rows, end - first, 4 * columns, from + 4 * first, y + 4 * first),
  });
}

/** UnsortedSegmentSum, the gradient of an embedding; tfjs lacks it on wasm. */
export function segmentSumKernel(call: HeapCall): TensorInfo {
  const { x, segmentIds } = call.inputs as { x: TensorInfo; segmentIds: TensorInfo };
  const { numSegments } = call.attrs as unknown as { numSegments: number };
  const [rows, ...kept] = x.shape;
  const isRight = x.dtype === 'float32' && segmentIds.dtype === 'int32';
  if (!isRight || rows === undefined || segmentIds.shape.length !== 1 || segmentIds.shape[0] !== rows) {
    throw new Error(
      `UnsortedSegmentSum on wasm: expected x float32 [rows, ...] and segmentIds int32 [rows]; ` +
        `got ${x.dtype} ${show([...x.shape])} and ${segmentIds.dtype} ${show([...segmentIds.shape])}.`,
    );
  }
  const columns = util.sizeFromShape(kept);
  return makeFilled(call, [numSegments, ...kept], 0, (y) =>
    call.module.sumSegments(rows, columns, addressOf(call, x), addressOf(call, segmentIds), numSegments, y),
  );
}
