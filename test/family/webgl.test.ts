import { family } from './family';
import { halfRange } from './half_range';

family('webgl', [0, 2]);
family('webgl16', [1, 3]);
halfRange();
