import { modelTests } from './models';

// The whole network takes half a minute a prediction.
modelTests('cpu', { upTo: 'max_pooling2d_2', pairs: 0 });
