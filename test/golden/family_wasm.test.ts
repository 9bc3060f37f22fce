import { goldenFamily } from './family';

goldenFamily('wasm');
