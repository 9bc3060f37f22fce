/**
 * The wasm backend: the SIMD module works in the backend's own memory, or the loops on views of it. No copies.
 *
 * Where the backend has several threads, the modules have as many: workers of their own, which begin with the first kernel and end
 * with the backend.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type HostBackend, hostKernels } from './host_kernels';
import { LOOPS } from './loops';
import type { PoolKernels } from './pool_kernels';
import { simdKernels } from './simd/in_place';
import { poolCode, poolModule } from './simd/module';
import { threadedKernels } from './simd/threaded';
import { type Threads, threadsIn } from './simd/threads';

/** Where its Emscripten module keeps the memory: the first in the build with threads, the second in the others. */
interface MemoryOwner {
  wasmMemory?: WebAssembly.Memory;
  asm?: { memory?: WebAssembly.Memory };
}

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
    const memory = memoryOf(backend);
    kernels = (memory && kernelsIn(memory, backend)) ?? LOOPS;
    known.set(backend, kernels);
  }
  return kernels;
}

function kernelsIn(memory: WebAssembly.Memory, backend: BackendWasm): PoolKernels | undefined {
  const kernels = simdKernels(memory);
  const threads = kernels && threadsOf(backend, memory);
  return threads ? threadedKernels(kernels, threads.crew(poolCode(memory)!, poolModule(memory)!)) : kernels;
}

const started = new WeakMap<BackendWasm, Threads | undefined>();

/** Threads of our own for a backend that has several; they end with it. Undefined for others, and where there are no workers. */
export function threadsOf(backend: BackendWasm, memory: WebAssembly.Memory): Threads | undefined {
  if (!started.has(backend)) {
    const count = threadCountOf(backend);
    const threads = count > 1 ? threadsIn(memory, count) : undefined;
    if (threads) endWith(backend, threads);
    started.set(backend, threads);
  }
  return started.get(backend);
}

/** The engine tells kernels of a backend that is removed, but not of one that the program disposes of itself. */
function endWith(backend: BackendWasm, threads: Threads): void {
  const dispose = backend.dispose.bind(backend);
  backend.dispose = () => {
    threads.end();
    dispose();
  };
}

/** How many threads tfjs's own kernels use. */
export function threadCountOf(backend: BackendWasm): number {
  const { tfjs } = backend.wasm as unknown as { tfjs: { getThreadsCount?: () => number } };
  return tfjs.getThreadsCount?.() ?? 1;
}

export function memoryOf(backend: BackendWasm): WebAssembly.Memory | undefined {
  const owner = backend.wasm as unknown as MemoryOwner;
  return owner.wasmMemory ?? owner.asm?.memory;
}

export const wasmKernels = hostKernels('wasm', heapBackend, true);
