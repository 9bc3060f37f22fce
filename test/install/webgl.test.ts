import { installedTests } from './installed';

installedTests('webgl');
installedTests('webgl16');
