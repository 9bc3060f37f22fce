/** Reads a saved LayersModel, and checks that all of it is there: the JSON, and every shard in its full length. No tfjs. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, normalize, relative, sep, win32 } from 'node:path';
import { hasBytes, weightBytes } from '../convert/weight_bytes';
import { modelPath } from '../convert/walk_topology';
import { mapTuple } from '../map_tuple';
import { CommandError, messageOf, oneLine, printable } from './command_error';
import { type JsonFile, readJsonFile } from './json_file';

/** One weight, as a manifest has it. */
interface ManifestWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string } | null;
}
interface ManifestGroup {
  readonly paths: readonly string[];
  readonly weights: readonly ManifestWeight[];
}

/** A model.json that was read and understood. */
export interface ModelFile extends JsonFile {
  readonly json: Record<string, unknown>;
  readonly groups: readonly ManifestGroup[];
}

/** @throws CommandError if it is missing, broken or of an unknown format */
export async function readModelFile(given: string): Promise<ModelFile> {
  return modelFileOf(await readJsonFile(given));
}

/** @throws CommandError if it is not a LayersModel */
export function modelFileOf(file: JsonFile): ModelFile {
  try {
    modelPath(file.given, file.json);
  } catch (error) {
    throw new CommandError(messageOf(error));
  }
  const json = file.json as Record<string, unknown>;
  return { ...file, json, groups: groupsOf(file.given, json.weightsManifest) };
}

/** The shards' paths, relative to the model's folder, once each. @throws CommandError unless all are there in full */
export async function checkedShards(model: ModelFile): Promise<string[]> {
  for (const { paths, weights } of model.groups) {
    const sizes = await Promise.all(paths.map((path) => checkedSize(model, path)));
    const [wanted, got] = [sum(weights.map(weightBytes)), sum(sizes)];
    if (weights.every(({ dtype }) => dtype !== 'string') && wanted !== got) {
      throw new CommandError(
        `${oneLine(paths.map((path) => join(model.folder, path)).join(', '))}: expected ${wanted} bytes of weights, ` +
          `as the manifest says; got ${got}`,
      );
    }
  }
  return [...new Set(model.groups.flatMap(({ paths }) => paths.map(normalize)))];
}

/** The size of a shard, which has to be a file in the model's folder, and not the model itself. */
async function checkedSize({ folder, path: model }: ModelFile, path: string): Promise<number> {
  const shard = join(folder, path);
  const refuse = (why: string) => new CommandError(`${printable(shard)}: ${why}`);
  const found = await stat(shard).catch(() => null);
  if (found === null) throw refuse('this part of the weights is missing');
  if (!found.isFile()) throw refuse('this part of the weights is no regular file');
  const [realFolder, realShard, realModel] = await Promise.all(
    mapTuple([folder, shard, model], (one) => realpath(one)),
  );
  if (realShard === realModel) throw refuse('expected weights; got the model.json itself');
  const inside = relative(realFolder, realShard);
  if (inside === '..' || inside.startsWith(`..${sep}`) || win32.isAbsolute(inside)) {
    throw refuse(`this part of the weights is a link out of the model's folder, to ${realShard}`);
  }
  return found.size;
}

/** Weights as tfjs wants them; where `read` is false, zeros in their place. */
export async function weightArtifacts(
  { groups, folder, given }: ModelFile,
  read: boolean,
): Promise<{ weightSpecs: object[]; weightData: ArrayBuffer }> {
  const weights = groups.flatMap((group) => group.weights);
  if (!read) return { weightSpecs: [...weights], weightData: zeros(given, sum(weights.map(weightBytes))) };
  const parts = await Promise.all(groups.flatMap(({ paths }) => paths).map((path) => readFile(join(folder, path))));
  const whole = Buffer.concat(parts);
  return {
    weightSpecs: [...weights],
    weightData: whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength),
  };
}

/** tfjs in Node makes no tensors of more weights. */
const MOST_BYTES = 2 ** 32;

function zeros(given: string, bytes: number): ArrayBuffer {
  if (bytes > MOST_BYTES) {
    throw new CommandError(
      `${given}: expected weights of at most ${MOST_BYTES} bytes; got ${bytes}, as the manifest says`,
    );
  }
  return new ArrayBuffer(bytes);
}

function groupsOf(given: string, manifest: unknown): ManifestGroup[] {
  if (manifest == null) return [];
  const isGroup = (group: unknown): group is ManifestGroup => {
    const { paths, weights } = (group ?? {}) as Partial<Record<keyof ManifestGroup, unknown>>;
    return (
      Array.isArray(paths) &&
      paths.every((path) => typeof path === 'string') &&
      Array.isArray(weights) &&
      weights.every(isWeight)
    );
  };
  if (!Array.isArray(manifest) || !manifest.every(isGroup)) {
    throw new CommandError(`${given}: its weightsManifest is not a list of {paths, weights}`);
  }
  for (const path of manifest.flatMap(({ paths }) => paths)) checkPath(given, path);
  for (const weight of manifest.flatMap(({ weights }) => weights)) checkDtype(given, weight);
  return manifest;
}

/** Backslashes part folders on Windows and in URLs. */
function checkPath(given: string, path: string): void {
  const leaves = win32.isAbsolute(path) || normalize(path).split(sep)[0] === '..' || /^[a-z][\w+.-]*:\/\//i.test(path);
  const isOdd = path === '' || path.includes('\0') || path.includes('\\');
  if (leaves || isOdd) {
    throw new CommandError(`${given}: expected weights beside the model; got the path '${oneLine(path)}'`);
  }
}

function checkDtype(given: string, { name, dtype, quantization }: ManifestWeight): void {
  const unknown = [dtype, quantization?.dtype ?? dtype].find((one) => one !== 'string' && !hasBytes(one));
  if (unknown !== undefined) {
    throw new CommandError(`${given}: unknown dtype '${oneLine(unknown)}' of weight '${oneLine(name)}'`);
  }
}

function isWeight(weight: unknown): weight is ManifestWeight {
  const { name, shape, dtype } = (weight ?? {}) as Partial<Record<keyof ManifestWeight, unknown>>;
  return (
    typeof name === 'string' &&
    typeof dtype === 'string' &&
    Array.isArray(shape) &&
    shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
