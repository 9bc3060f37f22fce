/** The layers that convertPooling exchanges, and their options: a kind is added by its line here. No tfjs. */
import { adaptivePoolOutputShape } from '../adaptive';
import { symbolicOutputShape } from '../geometry';
import { GLOBAL_POOL_KERAS_NAMES, globalPoolOutputShape } from '../global';
import { POOLING_OPTIONS, type Readers, type SpecOf, optionNames, readOptions } from '../options';
import type { SpatialRank } from '../spec';

type Shape = ReadonlyArray<number | null>;
type Options = Record<string, unknown>;
/**
 * A layer's own check of its options and, where it is known, of its input's shape.
 *
 * @throws Error that begins with `name`
 */
type Check = (name: string, rank: SpatialRank, options: Options, input: Shape | null) => void;

/** A layer of tf.layers or Keras, and its counterpart of this package. */
export interface LayerPair {
  /** The name that tf.layers and Keras have for it. */
  readonly builtin: string;
  readonly im2col: string;
  readonly rank: SpatialRank;
  /** Whether tf.layers has it; if not, only Keras has. */
  readonly inTfLayers: boolean;
  /** The options that the counterpart has. */
  readonly optionNames: readonly string[];
  /** Names that Keras has for options, where camel case does not give ours. */
  readonly kerasNames: Readonly<Record<string, string>>;
  readonly check: Check;
}

type Kind = Pick<LayerPair, 'optionNames' | 'check'> & Partial<Pick<LayerPair, 'kerasNames'>>;

/** A kind by its options; `outputShape` throws where they do not fit the input. */
function kindOf<Options extends Readers>(
  options: Options,
  outputShape: (name: string, spec: SpecOf<Options>, input: Shape) => unknown,
): Kind {
  return {
    optionNames: optionNames(options),
    check: (name, rank, given, input) => {
      const spec = readOptions(name, rank, options, given);
      if (input) outputShape(name, spec, input);
    },
  };
}

export const LAYER_PAIRS: readonly LayerPair[] = /* @__PURE__ */ allPairs();

function allPairs(): LayerPair[] {
  return [
    ...pairs('MaxPooling', [1, 2, 3], kindOf(POOLING_OPTIONS.maxLayer, symbolicOutputShape)),
    ...pairs('AveragePooling', [1, 2, 3], kindOf(POOLING_OPTIONS.average, symbolicOutputShape)),
    ...pairs('GlobalMaxPooling', [1, 2], {
      ...kindOf(POOLING_OPTIONS.globalMax, globalPoolOutputShape),
      kerasNames: GLOBAL_POOL_KERAS_NAMES,
    }),
    ...pairs('GlobalAveragePooling', [1, 2], {
      ...kindOf(POOLING_OPTIONS.globalAverage, globalPoolOutputShape),
      kerasNames: GLOBAL_POOL_KERAS_NAMES,
    }),
    ...pairs('AdaptiveMaxPooling', [], kindOf(POOLING_OPTIONS.adaptiveMaxLayer, adaptivePoolOutputShape)),
    ...pairs('AdaptiveAveragePooling', [], kindOf(POOLING_OPTIONS.adaptiveAverage, adaptivePoolOutputShape)),
  ];
}

/** @param inTfLayers the ranks that tf.layers has */
function pairs(name: string, inTfLayers: readonly SpatialRank[], kind: Kind): LayerPair[] {
  return ([1, 2, 3] as const).map((rank) => ({
    kerasNames: {},
    ...kind,
    builtin: `${name}${rank}D`,
    im2col: `Im2Col${name}${rank}D`,
    rank,
    inTfLayers: inTfLayers.includes(rank),
  }));
}

/** The pair that a class belongs to. */
export function pairOf(className: string): LayerPair | undefined {
  return LAYER_PAIRS.find(({ builtin, im2col }) => builtin === className || im2col === className);
}

/** Our name for an option of a configuration: pool_size -> poolSize, as tfjs reads what Keras writes, and keepdims -> keepDims. */
export function optionNamed({ kerasNames }: Pick<LayerPair, 'kerasNames'>, key: string): string {
  return Object.entries(kerasNames).find(([kerasName]) => kerasName === key)?.[1] ?? camel(key);
}

/** snake_case to camelCase, as tfjs reads files. */
export function camel(key: string): string {
  return key.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
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

/** The options among them that Keras has and tf.layers reads past: Keras' meaning holds. */
export const KERAS_OPTIONS: readonly string[] = ['keepDims'];

/** What Keras writes for any layer, and what says nothing about pooling. */
export const KERAS_FIELDS: readonly string[] = ['dynamic', 'autocast'];
