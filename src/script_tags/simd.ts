/**
 * The script-tag file with the WebAssembly kernels for cpu and wasm. They take the place of the main file's loops, which may have run
 * already: what both save for gradients is the same. The main file leaves them alone where it comes later.
 */
import { type KernelConfig, getKernel } from '@tensorflow/tfjs-core';
import { cpuKernels } from '../kernels/cpu';
import { withCopies } from '../kernels/register_missing';
import { wasmKernels } from '../kernels/wasm';
import { setKernel } from '../set_kernel';

/** Marks what this file registered: a second tag of it would compile and start everything again. */
const MARK = 'fromSimdFile';

function register(kernels: readonly KernelConfig[]): void {
  for (const backendName of withCopies(kernels[0]!.backendName)) {
    for (const config of kernels) {
      const there = getKernel(config.kernelName, backendName);
      if (!there || !(MARK in there)) setKernel(Object.assign({ ...config, backendName }, { [MARK]: true }));
    }
  }
}

register(cpuKernels);
register(wasmKernels);
