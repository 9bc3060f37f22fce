import { installedTests } from './installed';

installedTests('cpu');
