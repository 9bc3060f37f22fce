import { golden } from './golden';

golden('wasm', 'fused');
golden('wasm', 'im2col');
