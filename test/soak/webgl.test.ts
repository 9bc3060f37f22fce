import { soak } from './soak';

soak('webgl', 90, [1, 3]);
