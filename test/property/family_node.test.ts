import { familyProperties } from './family';

familyProperties('node', 100);
