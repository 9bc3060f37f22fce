/** Matrix products: BatchMatMul and _FusedMatMul of tfjs. */
import { type TensorInfo, broadcast_util, util } from '@tensorflow/tfjs-core';
import { sameShape } from '../layout';
import { mapTuple } from '../map_tuple';
import { clampOf } from './activation';
import { MOST_CALLS } from '../kernels/simd/worker';
import { COLUMNS, ROWS, type Range, makeInChunks, partsFor, rangesOf } from './chunks';
import { type HeapCall, addressOf } from './heap';

interface MatMulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** _FusedMatMul alone has it. */
  readonly activation?: string;
}

/** Products of fewer rows, with nothing transposed, are faster on the kernel of tfjs. */
const LEAST_ROWS = 16;

/** Products of so many matrices fit into a chunk: a call each, and one before. */
const MOST_MATRICES = MOST_CALLS - 1;

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
  const isFastInTfjs = !transposeA && !transposeB && (isOne ? batch * m : m) < LEAST_ROWS;
  if (isFastInTfjs && isRightInTfjs(aOuter, bOuter, bias)) return undefined;
  const [aSteps, bSteps] = [stepsOf(a, transposeA), stepsOf(b, transposeB)];
  const [aIndices, bIndices] = mapTuple([aOuter, bOuter], (from) => (isOne ? [0] : broadcastIndices(from, outer)));
  const [aStart, bStart, biasStart] = [addressOf(call, a), addressOf(call, b), bias ? addressOf(call, bias) : 0];
  const work = batch * m * n * k;
  const chunks = chunksOf(aIndices.length, isOne ? batch * m : m, n, partsFor(call, work));
  return makeInChunks(call, [...outer, m, n], work, chunks, {
    set: (module, { columns }) => module.setProduct(columns[1] - columns[0], k, ...aSteps, ...bSteps, 4 * n, ...clamp),
    scratchBytes: (module) => module.matMulScratch(),
    compute(module, { matrices, rows, columns }, c, scratch) {
      for (let i = matrices[0]; i < matrices[1]; i++) {
        const aRows = aStart + 4 * m * k * aIndices[i]! + rows[0] * aSteps[0];
        const bColumns = bStart + 4 * k * n * bIndices[i]! + columns[0] * bSteps[1];
        const to = c + 4 * (m * n * i + rows[0] * n + columns[0]);
        module.matMul(rows[1] - rows[0], aRows, bColumns, to, biasStart && biasStart + 4 * columns[0], scratch);
      }
    },
  });
}

/** tfjs adds a bias to the first row of a batch of products alone, and repeats batches in turns where both are repeated. */
function isRightInTfjs(aOuter: number[], bOuter: number[], bias: TensorInfo | undefined): boolean {
  const [aBatch, bBatch] = mapTuple([aOuter, bOuter], util.sizeFromShape);
  if (aBatch === 1 && bBatch === 1) return true;
  return !bias && (aBatch === 1 || bBatch === 1 || sameShape(aOuter, bOuter));
}

/** A part of the work: some matrices, rows and columns. */
interface Chunk {
  readonly matrices: Range;
  readonly rows: Range;
  readonly columns: Range;
}

/**
 * Chunks of a few products each. A single product is cut by rows, of which each lays out all of b, or else by columns: tiles have
 * four rows and eight columns.
 */
function chunksOf(count: number, m: number, n: number, parts: number): Chunk[] {
  const [rows, columns]: [Range, Range] = [
    [0, m],
    [0, n],
  ];
  const matrices =
    parts === 1 ? [[0, count] as const] : rangesOf(count, Math.max(parts, Math.ceil(count / MOST_MATRICES)), 1);
  const each = Math.ceil(parts / matrices.length);
  if (each === 1) return matrices.map((some) => ({ matrices: some, rows, columns }));
  return matrices.flatMap((one) =>
    m >= n
      ? rangesOf(m, each, ROWS).map((part) => ({ matrices: one, rows: part, columns }))
      : rangesOf(n, each, COLUMNS).map((part) => ({ matrices: one, rows, columns: part })),
  );
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
