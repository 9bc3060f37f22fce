/** This package's poolings of one image, [1, height, width, 1], each by its name. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as operations from 'tfjs-im2col-pooling';
import { hasOption } from '../shared/poolings';
import type { PoolingCall } from './routing_protocol';

type Operation<Result> = (x: Tensor4D, options: object) => Result;
const named = operations as object as Readonly<Record<string, Operation<unknown> | undefined>>;

/** x -> y, [1, outHeight, outWidth, 1] */
export function ourPool(x: Tensor4D, call: PoolingCall): Tensor {
  const pool = named[`${call.pooling}Pool2d`] as Operation<Tensor>;
  return pool(x, keepingAxes(call).options);
}

/** As {@link ourPool}, and the argmax of those operations that give it. */
export function ourPoolWithArgmax(x: Tensor4D, call: PoolingCall): { values: Tensor; argmax?: Tensor } {
  const pool = named[`${call.pooling}PoolWithArgmax2d`] as Operation<{ values: Tensor; argmax: Tensor }> | undefined;
  return pool ? pool(x, call.options) : { values: ourPool(x, call) };
}

/** The page shows images: of one element, if need be. */
export function keepingAxes(call: PoolingCall): PoolingCall {
  return hasOption(call.pooling, 'keepDims')
    ? ({ ...call, options: { ...call.options, keepDims: true } } as PoolingCall)
    : call;
}
