/** The bench page: its global `bench` is what the command calls. Bundled by runners.ts. */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import { useBackend } from './bench_backend';
import { measureAny } from './measure_any';

setWasmPaths('/');

const bench = { useBackend, measureAny };
export type BenchPage = typeof bench;
Object.assign(globalThis, { bench });
