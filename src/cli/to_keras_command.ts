/** `convert IN/model.json OUT/ --to keras`: a folder with Keras 3's JSON, the weights, and the Python that loads them. */
import { join } from 'node:path';
import { findLayers } from '../convert/walk_topology';
import { kerasWeightName } from '../keras/keras_layers';
import type { KerasPooling } from '../keras/keras_pooling';
import { toKeras } from '../keras/to_keras';
import poolingFile from '../keras/python/im2col_pooling.py';
import loadFile from '../keras/python/load.py';
import { CommandError, messageOf } from './command_error';
import { checkedShards, readModelFile } from './model_file';
import { npzOf } from './npz';
import { type WeightValue, readWeightValues } from './weight_values';
import { type FileToWrite, writeFolder } from './write_folder';

/** What to print. @throws CommandError; then nothing is written */
export async function toKerasCommand(
  input: string,
  output: string,
  { pooling, force }: { readonly pooling: KerasPooling; readonly force: boolean },
): Promise<string> {
  const model = await readModelFile(input);
  await checkedShards(model);
  const converted = kerasOf(input, model.json, pooling);
  const weights = kerasWeights(input, converted, await readWeightValues(model));
  const needsOwnFile = pooling === 'im2col';
  const files: FileToWrite[] = [
    { path: 'weights.npz', from: { bytes: npzOf(weights) } },
    ...(needsOwnFile ? [{ path: 'im2col_pooling.py', from: { text: poolingFile } }] : []),
    { path: 'load.py', from: { text: needsOwnFile ? withOwnLayers(loadFile) : loadFile } },
    { path: 'config.json', from: { text: `${JSON.stringify(converted)}\n` } },
  ];
  await writeFolder(output, files, force);
  return `${join(output, 'config.json')}: ${weights.length} weights in weights.npz; load.py loads the model in Keras 3\n`;
}

function kerasOf(input: string, json: unknown, pooling: KerasPooling): object {
  try {
    return toKeras(input, json, { pooling });
  } catch (error) {
    const hint = pooling === 'builtin' ? `; --pooling im2col keeps this package's layers` : '';
    throw new CommandError(messageOf(error).replace(/\.?$/, hint));
  }
}

/** Importing our layers registers them. */
function withOwnLayers(text: string): string {
  return text
    .replace('Needs keras and numpy.', 'Needs keras, numpy and im2col_pooling.py beside it.')
    .replace('import os\n', 'import os\nimport sys\n')
    .replace(/(FOLDER = .*\n)/, '$1sys.path.insert(0, FOLDER)\nimport im2col_pooling  # registers its layers\n');
}

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
    const own = parts[parts.length - 1].replace(/_\d+$/, '');
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
