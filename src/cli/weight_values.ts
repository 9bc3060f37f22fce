/** The weights of a saved LayersModel as numbers, quantized ones restored. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasBytes, weightBytes } from '../convert/weight_bytes';
import { CommandError } from './command_error';
import type { ModelFile } from './model_file';

/** One weight. */
export interface WeightValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  /** Little endian, four bytes an element, of bool one. */
  readonly bytes: Uint8Array;
}

/** How a manifest says that numbers were made small. */
interface Quantization {
  readonly dtype: string;
  readonly scale?: number;
  readonly min?: number;
}

/** @throws CommandError for types that Keras has no weights of. */
export async function readWeightValues({ groups, folder, given }: ModelFile): Promise<WeightValue[]> {
  const values: WeightValue[] = [];
  for (const { paths, weights } of groups) {
    const whole = Buffer.concat(await Promise.all(paths.map((path) => readFile(join(folder, path)))));
    let at = 0;
    for (const weight of weights) {
      const { name, shape, dtype } = weight;
      const quantization = weight.quantization;
      const stored = quantization?.dtype ?? dtype;
      if (
        (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') ||
        !hasBytes(stored) ||
        stored === 'complex64'
      ) {
        throw new CommandError(`${given}: weight '${name}' is of dtype '${stored}', which Keras has no weights of`);
      }
      const end = at + weightBytes(weight);
      const bytes = whole.subarray(at, end);
      at = end;
      // tfjs writes optimizers along with the model; Keras makes its own.
      if ((weight as { group?: string }).group === 'optimizer') continue;
      values.push({ name, shape, dtype, bytes: quantization ? restored(bytes, weight, quantization) : bytes });
    }
  }
  return values;
}

/** tfjs: `value * scale + min`, in float32; of integers rounded. */
function restored(
  bytes: Buffer,
  { dtype, shape }: Pick<WeightValue, 'shape'> & { readonly dtype: string },
  { dtype: stored, scale = 1, min = 0 }: Quantization,
): Uint8Array {
  const size = shape.reduce((a, b) => a * b, 1);
  const read = (i: number) =>
    stored === 'uint8' ? bytes[i]! : stored === 'uint16' ? bytes.readUInt16LE(2 * i) : halfAt(bytes, 2 * i);
  const values = Array.from({ length: size }, (_, i) => (stored === 'float16' ? read(i) : read(i) * scale + min));
  const made = dtype === 'int32' ? Int32Array.from(values, Math.round) : Float32Array.from(values);
  return new Uint8Array(made.buffer);
}

/** A number of 16 bits, IEEE 754. */
function halfAt(bytes: Buffer, at: number): number {
  const bits = bytes.readUInt16LE(at);
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
