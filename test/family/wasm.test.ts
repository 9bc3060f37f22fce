import { family } from './family';

family('wasm');
