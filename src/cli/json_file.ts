/** Reads a JSON file as users name it; what is no JSON is told by its kind, with what to do. */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CommandError, messageOf } from './command_error';
import { readBytes } from './read_bytes';

/** A file of JSON that was read. */
export interface JsonFile {
  /** As the user named it. */
  readonly given: string;
  /** Absolute. */
  readonly path: string;
  readonly folder: string;
  readonly file: string;
  /** Without a byte order mark. */
  readonly text: string;
  readonly json: unknown;
}

/** No topology is larger. A JavaScript string ends at twice that. */
const MOST_MEGABYTES = 256;
const CONVERTER = 'tensorflowjs_converter (pip install tensorflowjs)';
const TO_TFJS = 'convert it to a model.json with `tfjs-im2col-pooling convert FILE FOLDER --to tfjs`';

/** @throws CommandError if it is missing, or something else */
export async function readJsonFile(given: string): Promise<JsonFile> {
  const path = checkedPath(given);
  const text = textOf(given, await readBytes(given, path, (found) => refusal(path, found)));
  return { given, path, text, json: parsed(given, text), folder: dirname(path), file: basename(path) };
}

function checkedPath(given: string): string {
  if (given === '' || given.includes('\0')) throw new CommandError(`'${given}': this is no path of a file`);
  return resolve(given);
}

async function refusal(path: string, found: Stats): Promise<string | false> {
  if (found.isDirectory()) return folderText(path);
  const megabytes = Math.ceil(found.size / 2 ** 20);
  return megabytes > MOST_MEGABYTES && `expected a model.json of at most ${MOST_MEGABYTES} MiB; got ${megabytes} MiB`;
}

/** A folder has a model.json, or is another format. */
async function folderText(path: string): Promise<string> {
  const has = (name: string) =>
    stat(join(path, name)).then(
      () => true,
      () => false,
    );
  if (await has('saved_model.pb')) {
    return `this is a SavedModel; convert it to a model.json with ${CONVERTER}`;
  }
  return `this is a folder; name the model.json in it`;
}

/** Files that begin so are no JSON, and what they are. */
const KINDS: ReadonlyArray<readonly [start: readonly number[], kind: string]> = [
  [[0x89, 0x48, 0x44, 0x46], `an HDF5 file (.h5), as Keras saves models; ${TO_TFJS}`],
  [[0x50, 0x4b], 'a zip archive; unpack it, and name the model.json in it'],
  [[0x1f, 0x8b], 'a gzip archive; unpack it, and name the model.json in it'],
  [[0xff, 0xfe], 'text in UTF-16; save it in UTF-8'],
  [[0xfe, 0xff], 'text in UTF-16; save it in UTF-8'],
];

function textOf(given: string, bytes: Buffer): string {
  if (bytes.length === 0) throw new CommandError(`${given}: this file is empty`);
  const kind = KINDS.find(([start]) => start.every((byte, i) => bytes[i] === byte))?.[1];
  if (kind?.startsWith('a zip') && /\.keras$/i.test(given)) {
    throw new CommandError(`${given}: this is a .keras file; ${TO_TFJS}`);
  }
  if (kind !== undefined) throw new CommandError(`${given}: this is ${kind}`);
  // In UTF-16, every other byte of JSON is 0.
  if (bytes[0] === 0 || bytes[1] === 0) {
    throw new CommandError(`${given}: this is no JSON in UTF-8, but text in UTF-16 or binary data`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(`${given}: this is no JSON, but binary data or text that is not UTF-8`);
  }
}

function parsed(given: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(
      `${given}: this is no JSON, or only a part of it (${messageOf(error).split('\n')[0]!.slice(0, 120)})`,
    );
  }
}
