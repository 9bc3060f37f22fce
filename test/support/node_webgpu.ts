/** WebGPU in Node: npm's `webgpu` (Dawn) gives tfjs's backend the `navigator.gpu` that it has in a browser. */

interface WebGPUForNode {
  create(flags: string[]): unknown;
  globals: object;
}

/** Loads tfjs's webgpu backend on the package in `folder`. VK_ICD_FILENAMES must have been set for this process by then. */
export function enableWebGPU(folder: string): void {
  const { create, globals } = require(folder) as WebGPUForNode;
  Object.assign(globalThis, globals);
  const value = { gpu: create([]), userAgent: 'node' };
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true, writable: true });
  require('@tensorflow/tfjs-backend-webgpu');
}
