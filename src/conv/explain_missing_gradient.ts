/**
 * Training a CNN on wasm fails in stock tfjs, as kernels are missing. This adds to the error which function registers them.
 *
 * The gradient that fails may be conv2d's own, or be hidden in a fused operation; all of them pass through the engine's
 * `gradients`. A kernel that only throws would be simpler, but would make `tf.getKernel` say that there is one.
 */
import {
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  UnsortedSegmentSum,
  engine,
} from '@tensorflow/tfjs-core';

const HINT = '; call registerWasmTrainingKernels() of tfjs-im2col-pooling/training before training';
/** The gradients of convolutions, of depthwise ones, and of embeddings. */
const MISSING = [
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  UnsortedSegmentSum,
].map((kernel) => `Kernel '${kernel}' not registered for backend 'wasm'`);
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
      if (error instanceof Error && MISSING.includes(error.message)) error.message += HINT;
      throw error;
    }
  };
  Object.defineProperty(host, WRAPPED, { value: true });
}
