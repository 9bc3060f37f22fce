/**
 * What the layers of max pooling and unpooling share: the options of pooling as arguments, and the layer that keeps them.
 * Subclasses pin their name, their rank, and what they take beside.
 */
import type { serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import {
  type PoolOptions,
  type PoolSpec,
  type SpatialRank,
  POOL_OPTION_NAMES,
  checkOptionNames,
  poolSpec,
} from '../spec';
import { type LayerClass, defineBaseLayer, pick, plainCopy } from './base_layer';
import type { Host } from './host';
import { LAYER_ARG_NAMES, type OrdinaryLayerArgs } from './layer_args';

/** The options of pooling, and the arguments that every layer of tfjs takes. */
export interface PoolingLayerArgs extends PoolOptions, OrdinaryLayerArgs {}

/** What a pooling layer has beside what every layer has. */
export interface PoolingLayerProperties {
  /** The options, complete: every default filled in, one value per spatial axis. */
  readonly spec: PoolSpec;
}

/** The part of the base class that its subclasses see. */
export type PoolingLayer = layers.Layer & PoolingLayerProperties & { readonly options: PoolOptions };

/** What a subclass pins. */
export interface PoolingLayerConstants {
  readonly className: string;
  readonly rank: SpatialRank;
  /** The layer's own arguments, beside those of {@link PoolingLayerArgs}. */
  readonly ownArgs: readonly string[];
  readonly inputs: readonly string[];
}

/** The base class, whose subclasses pin {@link PoolingLayerConstants}. */
export type PoolingLayerBase = LayerClass<PoolingLayerArgs, PoolingLayer> & PoolingLayerConstants;

/** Makes the base class for one copy of tfjs. */
export function definePoolingLayer(host: Host): PoolingLayerBase {
  return class PoolingLayerOfHost extends defineBaseLayer(host) implements PoolingLayerProperties {
    static readonly className: string = 'PoolingLayer';
    static readonly rank: SpatialRank = 2;
    static readonly ownArgs: readonly string[] = [];
    static readonly inputs: readonly string[] = ['x'];

    readonly spec: PoolSpec;
    readonly options: PoolOptions;

    constructor(args: PoolingLayerArgs = {}) {
      const { className, rank, ownArgs, inputs } = new.target as PoolingLayerConstants;
      checkOptionNames(className, args, [...POOL_OPTION_NAMES, ...ownArgs, ...LAYER_ARG_NAMES]);
      const spec = poolSpec(className, rank, pick(args, POOL_OPTION_NAMES));
      super(pick(args, LAYER_ARG_NAMES));
      this.spec = spec;
      this.options = pick(spec, POOL_OPTION_NAMES);
      this.inputSpec = inputs.map(() => new host.InputSpec({ ndim: rank + 2 }));
    }

    override getConfig(): serialization.ConfigDict {
      return { ...plainCopy(this.options), ...super.getConfig() };
    }
  };
}
