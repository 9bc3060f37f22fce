/** The layers that convertPooling exchanges, as the table of kinds has them, and how configurations name their options. No tfjs. */
import { type PoolingKind, kindOfLayer, layerOptionsOf, ownOptionName } from '../kinds';
import { optionNames } from '../options';
import type { SpatialRank } from '../spec';

/** A layer of tf.layers or Keras, and its counterpart of this package. */
export interface LayerPair {
  readonly kind: PoolingKind;
  readonly rank: SpatialRank;
  /** The name that tf.layers and Keras have for it. */
  readonly builtin: string;
  readonly im2col: string;
  /** Whether tf.layers has it; if not, only Keras has. */
  readonly inTfLayers: boolean;
  /** The options that the counterpart has. */
  readonly optionNames: readonly string[];
}

/** The pair that a class belongs to. */
export function pairOf(className: string): LayerPair | undefined {
  const { kind, rank } = kindOfLayer(className) ?? {};
  if (kind?.builtin === undefined || rank === undefined) return undefined;
  return {
    kind,
    rank,
    builtin: `${kind.builtin.layer}${rank}D`,
    im2col: `${kind.layer}${rank}D`,
    inTfLayers: kind.builtin.ranks.includes(rank),
    optionNames: optionNames(layerOptionsOf(kind)),
  };
}

/** Our name for an option of a configuration: pool_size -> poolSize, as tfjs reads what Keras writes, and keepdims -> keepDims. */
export function optionNamed(kind: PoolingKind | undefined, key: string): string {
  return ownOptionName(kind, key) ?? camel(key);
}

/** snake_case to camelCase, as tfjs reads files. */
export function camel(key: string): string {
  return key.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The options of pooling that tf.layers, for adaptive pooling Keras, has. */
export const BUILTIN_OPTIONS: readonly string[] = ['poolSize', 'strides', 'padding', 'dataFormat', 'outputSize'];

/** Our options that are given up silently, as the built-in says nothing about what they decide. */
export const SILENT_OPTIONS: readonly string[] = ['nan', 'implementation'];

/** Fields that Keras writes for any layer, and that say nothing about pooling. */
export const KERAS_FIELDS: readonly string[] = ['dynamic', 'autocast'];
