/**
 * Kernels cut into chunks, which threads share where the backend has several (kernels/simd/threads.ts). Chunks write to different
 * places, and each computes its sums as a whole: the bits are those of one thread.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Crew } from '../kernels/simd/threads';
import { MOST_CHUNKS } from '../kernels/simd/worker';
import { memoryOf, threadsOf } from '../kernels/simd/wasm_backend';
import { type HeapCall, makeFilled } from './heap';
import { type TrainingModule, trainingCode } from './module';

/** Multiplications that are worth it: some hundred thousand take as long as to wake a worker. Tests set it lower. */
export const LEAST = { work: 2 ** 20 };

/** So many chunks for each thread: whoever is held up leaves the others to the rest. Each repeats some work, such as laying out a filter. */
const CHUNKS_PER_THREAD = 2;

/** Of a tile of the module (tile.as.ts): parts are multiples of these. */
export const ROWS = 4;
export const COLUMNS = 8;

/** Multiplications of a slow machine in a millisecond. */
const SLOW = 1e5;

/** A kernel, chunk by chunk: what to tell the module before, what scratch memory it needs then, and the call itself. */
export interface ChunkedKernel<Chunk> {
  set?(module: TrainingModule, chunk: Chunk): void;
  /** Without it: none. */
  scratchBytes?(module: TrainingModule, chunk: Chunk): number;
  compute(module: TrainingModule, chunk: Chunk, output: number, scratch: number): void;
}

/** Into how many parts a kernel of so much work, in multiplications, is to be cut. */
export function partsFor(call: HeapCall, work: number): number {
  const count = work < LEAST.work ? 1 : (crewOf(call)?.count ?? 1);
  return count === 1 ? 1 : Math.min(MOST_CHUNKS, CHUNKS_PER_THREAD * count);
}

/** A new float32 tensor, which the chunks fill. */
export function makeInChunks<Chunk>(
  call: HeapCall,
  shape: number[],
  work: number,
  chunks: readonly Chunk[],
  kernel: ChunkedKernel<NoInfer<Chunk>>,
): TensorInfo {
  const bytes = chunks.map((chunk) => {
    kernel.set?.(call.module, chunk);
    return kernel.scratchBytes?.(call.module, chunk) ?? 0;
  });
  // Threads write to it: not side by side in one line of a cache.
  const step = chunks.length === 1 ? bytes[0]! : Math.ceil(Math.max(...bytes) / 64) * 64;
  return makeFilled(call, shape, step * Math.min(chunks.length, MOST_CHUNKS), (output, scratch) => {
    const computeChunk = (module: TrainingModule, i: number) => {
      kernel.set?.(module, chunks[i]!);
      kernel.compute(module, chunks[i]!, output, scratch + (i % MOST_CHUNKS) * step);
    };
    for (let first = 0; first < chunks.length; first += MOST_CHUNKS) {
      const count = Math.min(MOST_CHUNKS, chunks.length - first);
      const some = Array.from({ length: count }, (_, i) => first + i);
      const crew = count > 1 ? crewOf(call) : undefined;
      const isDone = crew?.run(some, (i) => computeChunk(crew.recorder, i), work / chunks.length / SLOW);
      if (!isDone) for (const i of some) computeChunk(call.module, i);
    }
  });
}

export type Range = readonly [first: number, end: number];

/** `parts` ranges of `size` elements, or fewer, as even as it goes; all but the last are multiples of `multiple`. */
export function rangesOf(size: number, parts: number, multiple: number): Range[] {
  const units = Math.ceil(size / multiple);
  const count = Math.min(parts, units);
  const border = (i: number) => Math.min(size, Math.floor((i * units) / count) * multiple);
  return Array.from({ length: count }, (_, i): Range => [border(i), border(i + 1)]);
}

function crewOf({ backend, module }: HeapCall): Crew<TrainingModule> | undefined {
  const memory = memoryOf(backend)!;
  return threadsOf(backend, memory)?.crew(trainingCode(memory)!, module);
}
