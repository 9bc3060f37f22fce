/**
 * The SIMD kernels in the memory of the wasm backend.
 *
 * Where the backend has several threads, the modules have as many: workers of their own, which begin with the first kernel and end
 * with the backend.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { PoolKernels } from '../pool_kernels';
import { simdKernels } from './in_place';
import { poolCode, poolModule } from './module';
import { threadedKernels } from './threaded';
import { type Threads, threadsIn } from './threads';

/** Where its Emscripten module keeps the memory: the first in the build with threads, the second in the others. */
interface MemoryOwner {
  wasmMemory?: WebAssembly.Memory;
  asm?: { memory?: WebAssembly.Memory };
}

/** Undefined where there is no SIMD. */
export function simdKernelsOf(backend: BackendWasm): PoolKernels | undefined {
  const memory = memoryOf(backend);
  const kernels = memory && simdKernels(memory);
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
