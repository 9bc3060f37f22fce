import { goldenFamily } from './family';

goldenFamily('webgpu', 2);
