/** The wasm backend: the SIMD module works in the backend's own memory, or the loops on views of it. No copies. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type HostBackend, hostKernels } from './host_kernels';
import { LOOPS } from './loops';
import type { PoolKernels, Values } from './pool_kernels';
import { simdKernels } from './simd/in_place';

/** Where its Emscripten module keeps the memory: the first in the build with threads, the second in the others. */
interface MemoryOwner {
  wasmMemory?: WebAssembly.Memory;
  asm?: { memory?: WebAssembly.Memory };
}

const heapBackend: HostBackend<BackendWasm> = (backend, inputs, outputs, body) => {
  const made = outputs.map(({ shape, dtype }) => backend.makeOutput(shape, dtype));
  // Views only after the last allocation: growing the heap detaches those taken before.
  const view = (info: (typeof made)[number]) => backend.typedArrayFromHeap(info) as Values;
  body(kernelsFor(backend), inputs.map(view), made.map(view));
  return made;
};

function kernelsFor(backend: BackendWasm): PoolKernels {
  const memory = memoryOf(backend);
  return (memory && simdKernels(memory)) ?? LOOPS;
}

export function memoryOf(backend: BackendWasm): WebAssembly.Memory | undefined {
  const owner = backend.wasm as unknown as MemoryOwner;
  return owner.wasmMemory ?? owner.asm?.memory;
}

export const wasmKernels = hostKernels('wasm', heapBackend);
