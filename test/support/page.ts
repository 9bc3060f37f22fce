/** What the test page offers to browser tests: tfjs with every backend it can have, and our package. */
import * as tf from '@tensorflow/tfjs';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import * as compare from '../../src/compare/index';
import * as plugin from '../../src/index';
import * as training from '../../src/training/index';
import { hostKernelVariant } from '../../src/kernels/host_kernels';
import { type PlainTensor, type PoolCase, fromPlain, runPoolCase, toPlain } from './run_case';
import { type OpCall, runOp, runThrowingOp } from './run_op';
import * as threads from './threads';
import { type InstalledCase, farIndices, runInstalled, runInstalledAverage } from '../install/run_installed';
import { type ModelRequest, predictTwice } from '../install/models/run_models';
import { modelFiles, predictionsOf, saveLoadPredictions } from '../layers/save_load';

wasm.setWasmPaths('/');

/** Makes a backend current, with flags set beforehand; throws where it cannot be had. */
async function useBackend(name: string, flags: Record<string, boolean | number> = {}): Promise<string> {
  for (const [flag, value] of Object.entries(flags)) tf.env().set(flag, value);
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} cannot be initialized here`);
  await tf.ready();
  return tf.getBackend();
}

/** What becomes of a tensor that an operation writes. */
async function stored(tensor: PlainTensor): Promise<PlainTensor> {
  const written = tf.tidy(() => tf.neg(tf.neg(fromPlain(tf as never, tensor))));
  const plain = await toPlain(written);
  written.dispose();
  return plain;
}

const page = {
  tf,
  plugin,
  training,
  compare,
  wasm,
  useBackend,
  stored,
  hostKernelVariant,
  threads,
  runPoolCase: (c: PoolCase) => runPoolCase(tf, plugin, c),
  runInstalled: (c: InstalledCase) => runInstalled(tf, plugin, c),
  runInstalledAverage: (c: InstalledCase) => runInstalledAverage(tf, plugin, c),
  farIndices: () => farIndices(tf, plugin),
  predictTwice: (source: string, request: ModelRequest) => predictTwice(tf, plugin, source, request),
  saveLoadPredictions: (url: string) => saveLoadPredictions(tf, plugin, url),
  modelFiles: () => modelFiles(tf, plugin),
  predictionsOf: (url: string) => predictionsOf(tf, url),
  runOp: (call: OpCall) => runOp(tf, plugin, call),
  runThrowingOp: (call: OpCall, insideTidy: boolean) => runThrowingOp(tf, plugin, call, insideTidy),
};
export type Page = typeof page;
(globalThis as unknown as { page: Page }).page = page;
