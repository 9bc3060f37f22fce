/** Makes a backend current and says what it is. Runs in Node and in the page. */
import * as tf from '@tensorflow/tfjs';
import { userName } from '../../src/backend_names';
import { describeBackend } from '../../src/compare/backends';
import type { BackendName } from './cases';
import { COPY_METHODS } from './contestants';

export interface BackendInfo {
  /** What computes: the graphics renderer, the libraries, their flags. */
  renderer: string;
  /** How the copy floor is taken. */
  copyMethod: string;
}

/** The name that tfjs has for it. */
function engineName(backend: BackendName): string {
  return (
    { node: 'tensorflow', 'webgpu-node': 'webgpu', 'wasm-browser': 'wasm', 'webgl-mesa': 'webgl' }[backend as string] ??
    backend
  );
}

/** Throws where the backend cannot be had. `threads`: of wasm-browser. */
export async function useBackend(backend: BackendName, threads = 1): Promise<BackendInfo> {
  const name = engineName(backend);
  // On an isolated page tfjs takes its build with threads, even for a single one.
  if (backend === 'wasm-browser' && threads === 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend(name).catch(() => false)))
    throw new Error(`the backend ${name} cannot be initialized here`);
  await tf.ready();
  const found = name === 'wasm' ? threadsOf(tf.backend()) : 1;
  if (found !== threads) throw new Error(`the backend ${backend} runs in ${threadText(found)} here`);
  return { renderer: await rendererOf(backend), copyMethod: COPY_METHODS[name] };
}

/** By the memory, too: threads without a shared one would be none. */
function threadsOf(backend: tf.KernelBackend): number {
  const { HEAPU8, tfjs } = (
    backend as tf.KernelBackend & { wasm: { HEAPU8: Uint8Array; tfjs: { getThreadsCount(): number } } }
  ).wasm;
  return Object.prototype.toString.call(HEAPU8.buffer) === '[object SharedArrayBuffer]' ? tfjs.getThreadsCount() : 1;
}

function threadText(threads: number): string {
  return threads === 1 ? 'one thread' : `${threads} threads`;
}

async function rendererOf(backend: BackendName): Promise<string> {
  switch (backend) {
    case 'cpu':
      return `JavaScript, tfjs ${tf.version.tfjs}`;
    case 'wasm':
    case 'wasm-browser': {
      const lanes = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'SIMD' : 'no SIMD';
      return `${lanes}, ${threadText(threadsOf(tf.backend()))}`;
    }
    default:
      return describeBackend(userName(engineName(backend)));
  }
}
