/**
 * One layer's class name and configuration, exchanged for its counterpart's; or the reason why that
 * cannot be. Knows both spellings of configurations: poolSize (tfjs in memory) and pool_size (files).
 */
import { LAYER_ARG_NAMES } from '../layers/layer_args';
import { show } from '../spec';
import { BUILTIN_OPTIONS, LAYER_PAIRS, ONLY_VALUES, OWN_PREFIXES } from './layer_pairs';

/** Which layers a model shall have: this package's, or those of tf.layers. */
export type ConvertTarget = 'im2col' | 'builtin';
/** A layer's configuration, as tfjs or Keras wrote it. */
export type LayerConfig = Readonly<Record<string, unknown>>;

/** A layer that can be exchanged, or that cannot. */
export type Exchange = { readonly className: string; readonly config: LayerConfig } | { readonly refused: string };

/** The exchange of one layer; null if it stays as it is. */
export function exchangeLayer(className: string, config: LayerConfig, to: ConvertTarget): Exchange | null {
  const pair = LAYER_PAIRS.find((names) => names.includes(className));
  if (to === 'im2col') {
    // What tf.layers reads past (fields of Keras) our layers would reject.
    return pair?.[0] === className ? { className: pair[1], config: onlyKnown(config) } : null;
  }
  if (pair?.[1] === className) return toBuiltin(className, pair[0], config);
  const isOurs = OWN_PREFIXES.some((prefix) => className.startsWith(prefix));
  return isOurs && pair === undefined ? { refused: 'tf.layers has no such layer' } : null;
}

function toBuiltin(className: string, builtin: string, config: LayerConfig): Exchange {
  const options = Object.fromEntries(Object.entries(config).map(([key, value]) => [camel(key), value]));
  const reasons = ONLY_VALUES.filter(([option, value]) => !isAll(options[option], value)).map(
    ([option]) => `${option} ${show(options[option])}`,
  );
  const isNumericPadding = options.padding != null && typeof options.padding !== 'string';
  if (isNumericPadding && !isAll(options.padding, 0)) reasons.push(`padding ${show(options.padding)}`);
  if (className.endsWith('1D') && camel(String(options.dataFormat)) === 'channelsFirst')
    reasons.push(`dataFormat 'channelsFirst'`);
  if (reasons.length > 0) return { refused: `${builtin} cannot express ${reasons.join(', ')}` };
  const known = onlyKnown(config);
  return { className: builtin, config: isNumericPadding ? { ...known, padding: 'valid' } : known };
}

/** Whether a value, or every element of it, is `wanted`; one that is not there is. */
function isAll(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(value)) return value.every((element) => isAll(element, wanted));
  return value == null || value === wanted;
}

function onlyKnown(config: LayerConfig): LayerConfig {
  const known = [...BUILTIN_OPTIONS, ...LAYER_ARG_NAMES];
  return Object.fromEntries(Object.entries(config).filter(([key]) => known.includes(camel(key))));
}

/** pool_size -> poolSize, as tfjs reads what Keras writes. */
export function camel(key: string): string {
  return key.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
}
