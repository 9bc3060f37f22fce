/** Reads a saved LayersModel, and checks that all of it is there: the JSON, and every shard in its full length. No tfjs. */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { modelPath } from '../convert/walk_topology';
import { CommandError, messageOf } from './command_error';

/** One weight, as a manifest has it. */
interface ManifestWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}
interface ManifestGroup {
  readonly paths: readonly string[];
  readonly weights: readonly ManifestWeight[];
}

/** A model.json that was read and understood. */
export interface ModelFile {
  /** Absolute. */
  readonly path: string;
  readonly folder: string;
  readonly file: string;
  readonly text: string;
  readonly json: Record<string, unknown>;
  readonly groups: readonly ManifestGroup[];
}

const BYTES: Record<string, number> = { float32: 4, int32: 4, uint16: 2, float16: 2, uint8: 1, bool: 1, complex64: 8 };

/** @throws CommandError if it is missing, broken or of an unknown format */
export async function readModelFile(given: string): Promise<ModelFile> {
  const path = resolve(given);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${given}: ${REASONS[error.code ?? ''] ?? error.message}`);
  });
  const json = parsed(given, text);
  try {
    modelPath(given, json);
  } catch (error) {
    throw new CommandError(messageOf(error));
  }
  return {
    path,
    text,
    json,
    folder: dirname(path),
    file: basename(path),
    groups: groupsOf(given, json.weightsManifest),
  };
}

/** The shards' paths, relative to the model's folder, once each. @throws CommandError unless all are there in full */
export async function checkedShards({ groups, folder }: ModelFile): Promise<string[]> {
  for (const { paths, weights } of groups) {
    const sizes = await Promise.all(
      paths.map(async (path) => {
        const found = await stat(join(folder, path)).catch(() => null);
        if (!found?.isFile()) throw new CommandError(`${join(folder, path)}: this part of the weights is missing`);
        return found.size;
      }),
    );
    const [wanted, got] = [sum(weights.map(bytesOf)), sum(sizes)];
    // The length of strings is known only by reading them.
    if (weights.every(({ dtype }) => dtype in BYTES) && wanted !== got) {
      throw new CommandError(
        `${paths.map((path) => join(folder, path)).join(', ')}: expected ${wanted} bytes of weights, ` +
          `as the manifest says; got ${got}`,
      );
    }
  }
  return [...new Set(groups.flatMap(({ paths }) => paths))];
}

/** Weights as tfjs wants them; where `read` is false, zeros in their place. */
export async function weightArtifacts(
  { groups, folder }: ModelFile,
  read: boolean,
): Promise<{ weightSpecs: object[]; weightData: ArrayBuffer }> {
  const weights = groups.flatMap((group) => group.weights);
  if (!read) return { weightSpecs: [...weights], weightData: new ArrayBuffer(sum(weights.map(bytesOf))) };
  const parts = await Promise.all(groups.flatMap(({ paths }) => paths).map((path) => readFile(join(folder, path))));
  const whole = Buffer.concat(parts);
  return {
    weightSpecs: [...weights],
    weightData: whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength),
  };
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder; name the model.json in it',
  EACCES: 'it may not be read',
};

function parsed(given: string, text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new CommandError(
      `${given}: this is no JSON, or only a part of it (${messageOf(error).split('\n')[0].slice(0, 120)})`,
    );
  }
}

function groupsOf(given: string, manifest: unknown): ManifestGroup[] {
  if (manifest === undefined) return [];
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
  const outside = manifest
    .flatMap(({ paths }) => paths)
    .find((path) => isAbsolute(path) || normalize(path).startsWith('..'));
  if (outside !== undefined)
    throw new CommandError(`${given}: expected weights beside the model; got the path '${outside}'`);
  return manifest;
}

function isWeight(weight: unknown): weight is ManifestWeight {
  const { name, shape, dtype } = (weight ?? {}) as Partial<Record<keyof ManifestWeight, unknown>>;
  return (
    typeof name === 'string' &&
    typeof dtype === 'string' &&
    Array.isArray(shape) &&
    shape.every((size) => Number.isSafeInteger(size))
  );
}

function bytesOf({ shape, dtype, quantization }: ManifestWeight): number {
  return shape.reduce((a, b) => a * b, 1) * (BYTES[quantization?.dtype ?? dtype] ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
