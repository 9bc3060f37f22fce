/** What layers compute that `comparePooling` does not: max unpooling, and the average of the steps that a mask keeps. */
import { type Tensor, cast, tidy } from '@tensorflow/tfjs-core';
import type { GlobalPoolSpec } from '../global';
import { sizeOf } from '../layout';
import { type KindOperation, OPERATIONS } from '../ops/by_kind';
import { checkTaps, trustTaps } from '../ops/checked_taps';
import { averageOfUnmasked } from '../ops/masked_average';
import { maxUnpool1d, maxUnpool2d, maxUnpool3d } from '../ops/max_unpool';
import type { PoolSpec } from '../spec';
import { unpooledShape } from '../unpooled_shape';

/** x to y without the steps that a mask, [batch, length], leaves out. */
type Masked = (name: string, spec: object, x: Tensor, mask: Tensor) => Tensor;

export function layerOperation(kind: string): KindOperation {
  return kind === 'unpooling' ? unpooling : OPERATIONS[kind];
}

/** Of a kind whose 1-D layer honours a mask. */
export function maskedOperation(kind: string): Masked | undefined {
  if (kind !== 'globalAverage') return undefined;
  return (name, spec, x, mask) => averageOfUnmasked(name, spec as GlobalPoolSpec, x, mask);
}

const MAX_UNPOOL = { 1: maxUnpool1d, 2: maxUnpool2d, 3: maxUnpool3d };

const unpooling: KindOperation = (rank, given) => {
  const { outputSize, ...options } = given as Omit<PoolSpec, 'rank'> & { outputSize: readonly number[] | null };
  return ([values, argmax], name) => {
    const xShape = unpooledShape(name, { rank, outputSize, ...options }, values.shape, argmax.shape) as number[];
    return tidy(() => MAX_UNPOOL[rank](values, tapsOf(name, argmax, sizeOf(options.poolSize)), xShape, options));
  };
};

/** tfjs casts what enters or leaves a nested model to float32; tap numbers survive that exactly. */
function tapsOf(name: string, argmax: Tensor, taps: number): Tensor {
  if (argmax.dtype !== 'float32') return argmax;
  checkTaps(name, argmax, taps);
  const cast32 = cast(argmax, 'int32');
  trustTaps(cast32, taps);
  return cast32;
}
