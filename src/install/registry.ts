/**
 * Exchanging what tfjs's registries hold, silently, and putting it back.
 *
 * Each entry is exchanged once, however many installs want it, and goes back when the last of them is gone: so the
 * order of uninstalling does not matter. Whoever registers over ours afterwards is left alone; and ours, should somebody
 * have kept it, hands on to what was there before.
 */
import {
  type GradConfig,
  type KernelConfig,
  engine,
  getGradient,
  getKernel,
  registerGradient,
  unregisterGradient,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { setKernel } from '../set_kernel';
import type { GradientRepair, KernelRepair } from './repair';
import { markStandIn, whatIsDue } from './stand_in';

interface Exchange<Config> {
  readonly ours: Config;
  readonly before: Config | undefined;
}

const kernels = new Map<string, Exchange<KernelConfig>>();
const gradients = new Map<string, Exchange<GradConfig>>();

const keyOf = (kernelName: string, backendName: string) => `${backendName}/${kernelName}`;

/** Puts a kernel in the place of the backend's own, or where it has none. A no-op where that was done before. */
export function exchangeKernel({ kernelName, kernelFunc }: KernelRepair, backendName: string): void {
  const key = keyOf(kernelName, backendName);
  if (kernels.has(key)) return;
  const before = getKernel(kernelName, backendName) as KernelConfig | undefined;
  const isOver = () => kernels.get(key)?.ours !== ours;
  const ours: KernelConfig = markStandIn(
    {
      // Set-up and disposal stay the backend's: it may be initialized now, and need its own kernel later.
      ...before,
      kernelName,
      backendName,
      kernelFunc: (call) => {
        if (!isOver()) return kernelFunc(call);
        if (before) return before.kernelFunc(call);
        throw new Error(`Kernel '${kernelName}' not registered for backend '${backendName}'`);
      },
    },
    { before, isOver },
  );
  kernels.set(key, { ours, before });
  setKernel(ours);
}

/** Puts kernels back on all backends but those that are wanted. */
export function restoreKernels(isWanted: (backendName: string) => boolean): void {
  for (const [key, { ours, before }] of kernels) {
    const { kernelName, backendName } = ours;
    if (isWanted(backendName)) continue;
    kernels.delete(key);
    if (getKernel(kernelName, backendName) !== ours) continue;
    const due = whatIsDue(before);
    if (due) setKernel(due);
    else unregisterKernel(kernelName, backendName);
  }
}

/** Puts a gradient in the place of tfjs's own for all that our kernel computes; for the rest that one stays. */
export function exchangeGradient({ kernelName, inputsToSave, isOurs, gradFunc }: GradientRepair): void {
  if (gradients.has(kernelName)) return;
  const before = getGradient(kernelName) as GradConfig | undefined;
  const ours: GradConfig = markStandIn<GradConfig>(
    {
      kernelName,
      // One gradient serves all backends. What to save is asked after the kernel ran, so the backend is known by then.
      get inputsToSave() {
        return isKernelOurs(kernelName) ? inputsToSave : (before?.inputsToSave ?? []);
      },
      get outputsToSave() {
        return isKernelOurs(kernelName) ? [] : (before?.outputsToSave ?? []);
      },
      get saveAllInputs() {
        return isKernelOurs(kernelName) ? false : (before?.saveAllInputs ?? false);
      },
      gradFunc: (dy, saved, attrs) => {
        if (isOurs(saved, attrs)) return gradFunc(dy, saved, attrs);
        if (before) return before.gradFunc(dy, saved, attrs);
        throw new Error(`Cannot compute gradient: gradient function not found for ${kernelName}.`);
      },
    },
    { before, isOver: () => gradients.get(kernelName)?.ours !== ours },
  );
  gradients.set(kernelName, { ours, before });
  setGradient(ours);
}

/** Puts all gradients back. */
export function restoreGradients(): void {
  for (const [kernelName, { ours, before }] of gradients) {
    gradients.delete(kernelName);
    if (getGradient(kernelName) !== ours) continue;
    const due = whatIsDue(before);
    if (due) setGradient(due);
    else unregisterGradient(kernelName);
  }
}

/** Whether the kernel of this name that the current backend has is one of ours. */
function isKernelOurs(kernelName: string): boolean {
  const { backendName } = engine();
  const exchange = kernels.get(keyOf(kernelName, backendName));
  return exchange !== undefined && getKernel(kernelName, backendName) === exchange.ours;
}

/** Registering over a gradient would be warned of while tfjs debugs. */
function setGradient(config: GradConfig): void {
  if (getGradient(config.kernelName) != null) unregisterGradient(config.kernelName);
  registerGradient(config);
}
