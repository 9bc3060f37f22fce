import { familyProperties } from './family';

familyProperties('cpu', 200);
