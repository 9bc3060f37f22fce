import { soak } from './soak';

soak('node', 270, [0, 2]);
