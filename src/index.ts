/** Everything of this package, with kernels and layers registered: importing it is all the set-up there is. */
import { registerIm2ColLayers, registerPoolingKernels } from './base';
import { explainMissingGradient } from './conv/explain_missing_gradient';

registerPoolingKernels();
registerIm2ColLayers();
explainMissingGradient();

export * from './base';
