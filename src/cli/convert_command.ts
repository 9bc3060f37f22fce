/** `convert IN/model.json OUT/`: pooling layers exchanged in a saved model, its weights copied along. */
import { join } from 'node:path';
import { type TopologyChange, topologyChanges } from '../convert/convert_topology';
import type { ConvertTarget } from '../convert/exchange_layer';
import { replaceAll } from '../convert/walk_topology';
import { checkLoads } from './check_loads';
import { CommandError, messageOf, printable } from './command_error';
import { editJson } from './edit_json';
import { type ModelFile, checkedShards, readModelFile } from './model_file';
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
  if (output === '' || output.includes('\0'))
    throw new CommandError(`'${printable(output)}': this is no path of a folder`);
  const model = await readModelFile(input);
  const shards = await checkedShards(model);
  const changes = changesOf(input, model.json, to);
  const converted = edited(model, changes);
  await checkLoads(model, converted);
  const inPlace = await isSameFolder(model.folder, output);
  await writeFolder(
    output,
    [
      ...(inPlace ? [] : shards.map((path) => ({ path, from: { file: join(model.folder, path) } }))),
      { path: model.file, from: { text: converted.text } },
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

function changesOf(input: string, json: unknown, to: ConvertTarget): TopologyChange[] {
  try {
    return topologyChanges(input, json, { to });
  } catch (error) {
    throw new CommandError(messageOf(error));
  }
}

function edited(model: ModelFile, changes: readonly TopologyChange[]): ModelFile {
  const wanted = replaceAll(
    model.json,
    changes.map(({ path, value }) => [path, value]),
  );
  const text = editJson(model.text, changes);
  const json = text === null ? null : (JSON.parse(text) as ModelFile['json']);
  // Where an object has a key twice, a parser takes the last one, and an editor the first.
  if (text === null || json === null || JSON.stringify(json) !== JSON.stringify(wanted)) {
    throw new CommandError(`${model.given}: expected each key of an object once; got one twice`);
  }
  return { ...model, text, json };
}
