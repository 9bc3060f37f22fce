/** The measures of the soak, as far as the program itself sees them. Runs in Node and in the page. */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** Measures that stand still when nothing leaks. */
export const EXACT = ['tensors', 'buffers', 'bytes', 'gpuUsed', 'gpuObjects', 'programs', 'wasm'] as const;
/** Measures that waver: of what a GPU's backend allocated to use it again, of the JavaScript engine and of the operating system. */
export const WAVERING = ['gpuBytes', 'heap', 'rss'] as const;
export type Measure = (typeof EXACT)[number] | (typeof WAVERING)[number];

/**
 * tensors, buffers and bytes: tf.memory(). On a GPU, gpuUsed: bytes in use, gpuBytes: bytes allocated, gpuObjects: textures or buffers in
 * use, programs: shaders or pipelines. wasm: the address below which the wasm heap is in use. heap: JavaScript's, with arrays. rss: resident
 * memory. What a backend does not have is missing.
 */
export type Gauges = Partial<Record<Measure, number>>;

/** Waits for the GPU, collects garbage, and measures. */
export async function readGauges(): Promise<Gauges> {
  await settle();
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  return { tensors: numTensors, buffers: numDataBuffers, bytes: numBytes, ...backendGauges(), ...processGauges() };
}

async function settle(): Promise<void> {
  if (tf.getBackend() === 'webgpu') {
    // The backend frees what commands use when it submits them: after some, or with a read.
    const backend = tf.backend() as never as WebGpuInside;
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.submitQueue();
    await backend.queue.onSubmittedWorkDone();
  }
  for (let i = 0; i < 2; i++) {
    (globalThis as { gc?: () => void }).gc!();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

interface GpuManager {
  getNumUsedTextures?(): number;
  getNumUsedBuffers?(): number;
}
interface WebGlInside {
  textureManager: GpuManager;
  binaryCache: object;
}
interface WebGpuInside {
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  queue: { onSubmittedWorkDone(): Promise<void> };
  bufferManager: GpuManager;
  textureManager: GpuManager;
  pipelineCache: object;
}
interface Malloc {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

function backendGauges(): Gauges {
  const memory = tf.memory() as tf.MemoryInfo & Record<string, number>;
  switch (tf.getBackend()) {
    case 'webgl': {
      const { textureManager, binaryCache } = tf.backend() as never as WebGlInside;
      return {
        gpuUsed: memory.numBytesInGPU,
        gpuBytes: memory.numBytesInGPUAllocated,
        gpuObjects: textureManager.getNumUsedTextures!(),
        programs: Object.keys(binaryCache).length,
      };
    }
    case 'webgpu': {
      const { bufferManager, textureManager, pipelineCache } = tf.backend() as never as WebGpuInside;
      return {
        gpuUsed: memory.numBytesInGPU,
        gpuBytes: memory.numBytesAllocatedInGPU,
        gpuObjects: bufferManager.getNumUsedBuffers!() + textureManager.getNumUsedTextures!(),
        programs: Object.keys(pipelineCache).length,
      };
    }
    case 'wasm':
      return { wasm: endOfHeap((tf.backend() as BackendWasm).wasm as never as Malloc) };
    default:
      return {};
  }
}

/** The size of a block for which no gap between others is large enough. */
const LARGE = 2 ** 20;

/** The memory itself grows in large steps only; a block that fits nowhere else lies at the end of what is in use. */
function endOfHeap({ _malloc, _free }: Malloc): number {
  const address = _malloc(LARGE);
  _free(address);
  return address;
}

function processGauges(): Gauges {
  // Chromium's alone; with --enable-precise-memory-info it is exact.
  const { memory } = performance as { memory?: { usedJSHeapSize: number } };
  if (typeof window !== 'undefined') return { heap: memory!.usedJSHeapSize };
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}
