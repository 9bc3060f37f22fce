/** The cpu backend: values are typed arrays, used where they lie. Also serves any backend that reads synchronously. */
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { sizeOf } from '../layout';
import { type HostBackend, hostKernels } from './host_kernels';
import { LOOPS } from './loops';
import type { Values } from './pool_kernels';
import { copiedSimdKernels } from './simd/copied';

/** Inputs by `readSync`, outputs by `write`: no copy on cpu. */
export const readWriteBackend: HostBackend<KernelBackend> = (backend, inputs, outputs, body) => {
  const ins = inputs.map((info) => backend.readSync(info.dataId) as Values);
  const outs = outputs.map(({ shape, dtype }) => {
    const size = sizeOf(shape);
    return dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
  });
  body(copiedSimdKernels() ?? LOOPS, ins, outs);
  return outputs.map(({ shape, dtype }, i) => ({ dataId: backend.write(outs[i]!, shape, dtype), shape, dtype }));
};

export const cpuKernels = hostKernels('cpu', readWriteBackend);
