import { modelTests } from './models';

modelTests('webgl', { pairs: 1, tolerance: 1e-6 });
