/** tfjs's max pooling kernels and their gradients, by this package's operations. */
import {
  type GradFunc,
  type KernelFunc,
  MaxPool,
  MaxPool3D,
  MaxPool3DGrad,
  MaxPoolGrad,
  MaxPoolWithArgmax,
  type NamedAttrMap,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { tensorArgument } from '../ops/canonical';
import { poolMax, poolMaxForGradient, poolMaxWithArgmax } from '../ops/max_pool';
import { scatter } from '../ops/routing';
import { type PoolAttrs, poolAttrs, poolingOfGradient } from './attributes';
import { leastOf, withPads, withoutPads } from './empty_windows';
import { flatIndices } from './flat_indices';
import { type MaxPooling, maxPoolingOf } from './max_attributes';
import { ARGMAX_INPUT, isRecorded, recordArgmax, recordedPooling } from './recording';
import type { GradientRepair, Repairs } from './repair';

/** Everything about max pooling. */
export const MAX_POOL_REPAIRS: Repairs = {
  kernels: [
    { kernelName: MaxPool, kernelFunc: forward(MaxPool, 2) },
    { kernelName: MaxPool3D, kernelFunc: forward(MaxPool3D, 3) },
    { kernelName: MaxPoolWithArgmax, kernelFunc: forwardWithIndices },
    { kernelName: MaxPoolGrad, kernelFunc: backward(MaxPoolGrad, 2) },
    { kernelName: MaxPool3DGrad, kernelFunc: backward(MaxPool3DGrad, 3) },
  ],
  gradients: [MaxPool, MaxPool3D, MaxPoolWithArgmax].map(gradient),
};

/** x -> y. While the engine records, the argmax is kept for {@link gradient}. */
function forward(kernelName: string, rank: 2 | 3): KernelFunc {
  return (call) => {
    const x = call.inputs.x as Tensor;
    const pooling = maxPoolingOf(kernelName, rank, x.shape, poolAttrs(call.attrs));
    // A scope of tidy takes as long as a small kernel; a single one leaves nothing behind.
    const isOneKernel = pooling.empty.length === 0;
    if (!isRecorded()) {
      return isOneKernel ? maxima(x, pooling) : tidy(() => withPads(maxima(x, pooling), pooling.empty, leastOf(x)));
    }
    const withArgmax = (): [y: Tensor, argmax: Tensor] => {
      const [values, taps] = maximaForGradient(x, pooling);
      return [withPads(values, pooling.empty, leastOf(x)), taps];
    };
    const [y, argmax] = isOneKernel ? withArgmax() : tidy(withArgmax);
    recordArgmax(call, argmax, pooling);
    return y;
  };
}

/** x -> [y, flat indices] */
function forwardWithIndices(call: Parameters<KernelFunc>[0]): Tensor[] {
  const x = call.inputs.x as Tensor;
  const { includeBatchInIndex = false, ...rest } = poolAttrs(call.attrs);
  const pooling = maxPoolingOf(MaxPoolWithArgmax, 2, x.shape, rest);
  const [values, argmax] = maximaWithArgmax(x, pooling);
  const indices = flatIndices(argmax, pooling.geometry, includeBatchInIndex);
  if (isRecorded()) recordArgmax(call, argmax, pooling);
  else argmax.dispose();
  return [values, indices];
}

/** dy, x -> dx: for who calls tfjs's gradient kernels, without an argmax. */
function backward(kernelName: string, rank: 2 | 3): KernelFunc {
  return ({ inputs, attrs }) =>
    tidy(() => {
      const [dy, x] = [inputs.dy as Tensor, inputs.input as Tensor];
      const poolingWith = (given: PoolAttrs) => maxPoolingOf(kernelName, rank, x.shape, given);
      const pooling = poolingOfGradient(kernelName, dy.shape, poolAttrs(attrs), poolingWith);
      return route(dy, maximaForGradient(x, pooling)[1], pooling);
    });
}

/** dy -> dx along the argmax of the forward pass; differentiable again. */
function gradient(kernelName: string): GradientRepair {
  const gradFunc: GradFunc = (dys, saved, attrs) => {
    // maxPoolWithArgmax has two outputs, and its indices no derivative.
    const dy = Array.isArray(dys) ? dys[0]! : dys;
    return { x: () => route(dy, saved[0]!, recordedPooling(saved, attrs)!) };
  };
  const isOurs = (saved: Tensor[], attrs: NamedAttrMap) => recordedPooling(saved, attrs) !== undefined;
  return { kernelName, inputsToSave: [ARGMAX_INPUT], isOurs, gradFunc };
}

/** x -> y, as maxPool2d and maxPool3d. */
function maxima(x: Tensor, { geometry }: MaxPooling): Tensor {
  return poolMax(tensorArgument(`maxPool${geometry.spec.rank}d`, 'x', x), geometry);
}

/** x -> [y, argmax], as maxPoolWithArgmax2d and 3d. */
function maximaWithArgmax(x: Tensor, { geometry }: MaxPooling): [values: Tensor, argmax: Tensor] {
  return poolMaxWithArgmax(tensorArgument(`maxPoolWithArgmax${geometry.spec.rank}d`, 'x', x), geometry);
}

/** The same, with an argmax for {@link route} alone. */
function maximaForGradient(x: Tensor, { geometry }: MaxPooling): [values: Tensor, argmax: Tensor] {
  return poolMaxForGradient(tensorArgument(`maxPool${geometry.spec.rank}d`, 'x', x), geometry);
}

function route(dy: Tensor, argmax: Tensor, pooling: MaxPooling): Tensor {
  return scatter(withoutPads(dy, pooling.empty), argmax, pooling.geometry);
}
