/**
 * What the build puts in the place of `kernels/simd` in the main script-tag file: the loops serve there, as on any host without
 * SIMD, until the file made of simd.ts replaces the kernels. On cpu the loops are faster than tfjs's own pooling; on wasm, forward,
 * they are slower.
 */
import type { copiedSimdKernels as copied } from '../kernels/simd/copied';
import type { simdKernelsOf as ofBackend } from '../kernels/simd/wasm_backend';
import { tellMissingFile } from './missing_file';

export const copiedSimdKernels: typeof copied = () => undefined;

/** Asked when the first kernel runs on a wasm backend. */
export const simdKernelsOf: typeof ofBackend = () => {
  tellMissingFile('wasm', 'simd');
  return undefined;
};
