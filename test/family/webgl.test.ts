import { family } from './family';

family('webgl', [0, 2]);
family('webgl16', [1, 3]);
