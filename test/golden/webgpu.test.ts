import { goldenFamily } from './family';
import { golden } from './golden';

golden('webgpu', 'fused', 8);
goldenFamily('webgpu', 2);
