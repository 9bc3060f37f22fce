/** Matrix products: BatchMatMul and _FusedMatMul of tfjs. */
import { type TensorInfo, broadcast_util, util } from '@tensorflow/tfjs-core';
import { sameShape } from '../layout';
import { mapTuple } from '../map_tuple';
import { clampOf } from './activation';
import { type HeapCall, addressOf, hasThreads, makeFilled } from './heap';

interface MatMulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Of _FusedMatMul alone. */
  readonly activation?: string;
}

/** Products of fewer rows, with nothing transposed, are faster on the kernel of tfjs. */
const LEAST_ROWS = 16;

/** Undefined for what is left to the kernel of tfjs: types, activations and wrong shapes, of which that one complains. */
export function matMulKernel(call: HeapCall): TensorInfo | undefined {
  const { a, b, bias } = call.inputs as Record<string, TensorInfo | undefined>;
  const { transposeA, transposeB, activation = 'linear' } = call.attrs as unknown as MatMulAttrs;
  const clamp = clampOf(activation);
  if (!a || !b || !clamp || [a, b, bias].some((input) => input && input.dtype !== 'float32')) return undefined;
  if (a.shape.length < 2 || b.shape.length < 2) return undefined;
  const [m, k] = sizesOf(a, transposeA);
  const [kOfB, n] = sizesOf(b, transposeB);
  if (k !== kOfB || (bias && (bias.shape.length !== 1 || bias.shape[0] !== n))) return undefined;
  // Sums of nothing are rare enough to be left to the loops of others.
  if (m * n * k === 0) return undefined;
  const [aOuter, bOuter] = mapTuple([a, b], ({ shape }) => shape.slice(0, -2));
  const outer = broadcast_util.assertAndGetBroadcastShape(aOuter, bOuter);
  const batch = util.sizeFromShape(outer);
  if (batch === 0) return undefined;
  // One b for all of a, whose rows follow each other: one product.
  const isOne = !transposeA && util.sizeFromShape(bOuter) === 1;
  // With few rows most time goes into laying out b, which the kernel of tfjs keeps from call to call: that is for predictions.
  const isFastInTfjs = !transposeA && !transposeB && ((isOne ? batch * m : m) < LEAST_ROWS || hasThreads(call));
  if (isFastInTfjs && isRightInTfjs(aOuter, bOuter, bias)) return undefined;
  const shape = [...outer, m, n];
  const [aSteps, bSteps] = [stepsOf(a, transposeA), stepsOf(b, transposeB)];
  const { module } = call;
  return makeFilled(call, shape, module.matMulScratch(n, k), (c, scratch) => {
    const [aStart, bStart] = [addressOf(call, a), addressOf(call, b)];
    const biasStart = bias ? addressOf(call, bias) : 0;
    const multiply = (rows: number, aMatrix: number, bMatrix: number, i: number) =>
      module.matMul(
        rows,
        n,
        k,
        aStart + 4 * m * k * aMatrix,
        ...aSteps,
        bStart + 4 * k * n * bMatrix,
        ...bSteps,
        c + 4 * m * n * i,
        biasStart,
        ...clamp,
        scratch,
      );
    if (isOne) return multiply(batch * m, 0, 0, 0);
    const [aIndices, bIndices] = mapTuple([aOuter, bOuter], (from) => broadcastIndices(from, outer));
    for (let i = 0; i < batch; i++) multiply(m, aIndices[i]!, bIndices[i]!, i);
  });
}

/** tfjs adds a bias to the first row of a batch of products alone, and repeats batches in turns where both are repeated. */
function isRightInTfjs(aOuter: number[], bOuter: number[], bias: TensorInfo | undefined): boolean {
  const [aBatch, bBatch] = mapTuple([aOuter, bOuter], util.sizeFromShape);
  if (aBatch === 1 && bBatch === 1) return true;
  return !bias && (aBatch === 1 || bBatch === 1 || sameShape(aOuter, bOuter));
}

/** Rows and columns of each matrix, as it is multiplied. */
function sizesOf({ shape }: TensorInfo, transposed: boolean): [number, number] {
  const [rows, columns] = [shape[shape.length - 2]!, shape[shape.length - 1]!];
  return transposed ? [columns, rows] : [rows, columns];
}

/** Bytes from row to row and from column to column. */
function stepsOf({ shape }: TensorInfo, transposed: boolean): [number, number] {
  const row = 4 * shape[shape.length - 1]!;
  return transposed ? [4, row] : [row, 4];
}

/** Which of the matrices of shape `from` each one of shape `to` is made of. */
function broadcastIndices(from: readonly number[], to: readonly number[]): number[] {
  let indices = [0];
  to.forEach((size, axis) => {
    const own = from[axis - to.length + from.length] ?? 1;
    indices = indices.flatMap((index) => Array.from({ length: size }, (_, i) => index * own + (own === 1 ? 0 : i)));
  });
  return indices;
}
