import { goldenFamily } from './family';
import { golden } from './golden';

golden('webgl', 'fused', 8);
goldenFamily('webgl', 3);
