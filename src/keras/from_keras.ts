/** fromKerasModel: a model of Keras 3, or of Keras 2, as tfjs loads it. No tensors and no tfjs import. */
import { readableLayers } from '../convert/convert_topology';
import { refusalText, refusedNamesakes, throwRefusals } from '../convert/refusals';
import { type JsonObject, modelPath, valueAt } from '../convert/walk_topology';
import { layerOfKeras } from './layers_of_keras';
import type { KerasPooling } from './keras_pooling';
import { type Reference, checkModels, isModelClass } from './model_json';
import { type KerasOptions, poolingOf } from './to_keras';

/** What tfjs has in a model.json as `modelTopology`. */
export interface TfjsTopology {
  readonly class_name: 'Sequential' | 'Model';
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * A model's JSON of Keras 3 (`model.to_json()`, or config.json in a .keras file) or of Keras 2, as tfjs loads it: the inverse of
 * {@link toKerasModel}.
 *
 * Rules:
 * - `pooling: 'im2col'`, the default: pooling layers become this package's, also those that tf.layers lacks (adaptive, global in
 *   3-D); `'builtin'`: they become those of tf.layers, or are refused.
 * - GRU with `reset_after` (Keras' default), Keras 3's `hard_sigmoid`, mixed precision, and layers that tfjs does not have are
 *   refused.
 * - Names, order, shared layers, nested models and wrappers stay. Optimizers, losses and metrics are left out.
 *
 * @param json what Keras wrote
 * @throws Error naming every layer that cannot go, one per line, with the reasons
 *
 * @example
 * ```js
 * const model = tf.sequential({ layers: [tf.layers.maxPooling2d({ inputShape: [4, 4, 1], name: 'pool' })] });
 * const keras = toKerasModel(model.toJSON(null, false), { pooling: 'builtin' });
 * const json = fromKerasModel(keras); // pass it to tf.loadLayersModel as modelTopology
 * console.log(json.config.layers.map((layer) => layer.class_name)); // Im2ColMaxPooling2D
 * ```
 * @see toKerasModel
 */
export function fromKerasModel(json: object, options: Partial<KerasOptions> | null = {}): TfjsTopology {
  return fromKeras('fromKerasModel', json, options);
}

/** {@link fromKerasModel} under another function's name, which its errors then carry. */
export function fromKeras(name: string, json: unknown, options: Partial<KerasOptions> | null): TfjsTopology {
  const pooling = poolingOf(name, options, 'im2col');
  const layers = readableLayers(name, json);
  const model = valueAt(json, modelPath(name, json)) as JsonObject;
  checkModels(name, layers, ['layers']);
  const refusals = refusedNamesakes(layers);
  const made = layerFor(model, { pooling, refuse: (text) => refusals.push(text) });
  throwRefusals(name, 'layers that tfjs can have', refusals);
  return made as unknown as TfjsTopology;
}

interface Walk {
  readonly pooling: KerasPooling;
  readonly refuse: (text: string) => void;
}

function layerFor(layer: JsonObject, walk: Walk): JsonObject {
  const given = layer.class_name as string;
  // Our layers are registered as package>class.
  const className = given.replace(/^.*>/, '');
  const config = layer.config as JsonObject;
  const name = typeof config.name === 'string' ? config.name : className;
  const outer = 'name' in layer || 'inbound_nodes' in layer ? { name: layer.name ?? name } : {};
  if (isModelClass(className)) return { ...outer, ...modelFor(className, layer, walk) };
  if (className === 'InputLayer') {
    const { batch_shape, batch_input_shape, dtype, sparse } = config;
    const input = {
      batch_input_shape: batch_input_shape ?? batch_shape,
      dtype: dtype ?? 'float32',
      sparse: sparse ?? false,
      name,
    };
    return { ...outer, class_name: 'InputLayer', config: input };
  }
  const made = layerOfKeras(className, config, walk.pooling, (inner) => layerFor(inner, walk));
  if ('refused' in made) {
    walk.refuse(refusalText({ name, className }, made.refused));
    return layer;
  }
  return { ...outer, class_name: made.className, config: made.config };
}

function modelFor(className: string, model: JsonObject, walk: Walk): JsonObject {
  const config = model.config as JsonObject;
  const layers = (Array.isArray(config) ? config : config.layers) as readonly JsonObject[];
  const name = config.name ?? 'model';
  if (className === 'Sequential') {
    return {
      class_name: 'Sequential',
      config: { name, layers: withInput(layers.map((inner) => layerFor(inner, walk))) },
    };
  }
  const isNew = isKeras3(model, layers);
  const nested = new Map(
    layers
      .filter((inner) => isModelClass(inner.class_name))
      .map((inner) => [String((inner.config as JsonObject).name), inner.class_name as string]),
  );
  const functional = {
    name,
    layers: layers.map((inner) => {
      const made = layerFor(inner, walk);
      const calls = ((inner.inbound_nodes ?? []) as unknown[]).map((call) =>
        callOf(call, inner, isNew ? nested : new Map<string, string>(), walk),
      );
      return { ...made, inbound_nodes: calls };
    }),
    input_layers: referencesOf(config.input_layers),
    output_layers: referencesOf(config.output_layers).map((reference) =>
      // Keras 3 counts a functional model's own making there, and a Sequential's not; Keras 2, which has lists as calls, counts both.
      isNew && nested.get(reference[0]) === 'Sequential' ? later(reference) : reference,
    ),
  };
  return { class_name: 'Model', config: functional };
}

function later([layer, node, ...rest]: Reference): Reference {
  return [layer, node + 1, ...rest];
}

/** Keras 3 names modules; in HDF5 files not the model's, but calls are objects there. */
function isKeras3(model: JsonObject, layers: readonly JsonObject[]): boolean {
  if ('module' in model) return true;
  const calls = layers.flatMap(({ inbound_nodes }) => (inbound_nodes ?? []) as unknown[]);
  return calls.some((call) => !Array.isArray(call));
}

/** One call, as tfjs has it: where each input comes from. */
function callOf(call: unknown, layer: JsonObject, nested: ReadonlyMap<string, string>, walk: Walk): Reference[] {
  const counted = (reference: Reference) => (nested.has(reference[0]) ? later(reference) : reference);
  if (Array.isArray(call)) return (call as Reference[]).map(counted);
  const { args, kwargs } = call as { args?: unknown; kwargs?: JsonObject };
  const others = Object.entries(kwargs ?? {}).filter(([key, value]) => value !== null && key !== 'training');
  const references = tensorsIn(args);
  const isOdd = others.length > 0 || references === null;
  if (isOdd) {
    const what =
      others.length > 0
        ? `is called with ${others.map(([key]) => key).join(', ')}`
        : 'is called with other than tensors';
    const called = { name: String(layer.name), className: String(layer.class_name) };
    walk.refuse(refusalText(called, `it ${what}, which tfjs cannot store`));
    return [];
  }
  return references.map((reference) => [...counted(reference), {}] as unknown as Reference);
}

/** The tensors in the arguments of a call, in order; null where there is something else. */
function tensorsIn(args: unknown): Reference[] | null {
  if (Array.isArray(args)) {
    const parts = args.map(tensorsIn);
    return parts.some((part) => part === null) ? null : (parts as Reference[][]).flat();
  }
  const { class_name, config } = (args ?? {}) as JsonObject;
  return class_name === '__keras_tensor__' ? [(config as JsonObject).keras_history as Reference] : null;
}

/** Keras 3 has a single one without a list around it, and names for several. */
function referencesOf(given: unknown): Reference[] {
  if (Array.isArray(given))
    return typeof given[0] === 'string' ? [given as unknown as Reference] : (given as Reference[]);
  return typeof given === 'object' && given !== null ? Object.values(given).flatMap(referencesOf) : [];
}

/** A Sequential's input belongs to its first layer; a model that is the first one has its own. */
function withInput(layers: JsonObject[]): JsonObject[] {
  const [input, first, ...rest] = layers;
  if (input?.class_name !== 'InputLayer' || first === undefined) return layers;
  if (isModelClass(first.class_name)) return [first, ...rest];
  const { batch_input_shape, dtype } = input.config as JsonObject;
  return [{ ...first, config: { ...(first.config as JsonObject), batch_input_shape, dtype } }, ...rest];
}
