/** The webgpu backend's kernels: compute shaders over groups of up to four channels. */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
  AVERAGE_POOL,
  AVERAGE_SPREAD,
  COL2IM,
  GATHER_ARGMAX,
  IM2COL,
  type KernelAttrs,
  type KernelName,
  MAX_POOL,
  MAX_POOL_ARGMAX,
  SCATTER_ARGMAX,
} from '../kernel_names';
import { averagePool, averageSpread } from './average';
import { col2im, im2col } from './columns';
import { maxPool } from './max_pool';
import { gatherArgmax, scatterArgmax } from './routing';

type Kernel = (
  backend: WebGPUBackend,
  inputs: Record<string, TensorInfo>,
  attrs: KernelAttrs,
) => TensorInfo | TensorInfo[];

const KERNELS: Record<KernelName, Kernel> = {
  [MAX_POOL]: (backend, { x }, { geometry }) => maxPool(backend, geometry, x, false)[0],
  [MAX_POOL_ARGMAX]: (backend, { x }, { geometry }) => maxPool(backend, geometry, x, true),
  [SCATTER_ARGMAX]: (backend, { dy, argmax }, { geometry }) => scatterArgmax(backend, geometry, dy, argmax),
  [GATHER_ARGMAX]: (backend, { x, argmax }, { geometry }) => gatherArgmax(backend, geometry, x, argmax),
  [IM2COL]: (backend, { x }, { geometry, padValue }) => im2col(backend, geometry, x, padValue),
  [COL2IM]: (backend, { columns }, { geometry }) => col2im(backend, geometry, columns),
  [AVERAGE_POOL]: (backend, { x }, { geometry, divisor }) => averagePool(backend, geometry, x, divisor),
  [AVERAGE_SPREAD]: (backend, { dy }, { geometry, divisor }) => averageSpread(backend, geometry, dy, divisor),
};

export const webgpuKernels: KernelConfig[] = (Object.keys(KERNELS) as KernelName[]).map((kernelName) => ({
  kernelName,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs, backend }) =>
    KERNELS[kernelName](
      backend as WebGPUBackend,
      inputs as Record<string, TensorInfo>,
      attrs as unknown as KernelAttrs,
    ),
}));
