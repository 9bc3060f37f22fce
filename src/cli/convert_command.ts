/** `convert IN/model.json OUT/`: pooling layers exchanged in a saved model, its weights copied along. */
import { join } from 'node:path';
import type { ConvertTarget } from '../convert/exchange_layer';
import { topologyChanges } from '../convert/convert_topology';
import { CommandError, messageOf } from './command_error';
import { editJson } from './edit_json';
import { checkedShards, readModelFile } from './model_file';
import { isSameFolder, writeFolder } from './write_folder';

/** The options of the command line. */
export interface ConvertCommandOptions {
  readonly to: ConvertTarget;
  readonly force: boolean;
}

/** What to print. @throws CommandError; then nothing is written */
export async function convertCommand(
  input: string,
  output: string,
  { to, force }: ConvertCommandOptions,
): Promise<string> {
  const model = await readModelFile(input);
  const shards = await checkedShards(model);
  const changes = changesOf(input, model.json, to);
  const inPlace = await isSameFolder(model.folder, output);
  const text = editJson(model.text, changes);
  await writeFolder(
    output,
    [
      ...(inPlace ? [] : shards.map((path) => ({ path, from: { file: join(model.folder, path) } }))),
      { path: model.file, from: { text } },
    ],
    force,
  );
  const exchanged = changes.filter(({ path }) => path[path.length - 1] !== 'config').length;
  const what =
    exchanged === 0
      ? 'there was no pooling layer to exchange'
      : `${exchanged} pooling layer${exchanged === 1 ? '' : 's'} exchanged`;
  return `${join(output, model.file)}: ${what}, ${shards.length} file${shards.length === 1 ? '' : 's'} of weights ${inPlace ? 'left as they are' : 'copied'}\n`;
}

function changesOf(input: string, json: unknown, to: ConvertTarget) {
  try {
    return topologyChanges(input, json, { to });
  } catch (error) {
    throw new CommandError(messageOf(error));
  }
}
