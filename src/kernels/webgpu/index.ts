/** The webgpu backend's kernels: compute shaders over groups of up to four channels. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { kernelConfigs } from '../signatures';
import { averagePool, averageSpread } from './average';
import { col2im, im2col } from './columns';
import { lpPool, lpPoolGradient } from './lp';
import { maxPool, maxPoolArgmax } from './max_pool';
import { gatherArgmax, scatterArgmax } from './routing';

export const webgpuKernels = kernelConfigs<WebGPUBackend>('webgpu', {
  maxPool: (backend, [x], { geometry }) => [maxPool(backend, geometry, x)],
  maxPoolArgmax: (backend, [x], { geometry }) => maxPoolArgmax(backend, geometry, x),
  scatterArgmax: (backend, [dy, argmax], { geometry, overlaps }) => [
    scatterArgmax(backend, geometry, dy, argmax, overlaps),
  ],
  gatherArgmax: (backend, [x, argmax], { geometry }) => [gatherArgmax(backend, geometry, x, argmax)],
  im2col: (backend, [x], { geometry, padValue }) => [im2col(backend, geometry, x, padValue)],
  col2im: (backend, [columns], { geometry }) => [col2im(backend, geometry, columns)],
  averagePool: (backend, [x], { geometry, divisor }) => [averagePool(backend, geometry, x, divisor)],
  averageSpread: (backend, [dy], { geometry, divisor }) => [averageSpread(backend, geometry, dy, divisor)],
  lpPool: (backend, [x], { geometry, p }) => [lpPool(backend, geometry, x, p)],
  lpPoolGradient: (backend, inputs, { geometry, p }) => [lpPoolGradient(backend, geometry, inputs, p)],
});
