/** One pooling layer of tfjs or of this package, as a layer of Keras 3 or of im2col_pooling.py. No tfjs. */
import { type Exchange, type LayerConfig, configRead, exchangeLayer, lacksOf, listed } from '../convert/exchange_layer';
import { optionNamed, pairOf } from '../convert/layer_pairs';
import { kindOfLayer, ownOptionName } from '../kinds';
import { LAYER_ARG_NAMES } from '../layers/layer_args';

/** Whose pooling layers a model has: those of Keras or tf.layers, or this package's. */
export type KerasPooling = 'builtin' | 'im2col';

/** Options of our layers that the stock layers of Keras have. */
const KERAS_OPTIONS = ['poolSize', 'strides', 'padding', 'dataFormat', 'keepDims', 'outputSize'];
/** What tf.layers lacks and Keras has. */
const KERAS_HAS = ['keepDims', 'dataFormat in 1-D'];

export function isPoolingLayer(className: string): boolean {
  return kindOfLayer(className) !== undefined || pairOf(className) !== undefined || className.startsWith('Im2Col');
}

/** @returns the layer, or the reason why Keras cannot have it */
export function poolingForKeras(className: string, config: LayerConfig, to: KerasPooling): Exchange {
  const pair = pairOf(className);
  if (to === 'im2col' || pair === undefined) {
    if (to === 'builtin') return { refused: 'stock Keras has no such layer' };
    const exchange = exchangeLayer(className, config, 'im2col') ?? { className, config };
    return 'refused' in exchange ? exchange : { ...exchange, config: ownNames(exchange.className, exchange.config) };
  }
  if (className === pair.builtin) {
    const exchange = exchangeLayer(className, config, 'im2col');
    if (exchange !== null && 'refused' in exchange) return exchange;
  }
  const read = configRead(className, config);
  const lacks = lacksOf(pair, read).filter(({ what }) => !KERAS_HAS.includes(what));
  if (lacks.length > 0) {
    return { refused: `stock Keras has no ${listed(lacks)}` };
  }
  const kept = Object.entries(read).flatMap(([key, value]): Array<[string, unknown]> => {
    const option = optionNamed(pair.kind, key);
    if (option === 'keepDims') return [['keepdims', value]];
    if (option === 'padding' && typeof value !== 'string') return [[key, 'valid']];
    return [...KERAS_OPTIONS, ...LAYER_ARG_NAMES].includes(option) ? [[key, value]] : [];
  });
  return { className: pair.builtin, config: Object.fromEntries(kept) };
}

/** A configuration with our names for the options that Keras calls otherwise: im2col_pooling.py knows no other, `keep_dims` for `keepdims`. */
function ownNames(className: string, config: LayerConfig): LayerConfig {
  const kind = kindOfLayer(className)?.kind;
  const named = Object.entries(config).map(([key, value]) => {
    const own = ownOptionName(kind, key)?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return [own ?? key, value] as const;
  });
  return Object.fromEntries(named);
}
