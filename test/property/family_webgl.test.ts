import { familyProperties } from './family';

familyProperties('webgl', 20);
