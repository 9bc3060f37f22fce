import { properties } from './properties';

properties('cpu', { fused: 200, im2col: 200 });
