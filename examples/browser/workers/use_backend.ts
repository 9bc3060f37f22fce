/** In a worker: the backends of TensorFlow.js with this package on top, what each is here, and switching between them. */
import { env, getBackend, ready, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { registerWasmTrainingKernels } from 'tfjs-im2col-pooling/training';
import { BACKENDS, type Backend, type BackendInfo } from '../shared/backends';

const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const PATIENCE_MS = 60_000;

/** To be called once, before anything else: `base` is the folder of the page. */
export function prepareBackends(base: string): void {
  setWasmPaths(`${base}wasm/`);
  // Threads need a cross-origin isolated page, which a plain static server does not give.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  // What stock TensorFlow.js lacks or does slowly when a network is trained on wasm.
  registerWasmTrainingKernels();
}

/** Every backend, with what it is or why it is missing. Initializes none of them. */
export async function describeBackends(): Promise<BackendInfo[]> {
  const found = await Promise.all([cpu(), wasm(), webgl(), webgpu()]);
  return BACKENDS.map((name, i) => ({ name, ...found[i] }));
}

type Found = Omit<BackendInfo, 'name'>;
const missing = (detail: string): Found => ({ available: false, detail });
const present = (detail: string): Found => ({ available: true, detail });

async function hasSimd(): Promise<boolean> {
  return env().getAsync('WASM_HAS_SIMD_SUPPORT') as Promise<boolean>;
}

/** Why WebAssembly cannot be used here, or undefined where it can. */
function whyNoWasm(): string | undefined {
  if (typeof WebAssembly !== 'object') return 'this browser has no WebAssembly';
  try {
    new WebAssembly.Module(EMPTY_MODULE);
    return undefined;
  } catch {
    return 'the page’s security policy forbids compiling WebAssembly';
  }
}

async function cpu(): Promise<Found> {
  const why = whyNoWasm();
  if (why !== undefined) return present(`plain loops in JavaScript: ${why}`);
  return present(
    (await hasSimd())
      ? 'pooling in a WebAssembly SIMD module'
      : 'plain loops in JavaScript: this browser has no WebAssembly SIMD',
  );
}

async function wasm(): Promise<Found> {
  const why = whyNoWasm();
  if (why !== undefined) return missing(why);
  return present(
    (await hasSimd())
      ? 'SIMD, one thread'
      : 'one thread; this browser has no WebAssembly SIMD, so pooling runs in plain loops',
  );
}

async function webgl(): Promise<Found> {
  if (typeof OffscreenCanvas === 'undefined')
    return missing('this browser has no OffscreenCanvas, so no WebGL in a worker');
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return missing('this browser gives a worker no WebGL 2');
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  const floats = gl.getExtension('EXT_color_buffer_float') !== null;
  const halves = gl.getExtension('EXT_color_buffer_half_float') !== null;
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  if (!floats && !halves) return missing(`${renderer} cannot render to float textures`);
  return present(floats ? renderer : `${renderer}, 16-bit textures only: numbers are rounded`);
}

async function webgpu(): Promise<Found> {
  // Undefined where there is none, whatever the types say.
  const gpu = navigator.gpu as GPU | undefined;
  if (!gpu) return missing(isSecureContext ? 'this browser has no WebGPU' : 'WebGPU needs https or localhost');
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) return missing('WebGPU is there, but gives no adapter: no suitable graphics card or driver');
  // The types that TensorFlow.js brings are older than this property.
  const info = ('info' in adapter ? adapter.info : {}) as Partial<Record<string, string>>;
  const parts = ['vendor', 'architecture', 'device', 'description'].map((key) => info[key]).filter(Boolean);
  return present(parts.join(' ') || 'an adapter that does not say its name');
}

/** @throws Error that says which backend failed, and why as far as TensorFlow.js tells */
export async function useBackend(name: Backend): Promise<void> {
  if (getBackend() === name) return;
  if (name === 'wasm') {
    const why = whyNoWasm();
    if (why !== undefined) throw new Error(`wasm is not available: ${why}.`);
  }
  const patience = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`${name} did not start within ${PATIENCE_MS / 1000} s.`)), PATIENCE_MS);
  });
  const started = await Promise.race([setBackend(name), patience]);
  if (!started) throw new Error(`${name} could not be started in this browser.`);
  await ready();
}
