import { soak } from './soak';

soak('webgl', 90, [2, 4]);
