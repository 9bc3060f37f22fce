/** `convert IN/model.json OUT/ --to keras`: a folder with Keras 3's JSON, the weights, and the Python that loads them. */
import { join } from 'node:path';
import type { KerasPooling } from '../keras/keras_pooling';
import { toKeras } from '../keras/to_keras';
import poolingFile from '../keras/python/im2col_pooling.py';
import loadFile from '../keras/python/load.py';
import { CommandError, messageOf } from './command_error';
import { kerasWeights } from './keras_names';
import { checkedShards, readModelFile } from './model_file';
import { npzOf } from './npz';
import { readWeightValues } from './weight_values';
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
