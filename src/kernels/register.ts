/** All kernels at once. Whoever wants those of one backend alone has src/backends. */
import type { KernelConfig } from '@tensorflow/tfjs-core';
import { backendNames, engineName } from '../backend_names';
import { givenOptions } from '../options';
import { show } from '../show';
import type { OrDefault } from '../spec';
import { cpuKernels } from './cpu';
import { nodeKernels } from './node';
import { registerMissing, withCopies } from './register_missing';
import { wasmKernels } from './wasm';
import { webglKernels } from './webgl/index';
import { webgpuKernels } from './webgpu/index';

/** See {@link registerPoolingKernels}. */
export interface RegisterOptions {
  /** Names of backends; 'node' is tfjs-node's. Default: all that this package has kernels for, and their copies. */
  backends?: readonly string[];
}

const NAME = 'registerPoolingKernels';
const KERNELS: Readonly<Record<string, readonly KernelConfig[]>> = {
  cpu: cpuKernels,
  wasm: wasmKernels,
  tensorflow: nodeKernels,
  webgl: webglKernels,
  webgpu: webgpuKernels,
};

/**
 * Registers this package's kernels for every backend that has some: cpu, wasm, webgl, webgpu and node.
 *
 * Importing the package does this; it is for programs that import `tfjs-im2col-pooling/base` alone. A bundle
 * that is to hold the kernels of some backends only imports `tfjs-im2col-pooling/backends/...` instead.
 *
 * Rules: idempotent; a kernel that is registered already is left alone; backends need not be loaded yet. A backend that is a
 * copy of one of these under another name (React Native's 'rn-webgl', or what `tf.copyRegisteredKernels` made) gets them as
 * well, whichever was there first.
 *
 * @throws Error if `backends` is no array of names of backends, or names one that this package has no kernels for
 *
 * @example
 * ```js
 * registerPoolingKernels();
 * console.log(tf.getKernel('Im2ColMaxPool', 'webgl').backendName); // webgl
 * ```
 * @see tf.registerKernel
 */
export function registerPoolingKernels(options?: OrDefault<RegisterOptions>): void {
  const { backends } = givenOptions(NAME, options, ['backends']);
  const wanted = backends == null ? undefined : backendNames(NAME, backends).map(engineName);
  const known = Object.keys(KERNELS).flatMap(withCopies);
  const strange = wanted?.find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new Error(
      `${NAME}: expected backends of cpu, wasm, webgl, webgpu, node or copies of these; got ${show(strange)}, which shares no ` +
        `kernel with them.`,
    );
  }
  Object.values(KERNELS).forEach((kernels) => registerMissing(kernels, (name) => wanted?.includes(name) ?? true));
}
