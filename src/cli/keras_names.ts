/** Weights of tfjs under the names that Keras 3 has for them. */
import { findLayers } from '../convert/walk_topology';
import { kerasWeightName } from '../keras/keras_layers';
import { CommandError } from './command_error';
import type { WeightValue } from './weight_values';

/**
 * Under the name of the layer that has it and its own, of which a variable's path in Keras has both: cells of recurrent layers, which
 * files of Keras 2 name in between, are left out.
 */
export function kerasWeights(input: string, model: object, weights: readonly WeightValue[]): WeightValue[] {
  const classes = layerClasses(model);
  const renamed = weights.map((weight) => {
    const parts = weight.name.split('/');
    const owner = parts
      .slice(0, -1)
      .reverse()
      .find((part) => classes.has(part));
    if (owner === undefined)
      throw new CommandError(`${input}: weight '${weight.name}' belongs to no layer of the model`);
    const own = parts[parts.length - 1]!.replace(/_\d+$/, '');
    return { ...weight, name: `${owner}/${kerasWeightName(classes.get(owner), own)}` };
  });
  const names = renamed.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new CommandError(`${input}: expected each weight once; got '${twice}' twice, of layers of the same name`);
  }
  return renamed;
}

/** The layers' classes by name; a wrapper in both directions has its layer twice. */
function layerClasses(model: object): ReadonlyMap<string, string> {
  return new Map(
    findLayers(model).flatMap(({ name, className, path }): Array<[string, string]> => {
      const isInBoth = path[path.length - 1] === 'layer';
      return [
        [name, className],
        ...(isInBoth ? ['forward', 'backward'].map((way): [string, string] => [`${way}_${name}`, className]) : []),
      ];
    }),
  );
}
