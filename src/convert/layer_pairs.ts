/** The layers that convertPooling exchanges, and their options: a family is added by its line here. Data alone, no tfjs. */
import { AVERAGE_POOL_OPTION_NAMES } from '../average';
import { GLOBAL_MAX_POOL_OPTION_NAMES, GLOBAL_POOL_KERAS_NAMES, GLOBAL_POOL_OPTION_NAMES } from '../global';
import { POOL_OPTION_NAMES, type SpatialRank } from '../spec';

/** A layer of tf.layers, and its counterpart of this package. */
export interface LayerPair {
  readonly builtin: string;
  readonly im2col: string;
  readonly rank: SpatialRank;
  /** The options that the counterpart has. */
  readonly optionNames: readonly string[];
  /** Names that Keras has for options, where camel case does not give ours. */
  readonly kerasNames: Readonly<Record<string, string>>;
}

export const LAYER_PAIRS: readonly LayerPair[] = /* @__PURE__ */ allPairs();

function allPairs(): LayerPair[] {
  return [
    ...pairs('MaxPooling', [1, 2, 3], [...POOL_OPTION_NAMES, 'returnArgmax']),
    ...pairs('AveragePooling', [1, 2, 3], AVERAGE_POOL_OPTION_NAMES),
    ...pairs('GlobalMaxPooling', [1, 2], GLOBAL_MAX_POOL_OPTION_NAMES, GLOBAL_POOL_KERAS_NAMES),
    ...pairs('GlobalAveragePooling', [1, 2], GLOBAL_POOL_OPTION_NAMES, GLOBAL_POOL_KERAS_NAMES),
  ];
}

function pairs(
  name: string,
  ranks: readonly SpatialRank[],
  optionNames: readonly string[],
  kerasNames: LayerPair['kerasNames'] = {},
): LayerPair[] {
  return ranks.map((rank) => ({
    builtin: `${name}${rank}D`,
    im2col: `Im2Col${name}${rank}D`,
    rank,
    optionNames,
    kerasNames,
  }));
}

/** The pair that a class belongs to. */
export function pairOf(className: string): LayerPair | undefined {
  return LAYER_PAIRS.find(({ builtin, im2col }) => builtin === className || im2col === className);
}

/** Class names of this package begin so; one that no pair has is no counterpart of a layer of tf.layers. */
export const OWN_PREFIXES: readonly string[] = ['Im2Col', 'MaxUnpooling'];

/** The options of pooling that tf.layers has. */
export const BUILTIN_OPTIONS: readonly string[] = ['poolSize', 'strides', 'padding', 'dataFormat'];

/** Our options that tf.layers lacks, and the only value that it can express. */
export const ONLY_VALUES: ReadonlyArray<readonly [option: string, value: unknown]> = [
  ['dilationRate', 1],
  ['ceilMode', false],
  ['returnArgmax', false],
  ['keepDims', false],
  ['countIncludePad', false],
];

/** What Keras writes for any layer, and what says nothing about pooling. */
export const KERAS_FIELDS: readonly string[] = ['dynamic', 'autocast'];
