import { goldenFamily } from './family';

goldenFamily('cpu');
