/** tfjs's max pooling kernels and their gradients, by this package's operations. */
import {
  type GradFunc, type KernelFunc, MaxPool, MaxPool3D, MaxPool3DGrad, MaxPoolGrad, MaxPoolWithArgmax,
  type Tensor, tidy,
} from '@tensorflow/tfjs-core';
import { maxPool2d, maxPool3d, maxPoolWithArgmax2d, maxPoolWithArgmax3d } from '../ops/max_pool';
import { scatterArgmax } from '../ops/routing';
import { type PoolAttrs, poolAttrs, poolingOf, poolingOfGradient } from './attributes';
import { flatIndices } from './flat_indices';
import { ARGMAX_INPUT, isRecorded, recordArgmax, recordedPooling } from './recording';
import type { GradientRepair, Repairs } from './repair';

type Inputs = Parameters<KernelFunc>[0]['inputs'];

const FORWARD = { 2: maxPool2d, 3: maxPool3d };
const WITH_ARGMAX = { 2: maxPoolWithArgmax2d, 3: maxPoolWithArgmax3d };

/** Everything about max pooling. */
export const MAX_POOL_REPAIRS: Repairs = {
  kernels: [
    { kernelName: MaxPool, kernelFunc: forward(MaxPool, 2) },
    { kernelName: MaxPool3D, kernelFunc: forward(MaxPool3D, 3) },
    { kernelName: MaxPoolWithArgmax, kernelFunc: ({ inputs, attrs }) => withIndices(inputs, poolAttrs(attrs)) },
    { kernelName: MaxPoolGrad, kernelFunc: backward(MaxPoolGrad, 2) },
    { kernelName: MaxPool3DGrad, kernelFunc: backward(MaxPool3DGrad, 3) },
  ],
  gradients: [MaxPool, MaxPool3D, MaxPoolWithArgmax].map(gradient),
};

/** x -> y. While the tape runs, the argmax is kept for {@link gradient}. */
function forward(kernelName: string, rank: 2 | 3): KernelFunc {
  return ({ inputs, attrs }) => {
    const x = inputs.x as Tensor;
    const pooling = poolingOf(kernelName, rank, x.shape, poolAttrs(attrs));
    if (!isRecorded()) return FORWARD[rank](x, pooling.options);
    const { values, argmax } = WITH_ARGMAX[rank](x, pooling.options);
    recordArgmax(inputs, argmax, pooling);
    return values;
  };
}

/** x -> y, flat indices */
function withIndices(inputs: Inputs, attrs: PoolAttrs): Tensor[] {
  const x = inputs.x as Tensor;
  const pooling = poolingOf(MaxPoolWithArgmax, 2, x.shape, attrs);
  const { values, argmax } = maxPoolWithArgmax2d(x, pooling.options);
  const indices = tidy(() => flatIndices(argmax, pooling.geometry, attrs.includeBatchInIndex ?? false));
  if (isRecorded()) recordArgmax(inputs, argmax, pooling);
  else argmax.dispose();
  return [values, indices];
}

/** dy, x -> dx: for callers of tfjs's gradient kernels, who have no argmax. */
function backward(kernelName: string, rank: 2 | 3): KernelFunc {
  return ({ inputs, attrs }) => tidy(kernelName, () => {
    const [dy, x] = [inputs.dy as Tensor, inputs.input as Tensor];
    const { options } = poolingOfGradient(kernelName, rank, x.shape, dy.shape, poolAttrs(attrs));
    return scatterArgmax(dy, WITH_ARGMAX[rank](x, options).argmax, x.shape, options);
  });
}

/** dy -> dx along the argmax of the forward pass; differentiable again. */
function gradient(kernelName: string): GradientRepair {
  const gradFunc: GradFunc = (dys, [argmax]) => {
    const { options, geometry } = recordedPooling(argmax)!;
    // maxPoolWithArgmax has two outputs, and no derivative of the second.
    const dy = Array.isArray(dys) ? dys[0] : dys;
    return { x: () => scatterArgmax(dy, argmax, geometry.xShape, options) };
  };
  const isOurs = ([argmax]: Array<Tensor | undefined>) => recordedPooling(argmax) !== undefined;
  return { kernelName, inputsToSave: [ARGMAX_INPUT], isOurs, gradFunc };
}
