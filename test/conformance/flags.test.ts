/** A few of the conformance cases under flags of tfjs that change which programs, textures or devices serve. */
import { DEVICES, type DeviceSpec } from '../support/devices';
import { isWide, shareOf } from '../support/wide';
import { conformanceUnder } from './conformance';

const CHROMIUM = { where: 'browser' } as const;

const SPECS: DeviceSpec[] = [
  { ...DEVICES.webgl, name: 'webgl without packed textures', flags: { WEBGL_PACK: false } },
  { ...DEVICES.webgl, name: 'webgl, version 1', flags: { WEBGL_VERSION: 1 } },
  { ...DEVICES.webgl, name: 'webgl, shapes as uniforms', flags: { WEBGL_USE_SHAPES_UNIFORMS: true } },
  { ...DEVICES.webgl, name: 'webgl, small tensors on the host', flags: { WEBGL_CPU_FORWARD: true } },
  { ...DEVICES.webgl, name: 'webgl, textures given back at once', flags: { WEBGL_DELETE_TEXTURE_THRESHOLD: 0 } },
  { ...DEVICES.webgpu, name: 'webgpu, small tensors on the host', flags: { WEBGPU_CPU_FORWARD: true } },
  { ...DEVICES.webgpu, name: 'webgpu, nothing on the host', flags: { WEBGPU_CPU_FORWARD: false } },
  { ...DEVICES.webgpu, name: 'webgpu, each kernel sent at once', flags: { WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE: 1 } },
  { name: 'cpu in Chromium, debug mode', backend: 'cpu', ...CHROMIUM, flags: { DEBUG: true } },
  { name: 'wasm in Chromium, debug mode', backend: 'wasm', ...CHROMIUM, flags: { DEBUG: true } },
  { ...DEVICES.webgl, name: 'webgl, production mode', flags: { PROD: true, IS_TEST: false } },
];

// An ordinary run takes every other device.
for (const spec of shareOf(SPECS, 0, 2)) conformanceUnder(spec, isWide ? 2 : 60);
