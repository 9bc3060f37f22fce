/** The wasm backend: the SIMD module works in the backend's own memory, or the loops on views of it. No copies. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type HostBackend, hostKernels } from './host_kernels';
import { LOOPS } from './loops';
import type { PoolKernels } from './pool_kernels';
import { simdKernelsOf } from './simd/wasm_backend';

const heapBackend: HostBackend<BackendWasm> = (backend, inputs, outputs, body) => {
  const made = outputs.map(({ shape, dtype }) => backend.makeOutput(shape, dtype));
  // Views only after the last allocation: growing the heap detaches those taken before.
  const view = (info: (typeof made)[number]) => backend.typedArrayFromHeap(info);
  body(kernelsFor(backend), inputs.map(view), made.map(view));
  return made;
};

const known = new WeakMap<BackendWasm, PoolKernels>();

function kernelsFor(backend: BackendWasm): PoolKernels {
  let kernels = known.get(backend);
  if (!kernels) {
    kernels = simdKernelsOf(backend) ?? LOOPS;
    known.set(backend, kernels);
  }
  return kernels;
}

export const wasmKernels = hostKernels('wasm', heapBackend, true);
