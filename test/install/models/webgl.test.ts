import { modelTests } from './models';

modelTests('webgl', { pairs: 1 });
