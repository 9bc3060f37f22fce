import { soak } from './soak';

soak('webgpu', 90);
