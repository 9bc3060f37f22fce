import { goldenFamily } from './family';
import { golden } from './golden';

golden('node', 'fused');
golden('node', 'im2col');
goldenFamily('node');
