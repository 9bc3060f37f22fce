import { familyProperties } from './family';
import { properties } from './properties';

properties('wasm', { fused: 200, im2col: 200 });
familyProperties('wasm', 200);
