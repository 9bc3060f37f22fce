import { installedTests } from './installed';

installedTests('toy');
