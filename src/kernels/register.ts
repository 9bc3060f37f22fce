/** The one place that registers kernels. Idempotent: a name that a backend has already is left alone. */
import { type KernelConfig, getKernel, registerKernel } from '@tensorflow/tfjs-core';
import { cpuKernels } from './cpu';
import { nodeKernels } from './node';
import { wasmKernels } from './wasm';
import { webglKernels } from './webgl/index';
import { webgpuKernels } from './webgpu/index';

const KERNELS: readonly KernelConfig[] = [...cpuKernels, ...wasmKernels, ...nodeKernels, ...webglKernels, ...webgpuKernels];

/** Registers this package's kernels for every backend that has some. Backends need not be loaded yet. */
export function registerPoolingKernels(): void {
  for (const config of KERNELS) {
    if (getKernel(config.kernelName, config.backendName) == null) registerKernel(config);
  }
}
