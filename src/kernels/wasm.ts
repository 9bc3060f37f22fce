/** The wasm backend: the loops over views of its heap, no copies. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type HostMemory, hostKernels } from './host_kernels';
import type { Values } from './loops';

const heapMemory: HostMemory<BackendWasm> = (backend, inputs, outputs, body) => {
  const made = outputs.map(({ shape, dtype }) => backend.makeOutput(shape, dtype));
  // Views only after the last allocation: growing the heap detaches those taken before.
  const view = (info: (typeof made)[number]) => backend.typedArrayFromHeap(info) as Values;
  body(inputs.map(view), made.map(view));
  return made;
};

export const wasmKernels = hostKernels('wasm', heapMemory);
