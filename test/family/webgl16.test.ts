import { family } from './family';

family('webgl16');
