/** numpy's files: .npy of one array, .npz of several. */
import { zipSync } from 'fflate';
import type { WeightValue } from './weight_values';

/** What numpy calls the types, in little endian. */
const DESCRIPTIONS = { float32: '<f4', int32: '<i4', bool: '|b1' } as const;

/** A file that `numpy.load` reads, the same bytes for the same arrays. */
export function npzOf(arrays: readonly WeightValue[]): Uint8Array {
  const files = Object.fromEntries(arrays.map((array) => [`${array.name}.npy`, npyOf(array)]));
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) });
}

/** Format version 1.0: a magic word, the length of the header, the header as a Python dictionary. */
function npyOf({ shape, dtype, bytes }: WeightValue): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${DESCRIPTIONS[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Data begins at a multiple of 64.
  const header = Buffer.from(`${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, header, bytes]);
}
