/** The soak's page: its global `soak` is what the command calls. Bundled by runners.ts. */
import '@tensorflow/tfjs-backend-webgpu';
import { useBackend } from '../bench/bench_backend';
import { soaker } from './soaker';

const soak = { useBackend, soaker };
export type SoakPage = typeof soak;
Object.assign(globalThis, { soak });
