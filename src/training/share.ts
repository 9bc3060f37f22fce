/** Kernels that change no number: they share the memory of their input, as on every other backend. tfjs copies on wasm. */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { HeapCall } from './heap';

/** Identity: what tfjs does to each tensor that it keeps for a gradient. */
export function identityKernel({ inputs, backend }: HeapCall): TensorInfo {
  const { dataId, shape, dtype } = inputs.x as TensorInfo;
  backend.incRef(dataId);
  return { dataId, shape: [...shape], dtype };
}

/** Cast to the type that x has, as in the gradient of relu; undefined for others. */
export function castKernel(call: HeapCall): TensorInfo | undefined {
  const { dtype } = call.attrs as unknown as { dtype: DataType };
  return dtype === (call.inputs.x as TensorInfo).dtype ? identityKernel(call) : undefined;
}
