import { family } from './family';

family('webgl16', [1, 3]);
