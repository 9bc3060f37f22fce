import { modelTests } from './models';

modelTests('wasm', { pairs: 3 });
