/** `convert model.keras OUT/ --to tfjs`: a model that Keras saved, as a model.json with its weights. */
import { join } from 'node:path';
import { fromKeras } from '../keras/from_keras';
import type { KerasPooling } from '../keras/keras_pooling';
import { checkLoads } from './check_loads';
import { CommandError, messageOf } from './command_error';
import { readKerasFile } from './keras_file';
import { weightsOf } from './keras_weights';
import { modelFileOf } from './model_file';
import { writeFolder } from './write_folder';

/** What to print. @throws CommandError; then nothing is written */
export async function fromKerasCommand(
  input: string,
  output: string,
  { pooling, force }: { readonly pooling: KerasPooling; readonly force: boolean },
): Promise<string> {
  const file = await readKerasFile(input);
  const topology = topologyOf(input, file.json, pooling);
  const weights = weightsOf(input, file);
  const specs = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const document = {
    format: 'layers-model',
    generatedBy: 'keras',
    convertedBy: 'tfjs-im2col-pooling',
    modelTopology: topology,
    weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
  };
  const text = JSON.stringify(document);
  const model = modelFileOf({ given: input, path: input, folder: '', file: 'model.json', text, json: document });
  await checkLoads(model, model);
  const bytes = Buffer.concat(
    weights.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  );
  await writeFolder(
    output,
    [
      { path: 'weights.bin', from: { bytes } },
      { path: 'model.json', from: { text } },
    ],
    force,
  );
  const needed = pooling === 'im2col' ? `; tfjs-im2col-pooling must be imported before it is loaded` : '';
  return `${join(output, 'model.json')}: ${weights.length} weights in weights.bin${needed}\n`;
}

function topologyOf(input: string, json: unknown, pooling: KerasPooling): object {
  try {
    return fromKeras(input, json, { pooling });
  } catch (error) {
    throw new CommandError(messageOf(error).replace(/\.$/, ''));
  }
}
