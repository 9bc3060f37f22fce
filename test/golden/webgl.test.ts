import { golden } from './golden';

golden('webgl', 'fused', 8);
