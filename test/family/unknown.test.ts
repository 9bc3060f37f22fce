import { family } from './family';

family('toy');
