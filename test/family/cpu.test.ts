import { family } from './family';

family('cpu');
