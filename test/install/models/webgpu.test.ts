import { modelTests } from './models';

// On a software GPU the whole network takes minutes.
modelTests('webgpu', { upTo: 'max_pooling2d_1', pairs: 0 });
