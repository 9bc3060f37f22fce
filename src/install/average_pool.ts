/** tfjs's average pooling kernels and their gradients, by this package's operations. */
import {
  AvgPool,
  AvgPool3D,
  AvgPool3DGrad,
  AvgPoolGrad,
  type GradFunc,
  type KernelFunc,
  type NamedAttrMap,
  type Tensor,
  customGrad,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { average, spread, toFloat } from '../ops/average_pool';
import { dividedBy } from '../ops/divide_by_constants';
import { type PoolAttrs, poolAttrs, poolingOfGradient } from './attributes';
import { type AveragePooling, averagePoolingOf } from './average_attributes';
import { withPads, withoutPads } from './empty_windows';
import { isRecorded } from './recording';
import type { GradientRepair, Repairs } from './repair';

/** Everything about average pooling. */
export const AVERAGE_POOL_REPAIRS: Repairs = {
  kernels: [
    { kernelName: AvgPool, kernelFunc: forward(AvgPool, 2) },
    { kernelName: AvgPool3D, kernelFunc: forward(AvgPool3D, 3) },
    { kernelName: AvgPoolGrad, kernelFunc: backward(AvgPoolGrad, 2) },
    { kernelName: AvgPool3DGrad, kernelFunc: backward(AvgPool3DGrad, 3) },
  ],
  gradients: [AvgPool, AvgPool3D].map(gradient),
};

/**
 * By the attributes of a call, which its gradient gets as well: operations make them anew for each call. Nothing else is
 * kept, as averaging is linear.
 */
const poolings = new WeakMap<object, AveragePooling>();

/** x -> y */
function forward(kernelName: string, rank: 2 | 3): KernelFunc {
  return ({ inputs, attrs }) => {
    const x = inputs.x as Tensor;
    const pooling = averagePoolingOf(kernelName, rank, x.shape, poolAttrs(attrs));
    if (isRecorded()) poolings.set(attrs!, pooling);
    // A scope of tidy takes as long as a small kernel; a single one leaves nothing behind.
    const isOneKernel = x.dtype === 'float32' && pooling.geometry !== undefined && !pooling.padded;
    return isOneKernel ? averaged(x, pooling) : tidy(() => averaged(toFloat(x), pooling));
  };
}

/** dy, x -> dx: for who calls tfjs's gradient kernels; of x, the shape. */
function backward(kernelName: string, rank: 2 | 3): KernelFunc {
  return ({ inputs, attrs }) =>
    tidy(() => {
      const [dy, x] = [inputs.dy as Tensor, inputs.input as Tensor];
      const poolingWith = (given: PoolAttrs) => averagePoolingOf(kernelName, rank, x.shape, given);
      return spreadOut(dy, poolingOfGradient(kernelName, dy.shape, poolAttrs(attrs), poolingWith));
    });
}

/** dy -> dx; differentiable again. */
function gradient(kernelName: string): GradientRepair {
  const gradFunc: GradFunc = (dy, _, attrs) => ({ x: () => spreadOut(dy as Tensor, poolings.get(attrs)!) });
  const isOurs = (saved: Tensor[], attrs: NamedAttrMap) => saved.length === 0 && poolings.has(attrs);
  return { kernelName, inputsToSave: [], isOurs, gradFunc };
}

/** x -> y; its gradient is {@link spreadOut}. */
function averaged(x: Tensor, pooling: AveragePooling): Tensor {
  const { geometry, padded, yShape } = pooling;
  if (geometry && !padded) return average(x, geometry, 'real');
  return customGrad((xInput) => ({
    value:
      geometry && padded
        ? dividedBy(average(withPads(xInput as Tensor, padded.zeros, 0), geometry, 'one'), padded.counts)
        : zeros([...yShape]),
    gradFunc: (dy) => spreadOut(dy, pooling),
  }))(x);
}

/** dy -> dx; its gradient is {@link averaged}. */
function spreadOut(dy: Tensor, pooling: AveragePooling): Tensor {
  const { geometry, padded, xShape } = pooling;
  if (geometry && !padded) return spread(dy, geometry, 'real');
  return customGrad((dyInput) => ({
    value:
      geometry && padded
        ? withoutPads(spread(dividedBy(dyInput as Tensor, padded.counts), geometry, 'one'), padded.zeros)
        : zeros([...xShape]),
    gradFunc: (ddx) => averaged(ddx, pooling),
  }))(dy);
}
