/**
 * The devices that tests run on: a backend, in Node or in a real browser, with its flags.
 *
 * A device that cannot be had says why; `REQUIRE_BACKENDS=cpu,wasm,webgl,webgpu` (comma-separated backend
 * names; node is one of them) turns that into a failure.
 */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { type BrowserPage, type TestPage, openPage } from './browser';
import { type PlainTensor, type PoolCase, type PoolResult, runPoolCase } from './run_case';
import { type OpCall, type OpResult, runOp, runThrowingOp } from './run_op';

export interface DeviceSpec {
  /** The name that tests show. */
  readonly name: string;
  /** The name that REQUIRE_BACKENDS knows. */
  readonly backend: 'cpu' | 'wasm' | 'node' | 'webgl' | 'webgpu' | 'toy';
  readonly where: 'node' | 'browser';
  readonly flags?: Record<string, boolean | number>;
  /** float16 textures: values are rounded, argmax and routing are exact. */
  readonly halfPrecision?: boolean;
  /** In the browser: threads of tfjs's wasm backend, and of ours. Default: as many as tfjs takes, half of the cores. */
  readonly threads?: number;
}

export const DEVICES = {
  cpu: { name: 'cpu in Node', backend: 'cpu', where: 'node' },
  wasm: { name: 'wasm in Node', backend: 'wasm', where: 'node' },
  node: { name: 'tfjs-node', backend: 'node', where: 'node' },
  toy: { name: 'a backend unknown to us', backend: 'toy', where: 'node' },
  cpuBrowser: { name: 'cpu in Chromium', backend: 'cpu', where: 'browser' },
  wasmBrowser: { name: 'wasm in Chromium, two threads', backend: 'wasm', where: 'browser', threads: 2 },
  webgl: { name: 'webgl 32 bit', backend: 'webgl', where: 'browser' },
  webgl16: {
    name: 'webgl 16 bit',
    backend: 'webgl',
    where: 'browser',
    halfPrecision: true,
    // Nothing is computed on the host, in 32 bit.
    flags: { WEBGL_FORCE_F16_TEXTURES: true, WEBGL_CPU_FORWARD: false },
  },
  webgpu: { name: 'webgpu', backend: 'webgpu', where: 'browser' },
} as const satisfies Record<string, DeviceSpec>;
export type DeviceKey = keyof typeof DEVICES;

export interface Device {
  readonly spec: DeviceSpec;
  /** A tensor's numbers as the device holds them: rounded in 16 bit, where some GPUs have no infinities either. */
  stored(tensor: PlainTensor): Promise<PlainTensor>;
  runPoolCase(c: PoolCase): Promise<PoolResult>;
  runOp(call: OpCall): Promise<OpResult>;
  runThrowingOp(call: OpCall, insideTidy: boolean): Promise<{ message: string; leaked: number }>;
  /** The page in Chromium, for tests that need more than runPoolCase. */
  readonly page?: BrowserPage;
  close(): Promise<void>;
}

/** The name by which tfjs knows the device's backend. */
export function backendName(spec: DeviceSpec): string {
  return spec.backend === 'node' ? 'tensorflow' : spec.backend;
}

/**
 * Declares tests that need a device: opened before them, closed after them. Devices in Chromium that follow one another in a
 * test file share a browser: it starts once, and compiles a GPU's program once. Where a device cannot be had, its tests are
 * skipped under a name that says so, or one test fails if REQUIRE_BACKENDS names the backend.
 */
export function describeDevice(
  which: DeviceKey | DeviceSpec,
  title: string,
  declareTests: (device: () => Device) => void,
): void {
  const spec: DeviceSpec = typeof which === 'string' ? DEVICES[which] : which;
  const reason = missingReason(spec);
  if (reason !== undefined && isRequired(spec)) {
    test(`${title} on ${spec.name}: REQUIRE_BACKENDS asks for it`, () => {
      throw new Error(`${spec.name}: ${reason}`);
    });
    return;
  }
  let device: Device | undefined;
  const body = () => {
    beforeAll(async () => {
      device = (await onIdlePage(spec)) ?? (await openDevice(spec));
    });
    afterAll(() => device && keepPage(device));
    declareTests(() => device!);
  };
  if (reason === undefined) {
    describe(`${title} on ${spec.name}`, body);
    afterAll(closeIdlePage);
  } else describe.skip(`${title} on ${spec.name}: NOT AVAILABLE (${reason})`, body);
}

/** The page of a device whose tests are over. */
let idlePage: BrowserPage | undefined;

/** The device on the page that is left by another one, loaded anew; undefined where there is none, or where that does not work. */
async function onIdlePage(spec: DeviceSpec): Promise<Device | undefined> {
  if (!idlePage || !sharesPage(spec)) return undefined;
  const page = idlePage;
  try {
    await page.playwright.reload();
    const device = { ...(await deviceOn(page, spec)), page };
    idlePage = undefined;
    return device;
  } catch {
    await closeIdlePage();
    return undefined;
  }
}

async function keepPage({ spec, page, close }: Device): Promise<void> {
  if (!page || idlePage || !sharesPage(spec)) return close();
  idlePage = page;
}

async function closeIdlePage(): Promise<void> {
  const page = idlePage;
  idlePage = undefined;
  await page?.close();
}

/** A page that was told of another number of cores is for one device alone. */
function sharesPage({ where, threads }: DeviceSpec): boolean {
  return where === 'browser' && threads === undefined;
}

/** Makes the device ready; throws with the reason where it cannot be had. */
export async function openDevice(spec: DeviceSpec): Promise<Device> {
  return spec.where === 'browser' ? openInBrowser(spec) : openInNode(spec);
}

/** Whether REQUIRE_BACKENDS asks for this device. Any backend in the browser is asked for by those that exist only there. */
export function isRequired(spec: DeviceSpec): boolean {
  const required = (process.env.REQUIRE_BACKENDS ?? '').split(',').map((name) => name.trim());
  const isGpu = spec.backend === 'webgl' || spec.backend === 'webgpu';
  const asked = spec.where === 'node' || isGpu ? [spec.backend] : ['webgl', 'webgpu'];
  return asked.some((name) => required.includes(name));
}

/** Why a device cannot be had, as global_setup.mjs found out; undefined if it can. */
export function missingReason(spec: DeviceSpec): string | undefined {
  const missing = JSON.parse(process.env.TEST_MISSING ?? '{}') as Record<string, string>;
  return missing[spec.where === 'browser' ? `${spec.backend} in Chromium` : spec.backend];
}

async function openInNode(spec: DeviceSpec): Promise<Device> {
  if (spec.backend === 'wasm') require('@tensorflow/tfjs-backend-wasm');
  if (spec.backend === 'node') require(process.env.TEST_TFJS_NODE!);
  if (spec.backend === 'toy') registerToyBackend();
  const name = backendName(spec);
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} cannot be initialized here`);
  await tf.ready();
  return {
    spec,
    stored: (tensor) => Promise.resolve(tensor),
    runPoolCase: (c) => runPoolCase(tf, plugin, c),
    runOp: (call) => runOp(tf, plugin, call),
    runThrowingOp: (call, insideTidy) => runThrowingOp(tf, plugin, call, insideTidy),
    close: async () => {},
  };
}

/** The cpu backend under another name, with all of its kernels but ours, as functions of its own: a copy would get ours. */
function registerToyBackend(): void {
  const { MathBackendCPU } = require('@tensorflow/tfjs-backend-cpu') as typeof import('@tensorflow/tfjs-backend-cpu');
  tf.registerBackend('toy', () => new MathBackendCPU());
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    const kernelFunc: typeof kernel.kernelFunc = (call) => kernel.kernelFunc(call);
    if (!kernel.kernelName.startsWith('Im2Col')) tf.registerKernel({ ...kernel, kernelFunc, backendName: 'toy' });
  }
}

async function openInBrowser(spec: DeviceSpec): Promise<Device> {
  // tfjs takes half of the cores.
  const page = await openPage({}, spec.threads === undefined ? {} : { cores: 2 * spec.threads });
  try {
    return { ...(await deviceOn(page, spec)), page };
  } catch (error) {
    await page.close();
    throw error;
  }
}

/** Makes the device ready on an open page, which may be in any browser. */
export async function deviceOn(page: TestPage, spec: DeviceSpec): Promise<Device> {
  await page.call((p, { backend, flags }) => p.useBackend(backend, flags), spec);
  // 2049 is the first integer that half precision has not.
  const kept = await page.call((p, data) => p.stored({ shape: [1], dtype: 'float32', data }), [2049]);
  if (spec.halfPrecision && kept.data[0] === 2049) throw new Error(`${spec.name}: its textures are not 16 bit`);
  if (spec.threads !== undefined) {
    const threads = await page.call((p) => p.wasm.getThreadsCount(), null);
    if (threads !== spec.threads) throw new Error(`${spec.name}: tfjs took ${threads}`);
  }
  return {
    spec,
    stored: async (tensor) => (spec.halfPrecision ? page.call((p, t) => p.stored(t), tensor) : tensor),
    runPoolCase: (c) => page.call((p, poolCase) => p.runPoolCase(poolCase), c),
    runOp: (call) => page.call((p, c) => p.runOp(c), call),
    runThrowingOp: (call, insideTidy) =>
      page.call((p, a) => p.runThrowingOp(a.call, a.insideTidy), { call, insideTidy }),
    close: () => page.close(),
  };
}
