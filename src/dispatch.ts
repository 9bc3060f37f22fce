/**
 * From an operation to the code that computes it: our kernel on the current backend, or else the
 * reference path. The only caller of kernels. Tensors have the user's shapes, before and after.
 */
import { type Tensor, type TensorInfo, engine, getKernel, reshape, tidy, zeros } from '@tensorflow/tfjs-core';
import { REFERENCE } from './kernels/reference';
import {
  type AttrsOf,
  type InputsOf,
  type KernelKey,
  type OutputsOf,
  ROLES,
  SIGNATURES,
  outputInfos,
} from './kernels/signatures';
import { TAKE } from './kernels/take';
import { takeByCore } from './kernels/take_reference';
import { sameShape } from './layout';
import { type Take, takenShape } from './slices';
import type { Implementation } from './spec';

/** Runs a kernel: its inputs and outputs are those of {@link SIGNATURES}, in that order. */
export function run<K extends KernelKey>(key: K, inputs: InputsOf<K, Tensor>, attrs: AttrsOf<K>): OutputsOf<K, Tensor> {
  const { geometry } = attrs;
  const given = inputs as readonly Tensor[];
  // Nothing to compute, and no backend agrees with another on empty buffers.
  if (geometry.batch * geometry.channels === 0) {
    return outputInfos(key, geometry, given[0]).map(({ shape, dtype }) => zeros(shape, dtype)) as OutputsOf<K, Tensor>;
  }
  const { name, outputs: roles } = SIGNATURES[key];
  return tidy(name, () => {
    const isFused = hasKernel(name, geometry.spec.implementation);
    const outputs = isFused ? byKernel(key, given, attrs) : byReference(key, given, attrs);
    return outputs.map((output, i) => inShape(output, ROLES[roles[i]].users(geometry)));
  }) as OutputsOf<K, Tensor>;
}

function byKernel<K extends KernelKey>(key: K, given: readonly Tensor[], attrs: AttrsOf<K>): readonly Tensor[] {
  const { name, inputs: roles } = SIGNATURES[key];
  const inputs = Object.fromEntries(roles.map((role, i) => [role, given[i]]));
  const outputs = engine().runKernel(name, inputs, attrs) as TensorInfo | TensorInfo[];
  return (Array.isArray(outputs) ? outputs : [outputs]) as Tensor[];
}

function byReference<K extends KernelKey>(key: K, given: readonly Tensor[], attrs: AttrsOf<K>): readonly Tensor[] {
  const roles = SIGNATURES[key].inputs;
  const canonical = given.map((t, i) => inShape(t, ROLES[roles[i]].canonical(attrs.geometry)));
  return REFERENCE[key](canonical as never, attrs);
}

/** x -> y: slices along an axis, as `take` says */
export function runTake(x: Tensor, take: Take, implementation: Implementation): Tensor {
  // As above; and slices of nothing fail.
  if (x.size === 0) return zeros(takenShape(x.shape, take), x.dtype as 'float32');
  return tidy(TAKE, () =>
    hasKernel(TAKE, implementation) ? engine().runKernel(TAKE, { x }, take as never) : takeByCore(x, take),
  );
}

/** Whether a kernel of ours computes this, on the current backend. */
function hasKernel(name: string, implementation: Implementation): boolean {
  // Kernels find their backend by name, so the name must be there: `backend` initializes it.
  const backendReady = engine().backend !== undefined;
  return backendReady && implementation === 'fused' && getKernel(name, engine().backendName) != null;
}

/** A tensor in another shape, or itself. A reshape costs as much as a small kernel. Call inside a tidy. */
function inShape(t: Tensor, shape: readonly number[]): Tensor {
  return sameShape(t.shape, shape) ? t : reshape(t, [...shape]);
}
