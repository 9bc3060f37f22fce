import { familyProperties } from './family';
import { properties } from './properties';

properties('webgpu', { fused: 25, im2col: 8 });
familyProperties('webgpu', 30);
