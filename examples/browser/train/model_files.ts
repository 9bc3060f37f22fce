/** In the worker: the files of a model as the reader chose them, checked before anything is made of them. */
import type { io } from '@tensorflow/tfjs-core';
import { hasBytes, weightBytes } from '../../../src/convert/weight_bytes';

/** In bytes: this page's own networks have 2 MB, and 5 MB with the state of their optimizer. */
const LARGEST_JSON = 4e6;
const LARGEST_WEIGHTS = 64e6;
type Json = Readonly<Record<string, unknown>>;
interface Group {
  readonly paths: readonly string[];
  readonly weights: readonly io.WeightsManifestEntry[];
}

/** @throws Error in words for the reader */
export async function readModelFiles(files: readonly File[]): Promise<io.ModelArtifacts> {
  const jsons = files.filter(({ name }) => /\.json$/i.test(name));
  const weights = files.filter((file) => !jsons.includes(file));
  if (jsons.length !== 1 || weights.length === 0)
    throw new Error(
      `A model is two files, model.json and its weights: choose both at once. Got: ${listed(files.map(({ name }) => name))}.`,
    );
  const [file] = jsons;
  refuseLarge(file.name, file.size, LARGEST_JSON);
  refuseLarge(
    listed(weights.map(({ name }) => name)),
    weights.reduce((total, { size }) => total + size, 0),
    LARGEST_WEIGHTS,
  );
  const json = layersModelOf(file.name, await textOf(file));
  const groups = groupsOf(file.name, json.weightsManifest);
  const shards = groups.map((group) => shardsOf(group, weights));
  const { modelTopology, trainingConfig, userDefinedMetadata } = json;
  return {
    modelTopology: modelTopology as object,
    ...(isObject(trainingConfig) && { trainingConfig: trainingConfig as object as io.TrainingConfig }),
    ...(isObject(userDefinedMetadata) && { userDefinedMetadata: userDefinedMetadata as Record<string, object> }),
    weightSpecs: groups.flatMap((group) => group.weights),
    weightData: await new Blob(shards.flat()).arrayBuffer().catch(() => unreadable('The weights')),
  };
}

function refuseLarge(name: string, bytes: number, most: number): void {
  if (bytes > most)
    throw new Error(
      `${name}: ${(bytes / 1e6).toFixed(1)} MB are too many. Expected at most ${most / 1e6} MB; the networks of this page have 5.`,
    );
}

function textOf(file: File): Promise<string> {
  return file.text().catch(() => unreadable(file.name));
}

/** It was moved, deleted or locked since it was chosen. */
function unreadable(name: string): never {
  throw new Error(`${name} cannot be read any more: choose the files again.`);
}

function layersModelOf(name: string, text: string): Json {
  const json = parsed(name, text);
  if (!isObject(json)) throw new Error(`${name} is no model: expected a JSON object.`);
  const { format, modelTopology } = json;
  if (format === 'graph-model' || (isObject(modelTopology) && 'node' in modelTopology))
    throw new Error(`${name} is a GraphModel: a graph of operations cannot be trained. Expected a LayersModel.`);
  if (!isObject(modelTopology)) throw new Error(`${name} is no model of TensorFlow.js: it has no modelTopology.`);
  return json;
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const isHtml = /^\s*</.test(text);
    throw new Error(
      `${name} is no JSON${isHtml ? ': it is a web page (HTML), perhaps what a server said in its place' : ', or only a part of it'}.`,
    );
  }
}

function groupsOf(name: string, manifest: unknown): Group[] {
  const isGroup = (group: unknown): group is Group =>
    isObject(group) &&
    Array.isArray(group.paths) &&
    group.paths.every((path) => typeof path === 'string') &&
    Array.isArray(group.weights);
  if (!Array.isArray(manifest) || manifest.length === 0 || !manifest.every(isGroup))
    throw new Error(
      `${name} does not say which weights it has: expected a weightsManifest, a list of {paths, weights}.`,
    );
  manifest.flatMap(({ weights }) => weights).forEach((weight, i) => checkWeight(name, weight, i));
  return manifest;
}

function checkWeight(file: string, weight: unknown, i: number): void {
  const { name, shape, dtype } = isObject(weight) ? weight : ({} as Json);
  if (typeof name !== 'string') throw new Error(`${file}: weight ${i} has no name.`);
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw new Error(`${file}: the weight ${short(name)} has no shape.`);
  if (!hasBytes(dtype)) throw new Error(`${file}: unknown dtype ${short(String(dtype))} of the weight ${short(name)}.`);
}

/** The files of a group, in the order of its paths; their length is that of the group's weights. */
function shardsOf({ paths, weights }: Group, files: readonly File[]): File[] {
  const fileOf = (path: string) => files.find(({ name }) => name === path.split(/[\\/]/).pop());
  const missing = paths.filter((path) => !fileOf(path));
  // Browsers call a second download "weights (1).bin".
  const isRenamed = paths.length === 1 && files.length === 1;
  if (missing.length > 0 && !isRenamed)
    throw new Error(`Weights are missing: choose ${listed(missing)} along with model.json.`);
  const shards = isRenamed ? [...files] : paths.map((path) => fileOf(path)!);
  const [wanted, got] = [sum(weights.map(weightBytes)), sum(shards.map(({ size }) => size))];
  if (wanted !== got)
    throw new Error(
      `${listed(shards.map(({ name }) => name))}: expected ${wanted} bytes of weights, as model.json says; got ${got}.`,
    );
  return shards;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const short = (name: string) => (name.length > 40 ? `${name.slice(0, 37)}…` : name);

function listed(names: readonly string[]): string {
  const few = names.slice(0, 4).map(short).join(', ');
  return names.length > 4 ? `${few} and ${names.length - 4} more` : few || 'none';
}
