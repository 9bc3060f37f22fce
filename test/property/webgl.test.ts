import { properties } from './properties';

properties('webgl', { fused: 25, im2col: 5 });
