/** The backends that a comparison can run on, by the names that users know, and what they say of themselves. */
import { type KernelBackend, backend, engine, env, ready, setBackend } from '@tensorflow/tfjs-core';
import { engineName, userName } from '../backend_names';
import { storesHalf } from '../half_precision';
import { BACKENDS } from '../known_backends';
import { FLOAT16, FLOAT32, type Precision } from './contract/rounding';
import { firstLine } from './first_line';

const PACKAGES: Record<string, string> = {
  cpu: '@tensorflow/tfjs-backend-cpu',
  wasm: '@tensorflow/tfjs-backend-wasm',
  webgl: '@tensorflow/tfjs-backend-webgl',
  webgpu: '@tensorflow/tfjs-backend-webgpu',
  node: '@tensorflow/tfjs-node',
};

/** Names of all registered backends, in a fixed order. */
export function registeredBackends(): string[] {
  const names = Object.keys(engine().registryFactory).map(userName);
  const known: readonly string[] = BACKENDS.filter((name) => names.includes(name));
  return [...known, ...names.filter((name) => !known.includes(name))];
}

/** Makes a backend current; the reason why that cannot be, or null. */
export async function useBackend(name: string): Promise<string | null> {
  const registered = engineName(name);
  if (!(registered in engine().registryFactory)) {
    return `it is not registered${name in PACKAGES ? `: import ${PACKAGES[name]}` : ''}`;
  }
  try {
    if (!(await setBackend(registered))) return 'it cannot be initialized here';
    await ready();
    return null;
  } catch (error) {
    return firstLine(error);
  }
}

/** What computes, on the current backend. */
export async function describeBackend(name: string): Promise<string> {
  try {
    switch (name) {
      case 'cpu':
        return 'JavaScript';
      case 'wasm':
        return await describeWasm();
      case 'webgl':
        return describeWebgl();
      case 'webgpu':
        return await describeWebgpu();
      case 'node':
        return `libtensorflow ${(backend() as Binding).binding.TF_Version}`;
      default:
        return 'a backend unknown to this package';
    }
  } catch (error) {
    return `unknown (${firstLine(error)})`;
  }
}

/** Where all of this runs, as far as the host says. */
export function describeHost(): string {
  const { process, navigator } = globalThis as {
    process?: { versions?: { node?: string } };
    navigator?: { userAgent?: string };
  };
  const node = process?.versions?.node;
  return node === undefined ? (navigator?.userAgent ?? 'unknown') : `Node ${node}`;
}

/** What the current backend keeps numbers in between its operations. */
export function currentPrecision(): Precision {
  return storesHalf() ? FLOAT16 : FLOAT32;
}

async function describeWasm(): Promise<string> {
  const simd = (await env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'SIMD' : 'no SIMD';
  return `WebAssembly, ${simd}, ${(await env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')) ? 'threads' : 'one thread'}`;
}

function describeWebgl(): string {
  const { gl } = (backend() as Gpgpu).gpgpu;
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return `${renderer}, WebGL ${env().getNumber('WEBGL_VERSION')}, ${storesHalf() ? 16 : 32}-bit textures`;
}

async function describeWebgpu(): Promise<string> {
  const adapter = await globalThis.navigator.gpu.requestAdapter();
  // The types that tfjs brings are older than this property.
  const info = (adapter !== null && 'info' in adapter ? adapter.info : {}) as Record<string, unknown>;
  const parts = ['vendor', 'architecture', 'device', 'description'].map((key) => info[key]).filter(Boolean);
  return parts.length > 0 ? parts.join(' ') : 'an adapter that does not name itself';
}

/** What tfjs-node's backend has that tfjs does not type; and webgl's. */
type Binding = KernelBackend & { binding: { TF_Version: string } };
type Gpgpu = KernelBackend & { gpgpu: { gl: WebGL2RenderingContext } };
