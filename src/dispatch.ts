/**
 * From an operation to the code that computes it: our kernel on the current backend, our kernels step by step on the im2col
 * matrix, or else the reference path. The only caller of kernels. Tensors have the user's shapes, before and after.
 */
import { type Tensor, engine, getKernel, reshape, tidy, zeros } from '@tensorflow/tfjs-core';
import { type PoolGeometry, hasFitted } from './geometry';
import { storesHalf } from './half_precision';
import { MATRIX, type RunKernel } from './kernels/matrix';
import { ARE_TAPS } from './kernels/pool_kernels';
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
import { sameShape } from './layout';
import type { Overlaps } from './spec';

/** Runs a kernel: its inputs and outputs are those of {@link SIGNATURES}, in that order. Leaves no other tensor behind. */
export function run<K extends KernelKey>(key: K, inputs: InputsOf<K, Tensor>, attrs: AttrsOf<K>): OutputsOf<K, Tensor> {
  const { geometry } = attrs;
  const given = inputs as readonly Tensor[];
  // Nothing to compute, and no backend agrees with another on empty buffers.
  if (geometry.batch * geometry.channels === 0) {
    return outputInfos(key, geometry, given[0]!).map(({ shape, dtype }) => zeros(shape, dtype)) as OutputsOf<K, Tensor>;
  }
  const outputs =
    geometry.spec.implementation === 'fused'
      ? (byOwnKernel(key, given, attrs) ?? byReference(key, given, attrs))
      : hasMatrixKernels(key, attrs)
        ? byMatrix(key, given, attrs)
        : byReference(key, given, attrs);
  const { outputs: roles } = SIGNATURES[key];
  const moved: Tensor[] = [];
  for (let i = 0; i < roles.length; i++) moved.push(moveInto(ROLES[roles[i]!].users(geometry), outputs[i]!));
  return moved as readonly Tensor[] as OutputsOf<K, Tensor>;
}

/** Undefined where the current backend has no kernel of ours. To ask before would look it up once more, for each call. */
function byOwnKernel<K extends KernelKey>(
  key: K,
  given: readonly Tensor[],
  attrs: AttrsOf<K>,
): readonly Tensor[] | undefined {
  try {
    return byKernel(key, given, attrs);
  } catch (error) {
    if (hasKernel(SIGNATURES[key].name)) throw error;
    return undefined;
  }
}

function byKernel<K extends KernelKey>(key: K, given: readonly Tensor[], attrs: AttrsOf<K>): readonly Tensor[] {
  const { name, inputs: roles } = SIGNATURES[key];
  const inputs: Record<string, Tensor> = {};
  for (let i = 0; i < roles.length; i++) inputs[roles[i]!] = given[i]!;
  const outputs = engine().runKernel<Tensor | Tensor[]>(name, inputs, attrs);
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** The textbook's steps, each by a kernel. */
function byMatrix<K extends KernelKey>(key: K, given: readonly Tensor[], attrs: AttrsOf<K>): readonly Tensor[] {
  const runKernel = ((step: KernelKey, inputs: readonly Tensor[], of: AttrsOf<KernelKey>) =>
    byKernel(step, inputs, of)) as RunKernel;
  return tidy(key, () => [...(MATRIX[key](runKernel, given as InputsOf<K, Tensor>, attrs) as readonly Tensor[])]);
}

function byReference<K extends KernelKey>(key: K, given: readonly Tensor[], attrs: AttrsOf<K>): readonly Tensor[] {
  const roles = SIGNATURES[key].inputs;
  return tidy(key, () => {
    const canonical = given.map((t, i) => reshape(t, [...ROLES[roles[i]!].canonical(attrs.geometry)]));
    return [...(REFERENCE[key](canonical as never, attrs) as readonly Tensor[])];
  });
}

/** Whether all of an int32 argmax lies in [0, taps); undefined on a backend that has no kernel for it. */
export function runAreTaps(argmax: Tensor, taps: number): boolean | undefined {
  if (!hasKernel(ARE_TAPS)) return undefined;
  const result = engine().runKernel<Tensor>(ARE_TAPS, { argmax }, { taps });
  const [areTaps] = result.dataSync();
  result.dispose();
  return areTaps === 1;
}

/** Whether the current backend has a kernel of ours under this name. */
function hasKernel(name: string): boolean {
  // Kernels find their backend by name, so the name must be there: `backend` initializes it.
  const backendReady = engine().backend !== undefined;
  return backendReady && getKernel(name, engine().backendName) != null;
}

/**
 * Whether kernels compute the textbook's steps. Core operations do where windows overwrite each other; where windows have unequal
 * numbers of taps, unless the host sees the memory, whose im2col gives a window its taps from the row's start on; and in 16 bit,
 * where not every device stores infinities, and sums may leave the range.
 */
function hasMatrixKernels(key: KernelKey, attrs: { geometry: PoolGeometry; overlaps?: Overlaps }): boolean {
  const matrix = [SIGNATURES[key].name, SIGNATURES.im2col.name, SIGNATURES.col2im.name];
  const needed = hasFitted(attrs.geometry) ? [...matrix, ARE_TAPS] : matrix;
  return needed.every(hasKernel) && attrs.overlaps !== 'write' && !storesHalf();
}

/** The tensor in another shape, in its place; or itself, as a reshape costs as much as a small kernel. */
function moveInto(shape: readonly number[], t: Tensor): Tensor {
  if (sameShape(t.shape, shape)) return t;
  const moved = reshape(t, [...shape]);
  t.dispose();
  return moved;
}
