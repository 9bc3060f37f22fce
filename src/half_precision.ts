/** Backends whose tensors hold 16-bit floats. */
import { engine, env } from '@tensorflow/tfjs-core';

/**
 * Whether the current backend stores 16-bit floats, up to 65504: WebGL on most phones. Shaders compute in 32 bit even there.
 * A backend's own `floatPrecision()` is wrong where the backend computes small tensors on the host.
 */
export function storesHalf(): boolean {
  return 'gpgpu' in engine().backend && !env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
}
