import { installedTests } from './installed';

installedTests('webgpu');
