import { properties } from './properties';

properties('webgl16', { fused: 25, im2col: 5 });
