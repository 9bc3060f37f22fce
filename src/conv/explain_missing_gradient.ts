/**
 * Training a CNN on wasm fails in stock tfjs, as a kernel is missing. This adds to the error which function registers it.
 *
 * The gradient that fails may be conv2d's own, or be hidden in a fused operation; all of them pass through the engine's
 * `gradients`. A kernel that only throws would be simpler, but would make `tf.getKernel` say that there is one.
 */
import { Conv2DBackpropFilter, engine } from '@tensorflow/tfjs-core';

/** The function that registers the kernel, as users know it. */
const REMEDY = 'registerWasmConv2DGradient';
const HINT = `; call ${REMEDY}() of tfjs-im2col-pooling before training`;
const MISSING = `Kernel '${Conv2DBackpropFilter}' not registered for backend 'wasm'`;
/** Marks what is wrapped, by any copy of this package. */
const WRAPPED = Symbol.for('tfjs-im2col-pooling.explainsMissingGradient');

/** Idempotent. */
export function explainMissingGradient(): void {
  const host = engine();
  if (WRAPPED in host) return;
  const { gradients } = host;
  host.gradients = (...args) => {
    try {
      return gradients.apply(host, args) as never;
    } catch (error) {
      if (error instanceof Error && error.message === MISSING) error.message += HINT;
      throw error;
    }
  };
  Object.defineProperty(host, WRAPPED, { value: true });
}
