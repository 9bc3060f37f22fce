import { family } from './family';

family('node');
