/** Reads a model that Keras saved: a .keras file (a zip with JSON and HDF5), or an HDF5 file of Keras 2 or 3. */
import { unzipSync } from 'fflate';
import { Dataset, File as Hdf5File, type Group } from 'jsfive';
import { CommandError, messageOf, oneLine } from './command_error';
import { readBytes } from './read_bytes';

/** An array in the file: its path, the parts of which name layers, and its numbers. */
export interface StoredArray {
  readonly path: readonly string[];
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A model that was read. */
export interface KerasFile {
  readonly json: unknown;
  /** By place (layers/dense/vars/0), as .keras files have it; or by name (dense/kernel). */
  readonly isByPlace: boolean;
  readonly arrays: readonly StoredArray[];
}

const MOST_BYTES = 2 ** 31 - 1;

/** @throws CommandError if it is missing, broken or something else */
export async function readKerasFile(given: string): Promise<KerasFile> {
  const bytes = await readBytes(
    given,
    given,
    ({ size }) => size > MOST_BYTES && `expected at most 2 GiB; got ${size} bytes`,
  );
  try {
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) return ofZip(given, bytes);
    if (bytes[0] === 0x89 && bytes[1] === 0x48) return ofHdf5(given, bytes);
  } catch (error) {
    throw error instanceof CommandError
      ? error
      : new CommandError(`${given}: this file is broken, or of an unknown kind (${oneLine(messageOf(error))})`);
  }
  throw new CommandError(`${given}: expected a model that Keras saved (.keras or .h5); got something else`);
}

function ofZip(given: string, bytes: Uint8Array): KerasFile {
  const files = unzipSync(bytes);
  const [config, weights] = [files['config.json'], files['model.weights.h5']];
  if (config === undefined || weights === undefined) {
    throw new CommandError(
      `${given}: expected config.json and model.weights.h5 in the archive; got ${oneLine(Object.keys(files).join(', '))}`,
    );
  }
  const json = JSON.parse(Buffer.from(config).toString('utf8')) as unknown;
  return { json, isByPlace: true, arrays: arraysIn(given, openHdf5(weights), []) };
}

function ofHdf5(given: string, bytes: Uint8Array): KerasFile {
  const file = openHdf5(bytes);
  const config: unknown = file.attrs.model_config;
  const root = file.keys.includes('model_weights') ? file.get('model_weights') : undefined;
  if (typeof config !== 'string' || root === undefined) {
    throw new CommandError(
      `${given}: expected a whole model; got weights alone (save it with model.save, not save_weights)`,
    );
  }
  return { json: JSON.parse(config), isByPlace: false, arrays: arraysIn(given, root as Group, []) };
}

function openHdf5(bytes: Uint8Array): Hdf5File {
  const copy = bytes.slice();
  return new Hdf5File(copy.buffer, 'weights.h5');
}

function arraysIn(given: string, group: Group, path: readonly string[]): StoredArray[] {
  return group.keys.flatMap((key) => {
    const item = group.get(key) as Group | Dataset;
    // 'kernel:0' is TensorFlow's way to write 'kernel'.
    const here = [...path, key.replace(/:0$/, '')];
    if (!(item instanceof Dataset)) return arraysIn(given, item, here);
    // Optimizers and seeds; of layers' weights tfjs has float32 alone.
    if (!/^[<>]?f[248]$/.test(String(item.dtype))) return [];
    return [{ path: here, shape: [...item.shape], values: Float32Array.from(item.value as ArrayLike<number>) }];
  });
}
