import { isWide } from '../support/wide';
import { properties } from './properties';

properties('webgl16', { fused: isWide ? 25 : 10, im2col: isWide ? 5 : 2 });
