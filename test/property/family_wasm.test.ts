import { familyProperties } from './family';

familyProperties('wasm', 200);
