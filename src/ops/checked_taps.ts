/**
 * The check of an argmax that the user gives: tap numbers, and not the flat indices of another framework.
 *
 * An argmax of our own forward pass is known to be right, and each other one is read once: known is the data, so a
 * tensor that shares it (a clone, a reshape) is known too. (Data that is changed in place afterwards can name no tap: then it routes nothing.)
 */
import { type Tensor, type TensorLike, engine } from '@tensorflow/tfjs-core';
import { runAreTaps } from '../dispatch';
import { show } from '../show';
import { tensorArgument } from './canonical';
import { coordinates } from './index_formats';
import { isNumeric } from './numeric_array';

/** Backends whose memory the host sees. On a GPU the check would have to wait for the device. */
const HOST_BACKENDS: readonly string[] = ['cpu', 'wasm', 'tensorflow'];

/** By data: all numbers are known to be taps of windows with so many. */
const knownTaps = new WeakMap<object, number>();

/**
 * The argmax that a user gives, as a tensor. Call inside a tidy.
 *
 * @throws Error unless it is an int32 tensor, or an array of such numbers: tfjs would cut fractions off, and wrap around
 *     what is too large
 */
export function argmaxArgument(name: string, argmax: Tensor | TensorLike): Tensor {
  const wrong = isNumeric(argmax, false) ? firstThatIsNoInt32(argmax) : undefined;
  if (wrong) throw new Error(`${name}: expected argmax to hold integers of 32 bit; got ${show(wrong.value)}.`);
  return tensorArgument(name, 'argmax', argmax, ['int32']);
}

/** Notes that all of an argmax lies in [0, taps). */
export function trustTaps(argmax: Tensor, taps: number): void {
  knownTaps.set(argmax.dataId, taps);
}

/**
 * Reads an argmax that is not known yet; int32, or float32 as tfjs-layers makes it of int32 on the way through a
 * nested model.
 *
 * @throws Error, on a backend whose memory the host sees, unless every element is an integer in [0, taps)
 */
export function checkTaps(name: string, argmax: Tensor, taps: number): void {
  const known = knownTaps.get(argmax.dataId);
  if ((known !== undefined && known <= taps) || !HOST_BACKENDS.includes(engine().backendName)) return;
  // Which one is wrong is asked only if one is: the kernel reads an argmax where it lies, in a tenth of the time.
  const areTaps = argmax.dtype === 'int32' && argmax.size > 0 && runAreTaps(argmax, taps);
  if (!areTaps) checkEach(name, argmax, taps);
  trustTaps(argmax, taps);
}

function checkEach(name: string, argmax: Tensor, taps: number): void {
  const values = argmax.dataSync();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const isTap = Number.isInteger(value) && value >= 0 && value < taps;
    if (!isTap) throw new Error(wrongTap(name, taps, value, i, argmax.shape));
  }
}

function firstThatIsNoInt32(numbers: TensorLike): { value: unknown } | undefined {
  for (const value of numbers as Iterable<number | TensorLike>) {
    if (typeof value !== 'number') {
      const wrong = firstThatIsNoInt32(value);
      if (wrong) return wrong;
    } else if ((value | 0) !== value) return { value };
  }
  return undefined;
}

function wrongTap(name: string, taps: number, value: number, i: number, shape: readonly number[]): string {
  return (
    `${name}: expected argmax to hold tap numbers in [0, ${taps}), as maxPoolWithArgmax gives them; ` +
    `got ${value} in argmax[${i}], at ${show(coordinates(shape, i))}. ` +
    `indicesToArgmax makes tap numbers of the flat indices of TensorFlow, PyTorch and ONNX.`
  );
}
