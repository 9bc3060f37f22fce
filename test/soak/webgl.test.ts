import { soak } from './soak';

soak('webgl', 90);
