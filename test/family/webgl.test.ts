import { family } from './family';

family('webgl', [0, 2]);
