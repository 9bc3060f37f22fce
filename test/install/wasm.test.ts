import { installedTests } from './installed';

installedTests('wasm');
