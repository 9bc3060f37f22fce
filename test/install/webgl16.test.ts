import { installedTests } from './installed';

installedTests('webgl16');
