/** Registers kernels where there are none yet. What calls it decides which kernels a bundle holds. */
import { type KernelConfig, getKernel, registerKernel } from '@tensorflow/tfjs-core';

/** Idempotent: a name that a backend has already is left alone. */
export function registerMissing(kernels: readonly KernelConfig[]): void {
  for (const config of kernels) {
    if (getKernel(config.kernelName, config.backendName) == null) registerKernel(config);
  }
}
