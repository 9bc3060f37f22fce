import { modelTests } from './models';

modelTests('node', { pairs: 3 });
