/** Finds the layers in a model's configuration, wherever they are: nested models, wrappers, both spellings. */
import { isArray, isReadable } from '../show';
import type { LayerConfig } from './exchange_layer';

/** Where in the JSON something is. */
export type JsonPath = ReadonlyArray<string | number>;
export type JsonObject = Readonly<Record<string, unknown>>;

/** A layer (or model) in a configuration. */
export interface FoundLayer {
  /** The place of the object that has the class name and the configuration. */
  readonly path: JsonPath;
  readonly classKey: 'class_name' | 'className';
  readonly className: string;
  readonly name: string;
  readonly config: LayerConfig;
  /** The calls of the layer in a functional model, if it is in one. */
  readonly calls: unknown;
}

/** A model in a model is four levels of JSON. Deeper ones end in a stack overflow of tfjs or of this package. */
const DEEPEST = 1000;

/**
 * The part of a saved model's JSON that describes its layers: of a whole model.json, of its
 * `modelTopology` (by Keras, with a `model_config`), or of that itself.
 *
 * @throws Error if it is none of these, or too deep
 */
export function modelPath(name: string, json: unknown): JsonPath {
  if (!isObject(json)) throw new Error(`${name}: expected the JSON object of a saved model; got ${describe(json)}.`);
  if (isTooDeep(json)) {
    throw new Error(`${name}: expected a model of at most ${DEEPEST} levels of JSON; got a deeper one.`);
  }
  if (isGraphModel(json)) {
    throw new Error(
      `${name}: expected a LayersModel; got a GraphModel, whose pooling is operations, not layers. ` +
        `installPoolingKernels() runs them on the kernels of this package.`,
    );
  }
  const path: string[] = [];
  let part: JsonObject = json;
  for (const key of ['modelTopology', 'model_config']) {
    if (!isObject(part[key])) continue;
    part = part[key];
    path.push(key);
  }
  if (layerAt(part, path) === null) {
    throw new Error(
      `${name}: expected a saved LayersModel (modelTopology, model_config, or class_name and config); ` +
        `got an object with ${namesOf(json) || 'nothing in it'}.`,
    );
  }
  return path;
}

/** Whether it is a whole model.json, or the topology, of a GraphModel. */
export function isGraphModel(json: unknown): json is JsonObject {
  if (!isObject(json)) return false;
  const { format, modelTopology } = json;
  return format === 'graph-model' || [json, modelTopology].some((part) => isObject(part) && Array.isArray(part.node));
}

/** All layers of a saved model, outer ones first. @throws Error as {@link modelPath} */
export function layersOfModel(name: string, json: unknown): FoundLayer[] {
  const root = modelPath(name, json);
  return findLayers(valueAt(json, root), root);
}

/** All layers at and below a configuration, outer ones first. */
export function findLayers(json: unknown, path: JsonPath = []): FoundLayer[] {
  if (Array.isArray(json)) return json.flatMap((element, i) => findLayers(element, [...path, i]));
  if (!isObject(json)) return [];
  const layer = layerAt(json, path);
  const below = Object.entries(json).flatMap(([key, value]) => findLayers(value, [...path, key]));
  return layer === null ? below : [layer, ...below];
}

/** Layers of one model that share a name, which tfjs refuses; each name once. */
export function namesakes(layers: readonly FoundLayer[]): FoundLayer[] {
  const seen = new Map<string, number>();
  return layers.filter(({ path, config }) => {
    const [list, place] = path.slice(-2);
    const isInModel = typeof place === 'number' && (list === 'layers' || list === 'config');
    // A layer without a name gets one from tfjs.
    if (!isInModel || typeof config.name !== 'string') return false;
    const key = JSON.stringify([path.slice(0, -1), config.name]);
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return seen.get(key) === 2;
  });
}

/** A sign that Keras 3 wrote the topology, in a form that tfjs cannot read; null if there is none. */
export function signOfKeras3(layers: readonly FoundLayer[]): string | null {
  for (const { className, name, config, calls } of layers) {
    const signs = [
      ['batch_shape', className === 'InputLayer' && 'batch_shape' in config && !('batch_input_shape' in config)],
      ['a DTypePolicy', isObject(config.dtype) && String(config.dtype.class_name).endsWith('DTypePolicy')],
      ['keras_tensor in its inbound_nodes', Array.isArray(calls) && calls.some(isObject)],
    ] as const;
    const sign = signs.find(([, isThere]) => isThere);
    if (sign) return `layer '${name}' has ${sign[0]}`;
  }
  return null;
}

/** The value at a path. */
export function valueAt(json: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], json);
}

/** A copy with something else at some paths. Only what leads there is copied; the order of keys stays. */
export function replaceAll(json: unknown, replacements: ReadonlyArray<readonly [JsonPath, unknown]>): unknown {
  return replacements.reduce((whole, [path, value]) => replaceAt(whole, path, value), json);
}

function replaceAt(json: unknown, [key, ...rest]: JsonPath, value: unknown): unknown {
  if (key === undefined) return value;
  const next = replaceAt((json as Record<string | number, unknown>)[key], rest, value);
  return Array.isArray(json)
    ? json.map((element: unknown, i) => (i === key ? next : element))
    : { ...(json as object), [key]: next };
}

function layerAt(json: JsonObject, path: JsonPath): FoundLayer | null {
  const classKey = 'class_name' in json ? 'class_name' : 'className';
  const { [classKey]: className, config } = json;
  // Old files have a plain list of layers in place of a Sequential's configuration.
  if (typeof className !== 'string' || typeof config !== 'object' || config === null) return null;
  const name = isObject(config) && typeof config.name === 'string' ? config.name : json.name;
  return {
    path,
    classKey,
    className,
    config: config as LayerConfig,
    name: typeof name === 'string' ? name : className,
    calls: json.inbound_nodes,
  };
}

/** Level by level: recursion would overflow on what this has to refuse. */
function isTooDeep(json: unknown): boolean {
  let level = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    const below = new Set<unknown>();
    for (const parent of level)
      for (const child of Object.values(parent as object)) if (isParent(child)) below.add(child);
    level = [...below];
  }
  return false;
}

function isParent(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isObject(value: unknown): value is JsonObject {
  return isParent(value) && isReadable(value) && !Array.isArray(value);
}

/** The first names in an object, as errors print them. */
function namesOf(json: JsonObject): string {
  const names = Object.keys(json).slice(0, 8);
  return names.map((key) => (key.length <= 20 ? key : `${key.slice(0, 20)}…`)).join(', ');
}

function describe(value: unknown): string {
  return value === null ? 'null' : isArray(value) ? 'an array' : `a ${typeof value}`;
}
