/** The node backend (tfjs-node): the loops over host copies. Its native values cannot be seen in place. */
import { readWriteMemory } from './cpu';
import { hostKernels } from './host_kernels';

export const nodeKernels = hostKernels('tensorflow', readWriteMemory);
