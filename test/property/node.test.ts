import { familyProperties } from './family';
import { properties } from './properties';

properties('node', { fused: 60, im2col: 20 });
familyProperties('node', 100);
