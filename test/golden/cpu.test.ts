import { goldenFamily } from './family';
import { golden } from './golden';

golden('cpu', 'fused');
golden('cpu', 'im2col');
goldenFamily('cpu');
