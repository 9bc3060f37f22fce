/** toKerasModel: a LayersModel's JSON as Keras 3 loads it. No tensors and no tfjs import. */
import { type FoundLayer, type JsonObject, modelPath, signOfKeras3, valueAt } from '../convert/walk_topology';
import { readableLayers } from '../convert/convert_topology';
import { refusalText, refusedNamesakes, throwRefusals } from '../convert/refusals';
import { oneOf } from '../options';
import { forKeras, refusalOf } from './keras_layers';
import { type KerasPooling, isPoolingLayer, poolingForKeras } from './keras_pooling';
import { type Reference, checkModels, isModelClass } from './model_json';

/** What to convert the pooling layers to. */
export interface KerasOptions {
  /** `'builtin'`: stock layers; `'im2col'`: those of this package, on the Keras side those of im2col_pooling.py. */
  pooling: KerasPooling;
}

/** What `keras.models.model_from_json` takes, and what config.json in a .keras file has. */
export interface KerasModelJson {
  readonly module: 'keras';
  readonly class_name: 'Sequential' | 'Model';
  readonly config: Readonly<Record<string, unknown>>;
  readonly registered_name: null;
}

/** Where Keras 3 finds our classes, and under which package they are registered. */
const OWN_MODULE = 'im2col_pooling';
const OWN_PACKAGE = 'tfjs_im2col_pooling';

/**
 * A saved LayersModel's JSON as Keras 3 loads it (`keras.models.model_from_json`).
 *
 * Rules:
 * - `pooling: 'builtin'`: stock Keras loads the model. A pooling layer that Keras cannot express (dilation, ceilMode, numeric padding,
 *   argmax, unpooling, Lp) is refused; the rules for NaN are given up.
 * - `pooling: 'im2col'`: pooling layers become this package's; im2col_pooling.py, which `convert --to keras` writes beside
 *   the model, has them for Keras on TensorFlow, PyTorch and JAX.
 * - Names, order, shared layers, nested models, wrappers and initializers stay. Weights have the same names, but that
 *   DepthwiseConv2D's `depthwise_kernel` is `kernel` in Keras 3.
 * - tfjs's `hardSigmoid`, its default in LSTM and GRU, is another function in Keras 3: refused with `'builtin'`.
 *
 * @param json a whole model.json, its `modelTopology`, or a model's `{class_name, config}`, as files have it
 * @throws Error naming every layer that cannot go, one per line, with the reasons
 *
 * @example
 * ```js
 * const model = tf.sequential({ layers: [tf.layers.maxPooling2d({ inputShape: [4, 4, 1], name: 'pool' })] });
 * const json = toKerasModel(model.toJSON(null, false), { pooling: 'builtin' });
 * console.log(json.config.layers.map((layer) => layer.class_name)); // InputLayer, MaxPooling2D
 * ```
 * @see fromKerasModel, its inverse
 */
export function toKerasModel(json: object, options: KerasOptions): KerasModelJson {
  return toKeras('toKerasModel', json, options);
}

/** {@link toKerasModel} under another function's name, which its errors then carry. */
export function toKeras(name: string, json: unknown, options: KerasOptions): KerasModelJson {
  const pooling = poolingOf(name, options);
  const layers = readableLayers(name, json);
  const model = valueAt(json, modelPath(name, json)) as JsonObject;
  checkDialect(name, layers);
  checkModels(name, layers, ['layers', 'input_layers', 'output_layers']);
  const refusals = refusedNamesakes(layers);
  const walk: Walk = { pooling, refuse: (layer, why) => refusals.push(refusalText(layer, why)) };
  const made = layerFor(model, walk);
  throwRefusals(name, 'layers that Keras 3 can have', refusals);
  return made as unknown as KerasModelJson;
}

/** @throws Error also where a getter of the user's throws */
export function poolingOf(name: string, options: unknown, standard?: KerasPooling): KerasPooling {
  let given: unknown;
  try {
    given = (options as KerasOptions | undefined)?.pooling ?? (isObject(options) ? standard : undefined);
  } catch {
    given = options;
  }
  return oneOf(name, 'pooling', ['builtin', 'im2col'] as const, given);
}

function isObject(options: unknown): boolean {
  return options === null || options === undefined || Object.prototype.toString.call(options) === '[object Object]';
}

interface Walk {
  readonly pooling: KerasPooling;
  readonly refuse: (layer: Pick<FoundLayer, 'name' | 'className'>, why: string) => void;
}

/** Files of tfjs and Keras 2 alone, whose keys are in snake case. */
function checkDialect(name: string, layers: readonly FoundLayer[]): void {
  const sign = signOfKeras3(layers);
  if (sign !== null) throw new Error(`${name}: expected a topology of tfjs or Keras 2; got one of Keras 3 (${sign}).`);
  const inMemory = layers.find(({ classKey }) => classKey === 'className');
  if (inMemory) {
    throw new Error(
      `${name}: expected the JSON of a saved model (class_name); got className in layer '${inMemory.name}'.`,
    );
  }
}

/** A layer or model, and all in it. */
function layerFor(layer: JsonObject, walk: Walk): JsonObject {
  const className = layer.class_name as string;
  const config = layer.config as JsonObject;
  const outer = Object.fromEntries(
    ['name', 'inbound_nodes'].filter((key) => key in layer).map((key) => [key, layer[key]]),
  );
  if (isModelClass(className)) return { ...outer, ...modelFor(className, layer, walk) };
  const name = typeof config.name === 'string' ? config.name : className;
  if (className === 'InputLayer') {
    const { batch_input_shape, batchInputShape, dtype, name } = config;
    const inputConfig = { batch_shape: batch_input_shape ?? batchInputShape, dtype: dtype ?? 'float32', name };
    return { ...outer, ...inKeras('InputLayer', inputConfig) };
  }
  if (isPoolingLayer(className)) {
    const exchange = poolingForKeras(className, config, walk.pooling);
    if ('refused' in exchange) {
      walk.refuse({ name, className }, exchange.refused);
      return layer;
    }
    const kept = forKeras(exchange.className, exchange.config);
    const isOwn = walk.pooling === 'im2col';
    const made = isOwn ? inOwnFile : inKeras;
    return { ...outer, ...made(exchange.className, isOwn ? kept : { data_format: 'channels_last', ...kept }) };
  }
  const refusal = refusalOf(className, config, layer.inbound_nodes, walk.pooling === 'im2col');
  if (refusal !== null) walk.refuse({ name, className }, refusal);
  const inner = Object.entries(forKeras(className, config)).map(([key, value]) => [key, innerFor(key, value, walk)]);
  return { ...outer, ...inKeras(className, Object.fromEntries(inner) as JsonObject) };
}

/** Layers in a wrapper or an RNN, initializers and their like; any other value stays. */
function innerFor(key: string, value: unknown, walk: Walk): unknown {
  if (Array.isArray(value)) return value.map((element) => innerFor(key, element, walk));
  if (typeof value !== 'object' || value === null || !('class_name' in value) || 'module' in value) return value;
  const kind = /_(initializer|regularizer|constraint)$/.exec(key)?.[1];
  if (kind === undefined) return layerFor(value, walk);
  return { module: `keras.${kind}s`, ...value, registered_name: null };
}

function inKeras(className: string, config: JsonObject): JsonObject {
  return { module: 'keras.layers', class_name: className, config, registered_name: null };
}

function inOwnFile(className: string, config: JsonObject): JsonObject {
  return { module: OWN_MODULE, class_name: className, config, registered_name: `${OWN_PACKAGE}>${className}` };
}

function modelFor(className: string, layer: JsonObject, walk: Walk): JsonObject {
  const given = layer.config as JsonObject | readonly JsonObject[];
  // Old files have a plain list of layers in place of a Sequential's configuration.
  const config = (Array.isArray(given) ? { layers: given } : given) as JsonObject;
  const name = [config.name, layer.name].find((one) => typeof one === 'string') ?? 'model';
  const layers = config.layers as readonly JsonObject[];
  if (className === 'Sequential') {
    const made = layers.map((inner) => layerFor(inner, walk));
    const sequential = { name, trainable: true, layers: [...inputFor(name, layers[0]), ...made] };
    return { module: 'keras', class_name: 'Sequential', config: sequential, registered_name: null };
  }
  const nested = new Map(
    layers
      .filter((inner) => isModelClass(inner.class_name))
      .map((inner) => [inner.name ?? (inner.config as JsonObject).name, inner.class_name] as const),
  );
  const functional = {
    name,
    trainable: true,
    layers: layers.map((inner) => {
      const made = layerFor(inner, walk);
      const nodes = (made.inbound_nodes ?? []) as Reference[][];
      const counted = nodes.map((node) => node.map((reference) => earlier(reference, nested.has(reference[0]))));
      return { ...made, name: made.name ?? (made.config as JsonObject).name, inbound_nodes: counted };
    }),
    input_layers: config.input_layers,
    output_layers: (config.output_layers as Reference[]).map((reference) =>
      earlier(reference, nested.get(reference[0]) === 'Sequential'),
    ),
  };
  return { module: 'keras', class_name: 'Model', config: functional, registered_name: null };
}

/** tfjs counts a model's own making as its first call; Keras 3 does so only where a functional model is an output. */
function earlier(reference: Reference, isNested: boolean): Reference {
  const [layer, node, ...rest] = reference;
  return isNested ? [layer, node - 1, ...rest] : reference;
}

/** The input of a Sequential, which Keras 3 wants as a layer. */
function inputFor(name: string, first: JsonObject | undefined): JsonObject[] {
  if (first === undefined || first.class_name === 'InputLayer') return [];
  const { batch_shape, dtype } = inputOf(first);
  if (!Array.isArray(batch_shape)) return [];
  return [inKeras('InputLayer', { batch_shape, dtype: dtype ?? 'float32', name: `${name}_input` })];
}

/** Shape and type of a layer's input, of a model's first layer's. */
function inputOf(layer: JsonObject | undefined): { batch_shape?: unknown; dtype?: unknown } {
  if (layer === undefined) return {};
  const config = layer.config as JsonObject;
  if (Array.isArray(config.layers) && layer.class_name === 'Sequential')
    return inputOf((config.layers as JsonObject[])[0]);
  if (Array.isArray(config.layers)) {
    const [input] = config.input_layers as readonly [Reference, ...Reference[]];
    return inputOf((config.layers as JsonObject[]).find(({ name }) => name === input[0]));
  }
  return { batch_shape: config.batch_input_shape, dtype: config.dtype };
}
