/** The checks of tensor arguments that all operations share. */
import { Tensor, type TensorContainer, customGrad, reshape, tensor, tidy } from '@tensorflow/tfjs-core';
import { sameShape } from '../layout';
import { isNumeric } from './numeric_array';
import { isReadable, show } from '../show';

/** x in another shape. Core's reshape, where a gradient is recorded, keeps x for the backward pass; this keeps nothing. */
export function viewAs(x: Tensor, shape: readonly number[]): Tensor {
  const xShape: readonly number[] = x.shape;
  if (sameShape(xShape, shape)) return x;
  return customGrad((xInput) => ({
    value: reshape(xInput as Tensor, [...shape]),
    gradFunc: (dy) => viewAs(dy, xShape),
  }))(x);
}

const NUMBERS: readonly string[] = ['float32', 'int32'];

/** A tensor of one of `dtypes`; arrays are converted, anything else is an error. Call inside a tidy. */
export function tensorArgument(
  name: string,
  argument: string,
  value: unknown,
  dtypes: readonly string[] = NUMBERS,
): Tensor {
  if (isReadable(value) && value instanceof Tensor) {
    if (value.isDisposed) throw new Error(`${name}: expected ${argument} to be a tensor; got one that is disposed.`);
    if (dtypes.includes(value.dtype)) return value as Tensor;
    throw new Error(`${name}: expected ${argument} of dtype ${dtypes.join(' or ')}; got ${value.dtype}.`);
  }
  // Arrays are float32 to tfjs; one that stands for an argmax becomes int32.
  const dtype = dtypes.length === 1 ? 'int32' : 'float32';
  if (!isNumeric(value, dtype === 'int32')) {
    throw new Error(`${name}: expected ${argument} to be a tensor or an array of numbers; got ${show(value)}.`);
  }
  return tensor(value, undefined, dtype);
}

/** `f` of a {@link tensorArgument}; a tensor that was made of an array is disposed of. */
export function onTensor<T extends TensorContainer>(
  name: string,
  argument: string,
  value: unknown,
  f: (tensor: Tensor) => T,
): T {
  const call = () => f(tensorArgument(name, argument, value));
  // A scope of tidy takes as long as a small kernel.
  return isReadable(value) && value instanceof Tensor ? call() : tidy(name, call);
}

/** Throws unless `actual` has the shape that the geometry gives. */
export function checkShapeOf(
  name: string,
  argument: string,
  actual: readonly number[],
  expected: readonly number[],
  why: string,
): void {
  if (!sameShape(actual, expected)) {
    throw new Error(`${name}: expected ${argument} of shape ${show([...expected])} ${why}; got ${show([...actual])}.`);
  }
}
