import { properties } from './properties';

properties('wasm', { fused: 200, im2col: 200 });
