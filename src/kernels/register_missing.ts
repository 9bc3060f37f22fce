/** Registers kernels where there are none yet. What calls it decides which kernels a bundle holds. */
import { Identity, type KernelConfig, engine, getKernel, registerKernel } from '@tensorflow/tfjs-core';

/**
 * Registers kernels for their backend and for its copies under other names ('rn-webgl' of React Native is one of webgl).
 * A backend that is copied later takes these kernels along.
 *
 * Idempotent: a name that a backend has already is left alone.
 *
 * @param kernels Those of one backend.
 * @param isWanted Which backends, by the engine's names. Default: all of these.
 */
export function registerMissing(
  kernels: readonly KernelConfig[],
  isWanted: (backendName: string) => boolean = () => true,
): void {
  const [first] = kernels;
  // The script-tag file has none of tfjs-node's.
  if (!first) return;
  for (const backendName of withCopies(first.backendName).filter(isWanted)) {
    for (const config of kernels) {
      if (getKernel(config.kernelName, backendName) == null) registerOne({ ...config, backendName });
    }
  }
}

/** The backend, and each backend that was registered with the same kernels: `copyRegisteredKernels` makes such copies. */
export function withCopies(backendName: string): string[] {
  const identity = identityOf(backendName);
  const others = Object.keys(engine().registryFactory).filter((name) => name !== backendName);
  return [backendName, ...others.filter((name) => identity !== undefined && identityOf(name) === identity)];
}

/** tfjs sets kernels up when their backend starts; for a backend that has started already, it is done here. */
function registerOne(config: KernelConfig): void {
  registerKernel(config);
  const started = engine().registry[config.backendName];
  if (started) config.setupFunc?.(started);
}

/** A kernel that every backend has and that nothing exchanges: whose copy a backend is, it tells. */
function identityOf(backendName: string): KernelConfig['kernelFunc'] | undefined {
  return getKernel(Identity, backendName)?.kernelFunc;
}
