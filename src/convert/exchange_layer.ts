/**
 * One layer's class name and configuration, exchanged for its counterpart's; or the reason why that
 * cannot be. Knows all spellings of configurations: poolSize (tfjs in memory), pool_size (files), keepdims (Keras).
 */
import { KINDS, layerOptionsOf } from '../kinds';
import { LAYER_ARG_NAMES } from '../layers/layer_args';
import { readOptions } from '../options';
import { show } from '../show';
import {
  BUILTIN_OPTIONS,
  KERAS_FIELDS,
  type LayerPair,
  SILENT_OPTIONS,
  camel,
  optionNamed,
  pairOf,
} from './layer_pairs';

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
  if (pair === undefined || (to === 'builtin' && !pair.inTfLayers)) {
    return to === 'builtin' && (pair !== undefined || isOwn(className))
      ? { refused: 'tf.layers has no such layer' }
      : null;
  }
  const stays = className === pair[to];
  const unknown = stays ? [] : unknownFields(pair, config);
  if (unknown.length > 0) return { refused: `${pair.im2col} has no option ${listed(unknown)}` };
  const read = configRead(className, config);
  const problem = problemOf(className, read, stays ? null : inputShapeIn(config));
  if (problem !== null) return { refused: problem };
  if (stays) return null;
  const lost = className === pair.builtin ? ignoredOptions(pair, optionsOf(pair, read)) : [];
  if (lost.length > 0) return { refused: `${pair.builtin} has no option ${listed(lost)}` };
  return to === 'im2col'
    ? { className: pair.im2col, config: only(read, (key) => isKnown(pair, key)) }
    : toBuiltin(pair, read);
}

/**
 * Why the layer cannot be built; null if it can. The layers of tf.layers take what this package's counterpart takes,
 * except numeric padding.
 *
 * @param input the shape of its input, if it is known
 */
export function problemOf(
  className: string,
  config: LayerConfig,
  input: ReadonlyArray<number | null> | null,
): string | null {
  const pair = pairOf(className);
  if (pair === undefined) return null;
  const options = optionsOf(pair, configRead(className, config));
  try {
    const spec = readOptions(pair.im2col, pair.rank, layerOptionsOf(pair.kind), options);
    if (input) pair.kind.windows.outputShape(pair.im2col, spec, input);
  } catch (error) {
    const { message } = error as Error;
    return message.replace(`${pair.im2col}: `, '').replace(/\.$/, '');
  }
  const isTaken = className !== pair.builtin || !isNumeric(options.padding);
  return isTaken ? null : `expected padding to be 'valid', 'same' or 'causal'; got ${show(options.padding)}`;
}

/** Options of this package that tf.layers and Keras ignore: to honour them would change the model's meaning. */
function ignoredOptions(pair: LayerPair, options: Readonly<Record<string, unknown>>): Lack[] {
  // An option that Keras has and tf.layers ignores keeps Keras' meaning.
  const ofKeras = Object.values(pair.kind.builtin?.optionNames ?? {});
  return missingOptions(pair, options).filter(({ what }) => !ofKeras.includes(what));
}

/** A configuration's options by our names, as tfjs reads them: those that the layer of this package has. */
export function optionsOf(pair: LayerPair, config: LayerConfig): Record<string, unknown> {
  const named = Object.entries(config).map(([key, value]) => [optionNamed(pair.kind, key), valueOf(value)] as const);
  return Object.fromEntries(named.filter(([name]) => pair.optionNames.includes(name)));
}

/** What a layer asks for and tf.layers lacks; empty where the built-in does all that the configuration says. */
export function lacksOf(pair: LayerPair, config: LayerConfig): Lack[] {
  const options = optionsOf(pair, config);
  return [
    ...missingOptions(pair, options),
    ...(isNumeric(options.padding) && !isAll(options.padding, 0)
      ? [{ what: 'numeric padding', value: options.padding }]
      : []),
    ...(pair.rank === 1 && options.dataFormat === 'channelsFirst'
      ? [{ what: 'dataFormat in 1-D', value: options.dataFormat }]
      : []),
  ];
}

/** Our options that tf.layers lacks, where they are not the defaults: these it can express. */
function missingOptions({ kind, rank, im2col }: LayerPair, options: Readonly<Record<string, unknown>>): Lack[] {
  const own = Object.entries(layerOptionsOf(kind)).filter(
    ([option]) => !BUILTIN_OPTIONS.includes(option) && !SILENT_OPTIONS.includes(option),
  );
  const lacking = own.filter(([option, read]) => {
    const standard = read({ name: im2col, option, rank }, undefined, {});
    return !isAll(options[option], Array.isArray(standard) ? standard[0] : standard);
  });
  return lacking.map(([option]) => ({ what: option, value: options[option] }));
}

/** Whether a class name is of this package. */
function isOwn(className: string): boolean {
  return className.startsWith('Im2Col') || KINDS.some(({ layer }) => className.startsWith(layer));
}

function toBuiltin(pair: LayerPair, config: LayerConfig): Exchange {
  const lacks = lacksOf(pair, config);
  if (lacks.length > 0) return { refused: `tf.layers has no ${listed(lacks)}` };
  const names = [...BUILTIN_OPTIONS, ...LAYER_ARG_NAMES];
  // An option under Keras' own name asks for nothing here: tf.layers ignores it, so it stays as it came.
  const kept = only(config, (key) => names.includes(camel(key)) || optionNamed(pair.kind, key) !== camel(key));
  return { className: pair.builtin, config: isNumeric(kept.padding) ? { ...kept, padding: 'valid' } : kept };
}

/**
 * A configuration as its layer reads it. Those of tf.layers take more than ours: 'causal' pools as 'valid', and sizes beyond
 * the spatial axes are not read; in 1-D, they are refused.
 */
export function configRead(className: string, config: LayerConfig): LayerConfig {
  const pair = pairOf(className);
  if (pair?.builtin !== className) return config;
  const read = (key: string, value: unknown) => {
    const option = optionNamed(pair.kind, key);
    if (option === 'padding' && value === 'causal') return 'valid';
    const isLong = option === 'poolSize' && pair.rank > 1 && Array.isArray(value);
    return isLong ? (value.slice(0, pair.rank) as unknown[]) : value;
  };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, read(key, value)]));
}

/** A value as tfjs reads it from a file. */
function valueOf(value: unknown): unknown {
  if (typeof value === 'string') return camel(value);
  const { type, value: scalar } = (value ?? {}) as { type?: unknown; value?: unknown };
  return type === 'ndarray' && typeof scalar === 'number' ? scalar : value;
}

/** The shape of the input of a model's first layer. */
function inputShapeIn(config: LayerConfig): ReadonlyArray<number | null> | null {
  const shape = config.batch_input_shape ?? config.batchInputShape;
  const isSize = (size: unknown) => size === null || (Number.isSafeInteger(size) && (size as number) >= 0);
  return Array.isArray(shape) && shape.every(isSize) ? (shape as Array<number | null>) : null;
}

/** Fields that would be lost, whatever they mean: those with a value that neither our layer nor any layer of tfjs reads. */
function unknownFields(pair: LayerPair, config: LayerConfig): Lack[] {
  return Object.entries(config)
    .filter(([key, value]) => value != null && !isKnown(pair, key) && !KERAS_FIELDS.includes(camel(key)))
    .map(([what, value]) => ({ what, value }));
}

/** Whether our layer reads it. */
function isKnown(pair: LayerPair, key: string): boolean {
  return [...pair.optionNames, ...LAYER_ARG_NAMES].includes(optionNamed(pair.kind, key));
}

function only(config: LayerConfig, isWanted: (key: string) => boolean): LayerConfig {
  return Object.fromEntries(Object.entries(config).filter(([key]) => isWanted(key)));
}

/** As "has no ..." goes on. */
export function listed(lacks: readonly Lack[]): string {
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
