import { goldenOracle } from './golden';

goldenOracle();
