/**
 * The border between the user's tensors and the kernels': arguments are checked, and the data format is turned into
 * channels-last order and back. The shape that a kernel needs is src/dispatch's affair.
 */
import { Tensor, type TensorLike, customGrad, reshape, tensor } from '@tensorflow/tfjs-core';
import { inShape, runSwap } from '../dispatch';
import type { PoolGeometry } from '../geometry';
import { sameShape } from '../layout';
import { show } from '../spec';

/** The user's x, y, dy or argmax in channels-last order, in whatever shape. Call inside a tidy. */
export function toChannelsLast(t: Tensor, g: PoolGeometry): Tensor {
  if (g.spec.dataFormat === 'channelsLast' || t.size === 0) return t;
  return runSwap(reshape(t, [g.batch, g.channels, -1]), g);
}

/** What a kernel made of x's size, as the user wants it. Call inside a tidy. */
export function toUsersX(x: Tensor, g: PoolGeometry): Tensor {
  return fromChannelsLast(x, g.xShape, g);
}

/** What a kernel made of y's size, as the user wants it. Call inside a tidy. */
export function toUsersY(y: Tensor, g: PoolGeometry): Tensor {
  return fromChannelsLast(y, g.yShape, g);
}

/** x in another shape. Core's reshape, where a gradient is recorded, keeps x for the backward pass; this keeps nothing. */
export function viewAs(x: Tensor, shape: readonly number[]): Tensor {
  const xShape: readonly number[] = x.shape;
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

function fromChannelsLast(t: Tensor, shape: readonly number[], g: PoolGeometry): Tensor {
  if (g.spec.dataFormat === 'channelsLast' || t.size === 0) return inShape(t, shape);
  return reshape(runSwap(reshape(t, [g.batch, -1, g.channels]), g), [...shape]);
}
