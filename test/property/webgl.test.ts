import { isWide } from '../support/wide';
import { familyProperties } from './family';
import { properties } from './properties';

properties('webgl', { fused: 25, im2col: 5 });
properties('webgl16', { fused: isWide ? 25 : 10, im2col: isWide ? 5 : 2 });
familyProperties('webgl', 20);
