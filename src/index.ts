/** The package's entry: everything of ./base, with kernels (and layers) registered on import. */
import { registerPoolingKernels } from './kernels/register';

export * from './base';

registerPoolingKernels();
