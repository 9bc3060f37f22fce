import { modelTests } from './models';

modelTests('wasm', { pairs: 3, tolerance: 1e-6 });
