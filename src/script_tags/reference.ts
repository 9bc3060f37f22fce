/**
 * What the build puts in the place of `kernels/reference` for dispatch.ts in the main script-tag file: the reference path, with a hint
 * where pooling on webgpu is slow because the file with its kernels is missing.
 */
import { engine, getKernel } from '@tensorflow/tfjs-core';
import { REFERENCE as CORE } from '../kernels/reference';
import { SIGNATURES } from '../kernels/signatures';
import { tellMissingFile } from './missing_file';

export const REFERENCE = new Proxy(CORE, {
  get(core, key: keyof typeof CORE) {
    const { backendName } = engine();
    // The reference path also serves what no kernel computes, such as some matrices of implementation: 'im2col'.
    const hasKernels = getKernel(SIGNATURES.maxPool.name, backendName) != null;
    if (backendName === 'webgpu' && !hasKernels) tellMissingFile('webgpu', 'webgpu');
    return core[key];
  },
});
