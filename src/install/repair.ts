/** What a repaired operation of tfjs consists of. Those of one kind (max pooling: ./max_pool.ts) are a list of each. */
import type { GradFunc, KernelFunc, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';

/** A kernel to be put in the place of tfjs's, on every backend alike. */
export interface KernelRepair {
  /** tfjs's name for it. */
  readonly kernelName: string;
  readonly kernelFunc: KernelFunc;
}

/** A gradient to be put in the place of tfjs's, for what the {@link KernelRepair} of the same name computed. */
export interface GradientRepair {
  readonly kernelName: string;
  /** Inputs to be saved; see recording.ts for one that is none. */
  readonly inputsToSave: string[];
  /** Whether our kernel saved these. If not, another backend's did, and its gradient is not ours. */
  isOurs(saved: Tensor[], attrs: NamedAttrMap): boolean;
  readonly gradFunc: GradFunc;
}

export interface Repairs {
  readonly kernels: readonly KernelRepair[];
  readonly gradients: readonly GradientRepair[];
}
