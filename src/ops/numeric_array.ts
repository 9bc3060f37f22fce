/** Arrays that may stand for tensors. tfjs takes more than numbers, and what it refuses, it refuses without a name. */
import type { TensorLike } from '@tensorflow/tfjs-core';
import { isArray, isReadable } from '../show';

/** The typed arrays that tfjs makes tensors of. They may come from another realm, whose classes are others. */
const TYPED = ['Float32Array', 'Int32Array', 'Uint8Array', 'Uint8ClampedArray'];

/** Whether a value is a typed array, or an array of numbers, nested evenly. */
export function isNumeric(value: unknown, integers: boolean): value is TensorLike {
  if (!isReadable(value)) return false;
  if (!Array.isArray(value)) return isTyped(value, integers);
  return lengthsOf(value, integers) !== undefined;
}

/** The most axes that tfjs's tensors have. */
const MOST_AXES = 6;

/** The shape of an array; undefined where it is uneven, too deep (or in itself), or holds anything but numbers. */
function lengthsOf(value: unknown, integers: boolean, axes = MOST_AXES): readonly number[] | undefined {
  if (typeof value === 'number') return integers && !Number.isInteger(value) ? undefined : [];
  if (isTyped(value, integers)) return [value.length];
  if (axes === 0 || !isArray(value)) return undefined;
  let inner: readonly number[] | undefined = [];
  // Not `every`, which leaves out what a sparse array lacks.
  for (let i = 0; i < value.length; i++) {
    const lengths = lengthsOf(value[i], integers, axes - 1);
    if (lengths === undefined || (i > 0 && lengths.join() !== inner.join())) return undefined;
    inner = lengths;
  }
  return [value.length, ...inner];
}

function isTyped(value: unknown, integers: boolean): value is ArrayLike<number> {
  if (!ArrayBuffer.isView(value)) return false;
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return (
    TYPED.includes(kind) && !(integers && kind === 'Float32Array' && !(value as Float32Array).every(Number.isInteger))
  );
}
