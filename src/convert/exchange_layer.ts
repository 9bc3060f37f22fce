/**
 * One layer's class name and configuration, exchanged for its counterpart's; or the reason why that
 * cannot be. Knows all spellings of configurations: poolSize (tfjs in memory), pool_size (files), keepdims (Keras).
 */
import { LAYER_ARG_NAMES } from '../layers/layer_args';
import { show } from '../spec';
import { BUILTIN_OPTIONS, KERAS_FIELDS, type LayerPair, ONLY_VALUES, OWN_PREFIXES, pairOf } from './layer_pairs';

/** Which layers a model shall have: this package's, or those of tf.layers. */
export type ConvertTarget = 'im2col' | 'builtin';
/** A layer's configuration, as tfjs or Keras wrote it. */
export type LayerConfig = Readonly<Record<string, unknown>>;

/** A layer that can be exchanged, or that cannot. */
export type Exchange = { readonly className: string; readonly config: LayerConfig } | { readonly refused: string };

/** Something that a configuration says and tf.layers has no option for. */
export interface Lack {
  /** As "tf.layers has no ..." goes on. */
  readonly what: string;
  readonly value: unknown;
}

/** The exchange of one layer; null if it stays as it is. */
export function exchangeLayer(className: string, config: LayerConfig, to: ConvertTarget): Exchange | null {
  const pair = pairOf(className);
  if (pair === undefined) {
    const isOurs = OWN_PREFIXES.some((prefix) => className.startsWith(prefix));
    return isOurs && to === 'builtin' ? { refused: 'tf.layers has no such layer' } : null;
  }
  if (className === pair[to]) return null;
  const unknown = unknownFields(pair, config);
  if (unknown.length > 0) return { refused: `${pair.im2col} has no option ${listed(unknown)}` };
  return to === 'im2col'
    ? { className: pair.im2col, config: only(config, (key) => isKnown(pair, key)) }
    : toBuiltin(pair, config);
}

/** A configuration's options by our names: those that the layer of this package has. */
export function optionsOf({ optionNames, kerasNames }: LayerPair, config: LayerConfig): Record<string, unknown> {
  const named = Object.entries(config).map(([key, value]) => [kerasNames[key] ?? camel(key), value] as const);
  return Object.fromEntries(named.filter(([name]) => optionNames.includes(name)));
}

/** What a layer asks for that tf.layers has not; empty where the built-in does all that the configuration says. */
export function lacksOf(pair: LayerPair, config: LayerConfig): Lack[] {
  const options = optionsOf(pair, config);
  const lacks = ONLY_VALUES.filter(([option, value]) => !isAll(options[option], value)).map(([option]) => option);
  const isFirst = camel(String(options.dataFormat)) === 'channelsFirst';
  return [
    ...lacks.map((option) => ({ what: option, value: options[option] })),
    ...(isNumeric(options.padding) && !isAll(options.padding, 0)
      ? [{ what: 'numeric padding', value: options.padding }]
      : []),
    ...(pair.rank === 1 && isFirst ? [{ what: 'dataFormat in 1-D', value: options.dataFormat }] : []),
  ];
}

function toBuiltin(pair: LayerPair, config: LayerConfig): Exchange {
  const lacks = lacksOf(pair, config);
  if (lacks.length > 0) return { refused: `tf.layers has no ${listed(lacks)}` };
  const names = [...BUILTIN_OPTIONS, ...LAYER_ARG_NAMES];
  // What Keras calls by a name of its own asks for nothing here, and stays as it came: tf.layers reads past it.
  const kept = only(config, (key) => names.includes(camel(key)) || key in pair.kerasNames);
  return { className: pair.builtin, config: isNumeric(kept.padding) ? { ...kept, padding: 'valid' } : kept };
}

/** What would be lost, whatever it means: fields that say something, which neither our layer nor any layer reads. */
function unknownFields(pair: LayerPair, config: LayerConfig): Lack[] {
  return Object.entries(config)
    .filter(([key, value]) => value != null && !isKnown(pair, key) && !KERAS_FIELDS.includes(camel(key)))
    .map(([what, value]) => ({ what, value }));
}

/** Whether our layer reads it. */
function isKnown({ optionNames, kerasNames }: LayerPair, key: string): boolean {
  return [...optionNames, ...LAYER_ARG_NAMES].includes(kerasNames[key] ?? camel(key));
}

function only(config: LayerConfig, isWanted: (key: string) => boolean): LayerConfig {
  return Object.fromEntries(Object.entries(config).filter(([key]) => isWanted(key)));
}

function listed(lacks: readonly Lack[]): string {
  return lacks.map(({ what, value }) => `${what} (here ${show(value)})`).join(', no ');
}

function isNumeric(padding: unknown): boolean {
  return padding != null && typeof padding !== 'string';
}

/** Whether a value, or every element of it, is `wanted`; one that is not there is. */
function isAll(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(value)) return value.every((element) => isAll(element, wanted));
  return value == null || value === wanted;
}

/** pool_size -> poolSize, as tfjs reads what Keras writes. */
export function camel(key: string): string {
  return key.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
}
