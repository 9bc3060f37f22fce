import { golden } from './golden';

golden('webgpu', 'fused', 8);
