/**
 * Handing the argmax from a kernel to its gradient.
 *
 * While the engine records, it saves those inputs and outputs of a kernel that the gradient's config names. The
 * argmax is neither: tf.maxPool's kernel has one output. So it becomes an input that only the engine sees: a property of
 * the inputs that is not enumerable, and so no input of the tape's node. Only the argmax is kept; not x, not y.
 */
import { type NamedAttrMap, type NamedTensorInfoMap, type Tensor, engine } from '@tensorflow/tfjs-core';
import type { MaxPooling } from './max_attributes';

/** What `inputsToSave` of a gradient names. */
export const ARGMAX_INPUT = 'im2colArgmax';

/**
 * By the attributes of a call, which its gradient gets as well: operations make them anew for each call. (What the engine
 * saves is a clone, and on wasm a clone has data of its own: it cannot be the key.) Attributes that somebody uses again for
 * an x of another shape, between forward and backward, are an error of the engine: the gradient has the wrong shape.
 */
const poolings = new WeakMap<object, MaxPooling>();

/** Whether the engine records the kernel that runs now. `isTapeOn` says no within any kernel. */
export function isRecorded(): boolean {
  const { gradientDepth, kernelDepth } = engine().state;
  return gradientDepth > 0 && kernelDepth === 1;
}

/** To be called last in a kernel that {@link isRecorded}; the engine disposes of the argmax with its scope. */
export function recordArgmax(
  { inputs, attrs }: { inputs: NamedTensorInfoMap; attrs?: NamedAttrMap },
  argmax: Tensor,
  pooling: MaxPooling,
): void {
  poolings.set(attrs!, pooling);
  Object.defineProperty(inputs, ARGMAX_INPUT, { value: argmax, enumerable: false, configurable: true });
  // Under test the engine takes any data but the outputs for a leak, unless it was moved here meanwhile: say it was.
  const { numDataMovesStack } = engine().state;
  if (numDataMovesStack.length > 0) numDataMovesStack[numDataMovesStack.length - 1]!++;
}

/** The pooling of the call that these belong to, or undefined where {@link recordArgmax} was not part of it. */
export function recordedPooling(saved: Tensor[], attrs: NamedAttrMap): MaxPooling | undefined {
  const [argmax] = saved;
  const isArgmax = saved.length === 1 && (argmax?.dtype === 'int32' || argmax?.dtype === 'bool');
  return isArgmax ? poolings.get(attrs) : undefined;
}
