import { goldenFamily } from './family';

goldenFamily('webgl', 3);
