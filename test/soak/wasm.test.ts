import { soak } from './soak';

soak('wasm', 270, [1, 2]);
