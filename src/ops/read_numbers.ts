/** Integers that come as a tensor, a typed array or nested arrays, read on the host without loss. */
import { Tensor } from '@tensorflow/tfjs-core';
import { sameShape, sizeOf } from '../layout';
import { isReadable, show } from '../show';

/** Numbers as users have them: a typed array (also of 64-bit integers), an array, or arrays of these. */
export type Numbers = ArrayLike<number> | ArrayLike<bigint> | readonly Numbers[];

/** Numbers in a row. */
export interface NumberRow {
  readonly length: number;
  /** Element i as a number; NaN where it is none, or a bigint that no number equals. */
  at(i: number): number;
  /** Element i as it came. */
  given(i: number): unknown;
  /** Whether they are stored in float32, which has gaps above 2^24. */
  readonly isFloat32: boolean;
}

/**
 * @param shape the shape that nested arrays and tensors must have; in a row, as many elements will do
 * @param dtypes what a tensor may have
 * @throws Error naming the argument, what was expected and what came
 */
export async function readNumbers(
  name: string,
  argument: string,
  value: unknown,
  shape: readonly number[],
  dtypes: readonly string[],
): Promise<NumberRow> {
  if (isReadable(value) && value instanceof Tensor) {
    const tensor = value as Tensor;
    checkTensor(name, argument, tensor, dtypes);
    checkShape(name, argument, tensor.shape, shape);
    return rowOf(await tensor.data(), tensor.dtype === 'float32');
  }
  if (!isArray(value)) {
    throw new Error(`${name}: expected ${argument} to be a tensor or an array of numbers; got ${show(value)}.`);
  }
  const nested: unknown[] = [];
  const actual = shapeOf(value, nested);
  checkShape(name, argument, actual, shape);
  return actual.length === 1 ? rowOf(value, isFloat32Array(value)) : rowOf(nested, false);
}

function rowOf(values: ArrayLike<unknown>, isFloat32: boolean): NumberRow {
  const at = (i: number) => {
    const value = values[i];
    if (typeof value === 'number') return value;
    return typeof value === 'bigint' && BigInt(Number(value)) === value ? Number(value) : NaN;
  };
  return { length: values.length, at, given: (i) => values[i], isFloat32 };
}

function checkTensor(name: string, argument: string, value: Tensor, dtypes: readonly string[]): void {
  if (value.isDisposed) throw new Error(`${name}: expected ${argument} to be a tensor; got one that is disposed.`);
  if (!dtypes.includes(value.dtype)) {
    throw new Error(`${name}: expected ${argument} of dtype ${dtypes.join(' or ')}; got ${value.dtype}.`);
  }
}

function checkShape(name: string, argument: string, actual: readonly number[], expected: readonly number[]): void {
  if (sameShape(actual, expected) || sameShape(actual, [sizeOf(expected)])) return;
  const got = actual.some(Number.isNaN) ? 'arrays of different lengths' : show([...actual]);
  throw new Error(
    `${name}: expected ${argument} of shape ${show([...expected])} for this xShape and these options; got ${got}.`,
  );
}

/** tfjs's tensors have no more; an array may also lie in itself. */
const MOST_AXES = 6;

/** The shape of nested arrays, whose elements are added to `into`; a size is NaN where lengths differ. */
function shapeOf(value: ArrayLike<unknown>, into: unknown[], axes = MOST_AXES): number[] {
  if (axes === 0) return [NaN];
  const hasArrays = Array.isArray(value) && value.some(isArray);
  if (!hasArrays) {
    for (let i = 0; i < value.length; i++) into.push(value[i]);
    return [value.length];
  }
  const shapes = value.map((each: unknown) => (isArray(each) ? shapeOf(each, into, axes - 1) : []));
  const first = shapes[0]!;
  const sameRank = shapes.every(({ length }) => length === first.length);
  return [value.length, ...(sameRank ? first.map((n, k) => (shapes.every((s) => s[k] === n) ? n : NaN)) : [NaN])];
}

function isArray(value: unknown): value is ArrayLike<unknown> {
  return isReadable(value) && (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)));
}

/** By name: `instanceof` fails for arrays of another realm. */
function isFloat32Array(value: ArrayLike<unknown>): boolean {
  return (value as Partial<Float32Array>)[Symbol.toStringTag] === 'Float32Array';
}
