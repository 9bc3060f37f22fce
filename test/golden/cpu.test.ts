import { golden } from './golden';

golden('cpu', 'fused');
golden('cpu', 'im2col');
