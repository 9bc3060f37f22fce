import { soak } from './soak';

soak('node', 270);
