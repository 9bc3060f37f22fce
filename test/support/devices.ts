/**
 * The devices that conformance tests run on: a backend, in Node or in a real browser, with its flags.
 *
 * A device that cannot be had says why; `REQUIRE_BACKENDS=cpu,wasm,webgl,webgpu` (comma-separated backend
 * names; node is one of them) turns that into a failure.
 */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { type BrowserPage, openPage } from './browser';
import type { PoolCase, PoolResult } from './run_case';
import { runPoolCase } from './run_case';

export interface DeviceSpec {
  /** The name that tests show. */
  readonly name: string;
  /** The name that REQUIRE_BACKENDS knows. */
  readonly backend: 'cpu' | 'wasm' | 'node' | 'webgl' | 'webgpu';
  readonly where: 'node' | 'browser';
  readonly flags?: Record<string, boolean | number>;
  /** float16 textures: values are rounded, argmax and routing are exact. */
  readonly halfPrecision?: boolean;
}

export const DEVICES = {
  cpu: { name: 'cpu in Node', backend: 'cpu', where: 'node' },
  wasm: { name: 'wasm in Node', backend: 'wasm', where: 'node' },
  node: { name: 'tfjs-node', backend: 'node', where: 'node' },
  cpuBrowser: { name: 'cpu in Chromium', backend: 'cpu', where: 'browser' },
  wasmBrowser: { name: 'wasm in Chromium', backend: 'wasm', where: 'browser' },
  webgl: { name: 'webgl 32 bit', backend: 'webgl', where: 'browser' },
  webgl16: {
    name: 'webgl 16 bit', backend: 'webgl', where: 'browser', halfPrecision: true,
    flags: { WEBGL_FORCE_F16_TEXTURES: true },
  },
  webgpu: { name: 'webgpu', backend: 'webgpu', where: 'browser' },
} as const satisfies Record<string, DeviceSpec>;

export interface Device {
  readonly spec: DeviceSpec;
  runPoolCase(c: PoolCase): Promise<PoolResult>;
  /** The browser page, for tests that need more than runPoolCase. */
  readonly page?: BrowserPage;
  close(): Promise<void>;
}

/** Makes the device ready; throws with the reason where it cannot be had. */
export async function openDevice(spec: DeviceSpec): Promise<Device> {
  return spec.where === 'browser' ? openInBrowser(spec) : openInNode(spec);
}

/** Whether REQUIRE_BACKENDS asks for this device. */
export function isRequired(spec: DeviceSpec): boolean {
  return (process.env.REQUIRE_BACKENDS ?? '').split(',').map((name) => name.trim()).includes(spec.backend);
}

async function openInNode(spec: DeviceSpec): Promise<Device> {
  if (spec.backend === 'wasm') require('@tensorflow/tfjs-backend-wasm');
  if (spec.backend === 'node') {
    const path = process.env.TEST_TFJS_NODE;
    if (!path) throw new Error('tfjs-node has no native part here: `node .ci/tfjs_node.mjs` says why');
    require(path);
  }
  const backendName = spec.backend === 'node' ? 'tensorflow' : spec.backend;
  if (!(await tf.setBackend(backendName))) throw new Error(`the backend ${backendName} cannot be initialized here`);
  await tf.ready();
  return { spec, runPoolCase: (c) => runPoolCase(tf, plugin, c), close: async () => {} };
}

async function openInBrowser(spec: DeviceSpec): Promise<Device> {
  const page = await openPage();
  try {
    await page.call((p, { backend, flags }) => p.useBackend(backend, flags), spec);
  } catch (error) {
    await page.close();
    throw error;
  }
  return {
    spec,
    page,
    runPoolCase: (c) => page.call((p, poolCase) => p.runPoolCase(poolCase), c),
    close: () => page.close(),
  };
}
