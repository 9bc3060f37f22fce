import { soak } from './soak';

soak('webgpu', 90, [1, 3]);
