import { properties } from './properties';

properties('node', { fused: 60, im2col: 20 });
