/** convertPoolingTopology: pooling layers exchanged in a saved model's JSON, without any tensor. */
import { show } from '../show';
import { type ConvertTarget, exchangeLayer } from './exchange_layer';
import { refusalText, refusedNamesakes, throwRefusals } from './refusals';
import { type FoundLayer, type JsonPath, layersOfModel, replaceAll, signOfKeras3 } from './walk_topology';

/** Which way to convert. */
export interface ConvertOptions {
  /** `'im2col'`: the layers of this package; `'builtin'`: those of tf.layers. */
  to: ConvertTarget;
}

/** A place in a saved model's JSON, and what belongs there. */
export interface TopologyChange {
  readonly path: JsonPath;
  readonly value: unknown;
}

/**
 * Exchanges the pooling layers in a saved model's JSON.
 *
 * Rules: `json` itself stays as it is; what comes back has the same keys in the same order, and
 * differs only in the class names and options of pooling layers. A pooling layer's own
 * configuration keeps the options, by Keras' names too (`keepdims`), and the arguments that every layer
 * has. What Keras says of the layer beside them (`dynamic`, `autocast`) is left out; any other field is
 * refused, since what it asks for would be lost. All else as {@link convertPooling}.
 *
 * @param json a whole model.json, its `modelTopology`, or a model's `{class_name, config}`, written by
 *     tfjs or by Keras
 * @returns the same kind of object
 * @throws Error naming every layer that cannot be exchanged, one per line, with the reasons
 *
 * @example
 * ```js
 * const model = tf.sequential({ layers: [tf.layers.maxPooling2d({ inputShape: [4, 4, 1] })] });
 * const json = convertPoolingTopology(model.toJSON(null, false), { to: 'im2col' });
 * console.log(json.config.layers[0].class_name); // Im2ColMaxPooling2D
 * ```
 */
export function convertPoolingTopology<Json extends object>(json: Json, options: ConvertOptions): Json {
  return convertTopology('convertPoolingTopology', json, options);
}

/** {@link convertPoolingTopology} under another function's name, which its errors then carry. */
export function convertTopology<Json extends object>(name: string, json: Json, options: ConvertOptions): Json {
  const changes = topologyChanges(name, json, options);
  return replaceAll(
    json,
    changes.map(({ path, value }) => [path, value]),
  ) as Json;
}

/** The changes that {@link convertPoolingTopology} makes: class names and configurations. */
export function topologyChanges(name: string, json: unknown, options: ConvertOptions): TopologyChange[] {
  const to = targetOf(name, options);
  const layers = readableLayers(name, json);
  const sign = signOfKeras3(layers);
  if (sign !== null) throw new Error(keras3Text(name, sign));
  const refusals = refusedNamesakes(layers);
  const changes = layers.flatMap((layer): TopologyChange[] => {
    const exchange = exchangeLayer(layer.className, layer.config, to);
    if (exchange === null) return [];
    if ('refused' in exchange) {
      refusals.push(refusalText(layer, exchange.refused));
      return [];
    }
    const changed: TopologyChange[] = [{ path: [...layer.path, layer.classKey], value: exchange.className }];
    if (sameJson(exchange.config, layer.config)) return changed;
    return [...changed, { path: [...layer.path, 'config'], value: exchange.config }];
  });
  const able = to === 'builtin' ? 'tf.layers can express' : 'this package can express';
  throwRefusals(name, `layers that ${able}`, refusals);
  return changes;
}

/** @throws Error that begins with the name, also where a getter of the user's throws */
export function readableLayers(name: string, json: unknown): FoundLayer[] {
  try {
    return layersOfModel(name, json);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(name)) throw error;
    throw new Error(`${name}: expected the JSON of a model that can be read; got one that throws.`, { cause: error });
  }
}

/** As an error or a remark has it. */
export function keras3Text(name: string, sign: string): string {
  return (
    `${name}: expected a topology of tfjs or Keras 2; got one of Keras 3 (${sign}), which tfjs cannot load. ` +
    `Save the model with Keras 2 (TF_USE_LEGACY_KERAS=1) and convert it with tensorflowjs_converter.`
  );
}

function targetOf(name: string, options: ConvertOptions): ConvertTarget {
  const to: unknown = options?.to;
  if (to !== 'im2col' && to !== 'builtin') {
    throw new Error(`${name}: expected {to: 'im2col'} or {to: 'builtin'}; got ${show(to)}.`);
  }
  return to;
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
