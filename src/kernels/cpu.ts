/** The cpu backend: values are typed arrays, used where they lie. Also serves any backend that reads synchronously. */
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../layout';
import { type HostBackend, hostKernels } from './host_kernels';
import { LOOPS } from './loops';
import type { Argmax, Values } from './pool_kernels';
import { copiedSimdKernels } from './simd/copied';

/** Inputs by `readSync`, outputs by `write`: no copy on cpu. */
export const readWriteBackend: HostBackend<KernelBackend> = (backend, inputs, outputs, body) => {
  const ins = inputs.map((info) => valuesOf(backend, info));
  const outs = outputs.map(({ shape, dtype }) => {
    const size = sizeOf(shape);
    if (dtype === 'bool') return new Uint8Array(size);
    return dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
  });
  body(copiedSimdKernels() ?? LOOPS, ins, outs);
  return outputs.map(({ shape, dtype }, i) => ({ dataId: backend.write(outs[i]!, shape, dtype), shape, dtype }));
};

/**
 * A tensor's data, as an array of the tensor's dtype: `tf.cast` on cpu gives the same data another dtype, so a float32 tensor
 * may hold an Int32Array. The backend's `readSync` makes two copies of bytes, one element after the other.
 */
function valuesOf(backend: KernelBackend, { dataId, dtype }: TensorInfo): Values | Argmax {
  if (dtype === 'bool') return (backend as unknown as CpuBackend).data.get(dataId).values;
  const values = backend.readSync(dataId) as Values;
  if (dtype === 'int32') return values instanceof Int32Array ? values : Int32Array.from(values);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

interface CpuBackend {
  readonly data: { get(dataId: object): { readonly values: Argmax } };
}

export const cpuKernels = hostKernels('cpu', readWriteBackend, true);
