/** The node backend (tfjs-node): host copies, as its native values cannot be seen in place. */
import { readWriteBackend } from './cpu';
import { hostKernels } from './host_kernels';

export const nodeKernels = hostKernels('tensorflow', readWriteBackend);
