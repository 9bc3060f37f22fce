/** The checks of tensor arguments that all operations share. */
import {
  Tensor,
  type TensorContainer,
  type TensorLike,
  customGrad,
  reshape,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { sameShape } from '../layout';
import { show } from '../spec';

/** x in another shape. Core's reshape, where a gradient is recorded, keeps x for the backward pass; this keeps nothing. */
export function viewAs(x: Tensor, shape: readonly number[]): Tensor {
  const xShape: readonly number[] = x.shape;
  if (sameShape(xShape, shape)) return x;
  return customGrad((xInput) => ({
    value: reshape(xInput as Tensor, [...shape]),
    gradFunc: (dy) => viewAs(dy, xShape),
  }))(x);
}

/** A tensor of one of `dtypes`; arrays are converted, anything else is an error. Call inside a tidy. */
export function tensorArgument(
  name: string,
  argument: string,
  value: unknown,
  dtypes: readonly string[] = ['float32', 'int32'],
): Tensor {
  const isTensor = value instanceof Tensor;
  if (!isTensor && !Array.isArray(value) && !ArrayBuffer.isView(value)) {
    throw new Error(`${name}: expected ${argument} to be a tensor or an array of numbers; got ${show(value)}.`);
  }
  if (isTensor && value.isDisposed)
    throw new Error(`${name}: expected ${argument} to be a tensor; got one that is disposed.`);
  // Arrays are float32 to tfjs; one that stands for an argmax becomes int32.
  const converted = isTensor
    ? (value as Tensor)
    : tensor(value as TensorLike, undefined, dtypes.length === 1 ? 'int32' : undefined);
  if (!dtypes.includes(converted.dtype)) {
    throw new Error(`${name}: expected ${argument} of dtype ${dtypes.join(' or ')}; got ${converted.dtype}.`);
  }
  return converted;
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
  return value instanceof Tensor ? call() : tidy(name, call);
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
