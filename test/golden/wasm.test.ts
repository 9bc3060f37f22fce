import { goldenFamily } from './family';
import { golden } from './golden';

golden('wasm', 'fused');
golden('wasm', 'im2col');
goldenFamily('wasm');
