import { installedTests } from './installed';

installedTests('node');
