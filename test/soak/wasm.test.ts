import { soak } from './soak';

soak('wasm', 270);
