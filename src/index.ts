/** Everything of this package, with kernels and layers registered: importing it is all the set-up there is. */
import { registerIm2ColLayers, registerPoolingKernels } from './base';

registerPoolingKernels();
registerIm2ColLayers();

export * from './base';
