/** Finds the layers in a model's configuration, wherever they are: nested models, wrappers, both spellings. */
import type { LayerConfig } from './exchange_layer';

/** Where in the JSON something is. */
export type JsonPath = ReadonlyArray<string | number>;
export type JsonObject = Readonly<Record<string, unknown>>;

/** A layer (or model) in a configuration. */
export interface FoundLayer {
  /** Of the object that has the class name and the configuration. */
  readonly path: JsonPath;
  readonly classKey: 'class_name' | 'className';
  readonly className: string;
  readonly name: string;
  readonly config: LayerConfig;
}

/**
 * The part of a saved model's JSON that describes its layers: of a whole model.json, of its
 * `modelTopology` (by Keras, with a `model_config`), or of that itself.
 *
 * @throws Error if it is none of these
 */
export function modelPath(name: string, json: unknown): JsonPath {
  if (!isObject(json)) throw new Error(`${name}: expected the JSON object of a saved model; got ${describe(json)}.`);
  const path: string[] = [];
  let part: JsonObject = json;
  for (const key of ['modelTopology', 'model_config']) {
    if (!isObject(part[key])) continue;
    part = part[key];
    path.push(key);
  }
  if (json.format === 'graph-model' || Array.isArray(part.node)) {
    throw new Error(`${name}: expected a LayersModel; got a GraphModel, whose pooling is operations, not layers.`);
  }
  if (layerAt(part, path) === null) {
    throw new Error(
      `${name}: expected a saved LayersModel (modelTopology, model_config, or class_name and config); ` +
        `got an object with ${Object.keys(json).slice(0, 8).join(', ') || 'nothing in it'}.`,
    );
  }
  return path;
}

/** All layers at and below a configuration, outer ones first. */
export function findLayers(json: unknown, path: JsonPath = []): FoundLayer[] {
  if (Array.isArray(json)) return json.flatMap((element, i) => findLayers(element, [...path, i]));
  if (!isObject(json)) return [];
  const layer = layerAt(json, path);
  const below = Object.entries(json).flatMap(([key, value]) => findLayers(value, [...path, key]));
  return layer === null ? below : [layer, ...below];
}

/** What is at a path. */
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
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
