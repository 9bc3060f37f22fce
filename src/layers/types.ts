/** The types of layers, each for every kind of pooling. */
import type { serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import type { PoolingKinds } from '../kinds';
import type { OrDefault, OrNull, SpatialRank } from '../spec';
import type { OrdinaryLayerArgs } from './layer_args';

/** The arguments of a kind's layers: the operation's options, those of layers alone, and every ordinary layer argument. */
export type PoolingLayerArgs<
  Kind extends keyof PoolingKinds,
  Rank extends SpatialRank = SpatialRank,
> = PoolingKinds<Rank>[Kind]['options'] & PoolingKinds<Rank>[Kind]['beside'] & OrdinaryLayerArgs;

/** The arguments as a parameter: it may be left out where each of them may. */
type Parameters<Kind extends keyof PoolingKinds, Rank extends SpatialRank> =
  object extends PoolingLayerArgs<Kind, Rank>
    ? [args?: OrDefault<PoolingLayerArgs<Kind, Rank>>]
    : [args: OrNull<PoolingLayerArgs<Kind, Rank>>];

/** A 1-D, 2-D or 3-D layer of a kind; `Layer` is the layer class of the tfjs that it belongs to. */
export type PoolingLayer<Kind extends keyof PoolingKinds, Layer extends object = layers.Layer> = Layer &
  PoolingKinds[Kind]['properties'];

/** The class of such layers: what `new`, `tf.serialization` and `tf.loadLayersModel` need. */
export interface PoolingLayerClass<
  Kind extends keyof PoolingKinds,
  Rank extends SpatialRank = SpatialRank,
  Layer extends object = layers.Layer,
> {
  new (...args: Parameters<Kind, Rank>): PoolingLayer<Kind, Layer>;
  /** The name under which models are saved. */
  readonly className: string;
  /** A layer from what `getConfig` gave; `tf.loadLayersModel` calls it. */
  fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T;
}

/** A function that makes such layers, as those of `tf.layers` do. */
export type PoolingLayerFactory<
  Kind extends keyof PoolingKinds,
  Rank extends SpatialRank = SpatialRank,
  Layer extends object = layers.Layer,
> = (...args: Parameters<Kind, Rank>) => PoolingLayer<Kind, Layer>;

/** The layer classes and factories of one copy of tfjs. */
export type Im2ColLayers<Layer extends object = layers.Layer> = LayersOf<1, Layer> &
  LayersOf<2, Layer> &
  LayersOf<3, Layer>;

/** Those for one number of spatial axes. */
type LayersOf<Rank extends SpatialRank, Layer extends object> = {
  readonly [Kind in keyof PoolingKinds as `${PoolingKinds[Kind]['layer']}${Rank}D`]: PoolingLayerClass<
    Kind,
    Rank,
    Layer
  >;
} & {
  readonly [
    Kind in keyof PoolingKinds as PoolingKinds[Kind]['layer'] extends `Im2Col${infer Name}`
      ? `im2col${Name}${Rank}d`
      : `${Uncapitalize<PoolingKinds[Kind]['layer']>}${Rank}d`
  ]: PoolingLayerFactory<Kind, Rank, Layer>;
};
