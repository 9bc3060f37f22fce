import { golden } from './golden';

golden('node', 'fused');
golden('node', 'im2col');
