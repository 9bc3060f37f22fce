/** What the test page offers to browser tests: tfjs with every backend it can have, and our package. */
import * as tf from '@tensorflow/tfjs';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import * as plugin from '../../src/index';
import { runPoolCase } from './run_case';

wasm.setWasmPaths('/');

/** Makes a backend current, with flags set beforehand; throws where it cannot be had. */
async function useBackend(name: string, flags: Record<string, boolean | number> = {}): Promise<string> {
  for (const [flag, value] of Object.entries(flags)) tf.env().set(flag, value);
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} cannot be initialized here`);
  await tf.ready();
  return tf.getBackend();
}

const page = { tf, plugin, wasm, useBackend, runPoolCase: runPoolCase.bind(null, tf as never, plugin) };
export type Page = typeof page;
(globalThis as unknown as { page: Page }).page = page;
