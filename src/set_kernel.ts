/** Registering a kernel in the place of another one. */
import { type KernelConfig, getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';

/** Puts a kernel in the place of the backend's own, if it has one: tfjs would warn of registering over it. */
export function setKernel(config: KernelConfig): void {
  const { kernelName, backendName } = config;
  if (getKernel(kernelName, backendName) != null) unregisterKernel(kernelName, backendName);
  registerKernel(config);
}
