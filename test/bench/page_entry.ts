/** The bench page: its global `bench` is what the command calls. Bundled by runners.ts. */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import { useBackend } from './bench_backend';
import { measureCase } from './measure';
import { measureMatrix } from './measure_matrix';
import { measurePredict } from './measure_predict';
import { measureTrainingStep } from './measure_training_step';

setWasmPaths('/');

const bench = { useBackend, measureCase, measureMatrix, measurePredict, measureTrainingStep };
export type BenchPage = typeof bench;
Object.assign(globalThis, { bench });
