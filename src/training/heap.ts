/** The memory of the wasm backend, where the training module works: addresses of tensors, outputs, scratch. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { memoryOf } from '../kernels/simd/wasm_backend';
import { type TrainingModule, trainingModule } from './module';

type Call = Parameters<KernelConfig['kernelFunc']>[0];

/** What its Emscripten module has beside the functions that tfjs types. */
interface Allocator {
  /** 0 where there is no memory left. */
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** One call of a kernel: what tfjs hands to it, and the module in the backend's memory. */
export interface HeapCall extends Pick<Call, 'inputs'> {
  readonly attrs: Call['attrs'];
  readonly backend: BackendWasm;
  readonly module: TrainingModule;
}

/** Undefined where there is no SIMD, or where compiling is forbidden. */
export function heapCall({ inputs, attrs, backend }: Call): HeapCall | undefined {
  const memory = memoryOf(backend as BackendWasm);
  const module = memory && trainingModule(memory);
  return module && { inputs, attrs, backend: backend as BackendWasm, module };
}

/** Where a tensor lies. It stays there when the memory grows; views of the memory would go stale. */
export function addressOf({ backend }: HeapCall, { dataId }: TensorInfo): number {
  return backend.dataIdMap.get(dataId).memoryOffset;
}

/**
 * A new float32 tensor, which `fill` writes with `scratchBytes` of memory that may hold garbage.
 *
 * @throws Error if there is no such memory left
 */
export function makeFilled(
  { backend }: HeapCall,
  shape: number[],
  scratchBytes: number,
  fill: (output: number, scratch: number) => void,
): TensorInfo {
  const allocator = backend.wasm as unknown as Allocator;
  const output = backend.makeOutput(shape, 'float32');
  const scratch = scratchBytes > 0 ? allocator._malloc(scratchBytes) : 0;
  try {
    if (scratch === 0 && scratchBytes > 0)
      throw new Error(`wasm: expected ${scratchBytes} bytes of scratch memory; the backend has none left.`);
    fill(backend.dataIdMap.get(output.dataId).memoryOffset, scratch);
    return output;
  } catch (error) {
    backend.disposeData(output.dataId);
    throw error;
  } finally {
    allocator._free(scratch);
  }
}
