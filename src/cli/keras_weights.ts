/** The weights of a model that Keras saved, as tfjs names them. */
import { type JsonObject, modelPath, valueAt } from '../convert/walk_topology';
import { CommandError } from './command_error';
import type { KerasFile, StoredArray } from './keras_file';
import { variablesOf } from './keras_variables';

/** One weight of tfjs. */
export interface NamedArray extends Omit<StoredArray, 'path'> {
  readonly name: string;
}

/** The model's variables in tfjs's names, with the file's numbers. @throws CommandError where one is missing */
export function weightsOf(input: string, { json, isByPlace, arrays }: KerasFile): NamedArray[] {
  const byKey = new Map(arrays.map((array) => [array.path.join('/'), array] as const));
  const variables = variablesOf(valueAt(json, modelPath(input, json)) as JsonObject);
  const weights = variables.map(({ place, owner, own, name }) => {
    const found = isByPlace ? byKey.get(place) : named(arrays, owner, own, name);
    if (found === undefined)
      throw new CommandError(`${input}: expected the weight '${name}' (${place}) in the file; it is not there`);
    return { name, shape: found.shape, values: found.values };
  });
  const twice = weights.find(({ name }, i) => weights.findIndex((other) => other.name === name) !== i);
  if (twice)
    throw new CommandError(
      `${input}: expected each weight once; got '${twice.name}' twice, of layers of the same name`,
    );
  return weights;
}

/** By the variable's own name under the layer's; between them a file may have the layer that is in a wrapper, or a cell. */
function named(arrays: KerasFile['arrays'], owner: string, own: string, name: string) {
  const owns = [own, name.slice(name.lastIndexOf('/') + 1)];
  return arrays.find(({ path }) => owns.includes(path[path.length - 1]!) && path.includes(owner));
}
