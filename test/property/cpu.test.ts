import { familyProperties } from './family';
import { properties } from './properties';

properties('cpu', { fused: 200, im2col: 200 });
familyProperties('cpu', 200);
