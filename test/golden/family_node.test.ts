import { goldenFamily } from './family';

goldenFamily('node');
