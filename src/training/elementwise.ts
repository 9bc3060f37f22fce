/** Elements by themselves: sums, products, relu, what an optimizer does. tfjs runs these on one thread, or wakes all of its threads for any of them. */
import { type TensorInfo, broadcast_util, util } from '@tensorflow/tfjs-core';
import { sameShape } from '../layout';
import { type Range, makeInChunks, partsFor, rangesOf } from './chunks';
import { type HeapCall, addressOf } from './heap';

/** As the module numbers them. */
const COMBINED = { Add: 0, Sub: 1, Multiply: 2, RealDiv: 3 } as const;
const TRANSFORMED = { Relu: 0, Step: 1, Sqrt: 2, Square: 3 } as const;

/** To read and to write an element takes as long as some multiplications. */
const WORK = 4;
/** Elements of a vector. */
const LANES = 4;

/** Rows of a and b; those of one of the two may be one element each. */
interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly aRow: number;
  readonly bRow: number;
  readonly single: 'none' | 'a' | 'b';
}

const SINGLE = { none: 0, a: 1, b: 2 } as const;

/** The kernel returns undefined for what is left to that of tfjs: other types, other shapes. */
export function combineKernel(name: keyof typeof COMBINED): (call: HeapCall) => TensorInfo | undefined {
  return (call) => {
    const { a, b } = call.inputs as unknown as Record<'a' | 'b', TensorInfo>;
    const found = a.dtype === 'float32' && b.dtype === 'float32' ? rowsOf(a.shape, b.shape) : undefined;
    if (!found) return undefined;
    const { rows, columns, aRow, bRow, single } = found;
    const [aStart, bStart] = [addressOf(call, a), addressOf(call, b)];
    const work = WORK * rows * columns;
    const parts = partsFor(call, work);
    const chunks = rows === 1 ? rangesOf(columns, parts, LANES) : rangesOf(rows, parts, 1);
    const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    return makeInChunks(call, shape, work, chunks, {
      compute(module, [first, end], to) {
        const [some, all] = [end - first, single];
        if (rows === 1) {
          const [aFirst, bFirst] = [all === 'a' ? 0 : 4 * first, all === 'b' ? 0 : 4 * first];
          module.combine(COMBINED[name], SINGLE[all], 1, some, aStart + aFirst, 0, bStart + bFirst, 0, to + 4 * first);
        } else {
          const [aRows, bRows] = [aStart + first * aRow, bStart + first * bRow];
          module.combine(
            COMBINED[name],
            SINGLE[all],
            some,
            columns,
            aRows,
            aRow,
            bRows,
            bRow,
            to + 4 * first * columns,
          );
        }
      },
    });
  };
}

/** Undefined where there are none: empty tensors, other ways to broadcast. */
function rowsOf(a: readonly number[], b: readonly number[]): Rows | undefined {
  const [aSize, bSize] = [util.sizeFromShape([...a]), util.sizeFromShape([...b])];
  if (aSize * bSize === 0) return undefined;
  if (sameShape(a, b)) return { rows: 1, columns: aSize, aRow: 0, bRow: 0, single: 'none' };
  if (bSize === 1) return { rows: 1, columns: aSize, aRow: 0, bRow: 0, single: 'b' };
  if (aSize === 1) return { rows: 1, columns: bSize, aRow: 0, bRow: 0, single: 'a' };
  return againstRows(a, b) ?? exchanged(againstRows(b, a));
}

/** A row b for each row of a, or an element. */
function againstRows(a: readonly number[], b: readonly number[]): Rows | undefined {
  const size = (shape: readonly number[]) => util.sizeFromShape([...shape]);
  if (a.length < b.length) return undefined;
  const row = b.slice(b.findIndex((length) => length !== 1));
  const outer = a.length - row.length;
  if (sameShape(a.slice(outer), row))
    return { rows: size(a.slice(0, outer)), columns: size(row), aRow: 4 * size(row), bRow: 0, single: 'none' };
  if (a.length !== b.length) return undefined;
  const differs = a.findIndex((length, axis) => length !== b[axis]);
  if (b.slice(differs).some((length) => length !== 1)) return undefined;
  const columns = size(a.slice(differs));
  return { rows: size(a.slice(0, differs)), columns, aRow: 4 * columns, bRow: 4, single: 'b' };
}

function exchanged(found: Rows | undefined): Rows | undefined {
  return found && { ...found, aRow: found.bRow, bRow: found.aRow, single: found.single === 'b' ? 'a' : 'none' };
}

/** Undefined for what is left to the kernel of tfjs: other types. */
export function transformKernel(name: keyof typeof TRANSFORMED): (call: HeapCall) => TensorInfo | undefined {
  return (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const size = util.sizeFromShape(x.shape);
    if (x.dtype !== 'float32' || size === 0) return undefined;
    const { alpha = 0 } = (call.attrs ?? {}) as { alpha?: number };
    const from = addressOf(call, x);
    const chunks = rangesOf(size, partsFor(call, WORK * size), LANES);
    return makeInChunks(call, [...x.shape], WORK * size, chunks, {
      compute: (module, [first, end]: Range, to) =>
        module.transform(TRANSFORMED[name], end - first, from + 4 * first, to + 4 * first, alpha),
    });
  };
}
