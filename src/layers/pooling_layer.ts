/**
 * What the layers of max pooling and unpooling share: the options of pooling as arguments, and the layer that keeps them.
 * Subclasses pin their name, their rank, and what they take beside.
 */
import type { serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { POOLING_OPTIONS, type Readers, optionNames, readOptions } from '../options';
import type { OrDefault, PoolOptions, PoolSpec, SpatialRank } from '../spec';
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
type PoolingLayer = layers.Layer &
  PoolingLayerProperties & {
    /** The options of pooling alone. */
    readonly options: PoolOptions;
    /** All that {@link PoolingLayerConstants.readers} made. */
    readonly read: object;
  };

/** What a subclass pins. */
interface PoolingLayerConstants {
  readonly className: string;
  readonly rank: SpatialRank;
  /** The options of pooling, and those of the layer. */
  readonly readers: Readers;
  readonly inputs: readonly string[];
}

/** The base class, whose subclasses pin {@link PoolingLayerConstants}. */
export type PoolingLayerBase = LayerClass<PoolingLayerArgs, PoolingLayer> & PoolingLayerConstants;

/** Makes the base class for one copy of tfjs. */
export function definePoolingLayer(host: Host): PoolingLayerBase {
  return class PoolingLayerOfHost extends defineBaseLayer(host) implements PoolingLayerProperties {
    static readonly className: string = 'PoolingLayer';
    static readonly rank: SpatialRank = 2;
    static readonly readers: Readers = POOLING_OPTIONS.max;
    static readonly inputs: readonly string[] = ['x'];

    readonly spec: PoolSpec;
    readonly read: object;
    readonly options: PoolOptions;

    constructor(args?: OrDefault<PoolingLayerArgs>) {
      const { className, rank, readers, inputs } = new.target as PoolingLayerConstants;
      const read = readOptions(className, rank, readers, args, LAYER_ARG_NAMES);
      super(pick<OrdinaryLayerArgs>(args as OrdinaryLayerArgs | undefined, LAYER_ARG_NAMES));
      const names = optionNames(POOLING_OPTIONS.max);
      this.spec = Object.freeze(pick(read, ['rank', ...names])) as Partial<PoolSpec> as PoolSpec;
      this.options = pick(this.spec, names);
      this.read = read;
      this.inputSpec = inputs.map(() => new host.InputSpec({ ndim: rank + 2 }));
    }

    override getConfig(): serialization.ConfigDict {
      return { ...plainCopy(this.options), ...super.getConfig() };
    }
  };
}
