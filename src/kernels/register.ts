/** All kernels at once. Whoever wants those of one backend alone has src/backends. */
import { cpuKernels } from './cpu';
import { nodeKernels } from './node';
import { registerMissing } from './register_missing';
import { wasmKernels } from './wasm';
import { webglKernels } from './webgl/index';
import { webgpuKernels } from './webgpu/index';

/**
 * Registers this package's kernels for every backend that has some: cpu, wasm, webgl, webgpu and node.
 *
 * Importing the package does this; it is for programs that import `tfjs-im2col-pooling/base` alone. A bundle
 * that is to hold the kernels of some backends only imports `tfjs-im2col-pooling/backends/...` instead.
 *
 * Rules: idempotent; a kernel that is registered already is left alone; backends need not be loaded yet.
 *
 * @example
 * ```js
 * registerPoolingKernels();
 * console.log(tf.getKernel('Im2ColMaxPool', 'webgl').backendName); // webgl
 * ```
 * @see tf.registerKernel
 */
export function registerPoolingKernels(): void {
  [cpuKernels, wasmKernels, nodeKernels, webglKernels, webgpuKernels].forEach(registerMissing);
}
