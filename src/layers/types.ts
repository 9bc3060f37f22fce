/** The types of layers, each for every kind of pooling. */
import type { serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import type { PoolingKinds } from '../kinds';
import type { OrDefault, SpatialRank } from '../spec';
import type { OrdinaryLayerArgs } from './layer_args';

/** The arguments of a kind's layers: the operation's options, those of layers alone, and every ordinary layer argument. */
export type PoolingLayerArgs<Kind extends keyof PoolingKinds> = PoolingKinds[Kind]['options'] &
  PoolingKinds[Kind]['beside'] &
  OrdinaryLayerArgs;

/** A 1-D, 2-D or 3-D layer of a kind; `Layer` is the layer class of the tfjs that it belongs to. */
export type PoolingLayer<Kind extends keyof PoolingKinds, Layer extends object = layers.Layer> = Layer &
  PoolingKinds[Kind]['properties'];

/** The class of such layers: what `new`, `tf.serialization` and `tf.loadLayersModel` need. */
export interface PoolingLayerClass<Kind extends keyof PoolingKinds, Layer extends object = layers.Layer> {
  new (args?: OrDefault<PoolingLayerArgs<Kind>>): PoolingLayer<Kind, Layer>;
  /** The name under which models are saved. */
  readonly className: string;
  /** A layer from what `getConfig` gave; `tf.loadLayersModel` calls it. */
  fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T;
}

/** A function that makes such layers, as those of `tf.layers` do. */
export type PoolingLayerFactory<Kind extends keyof PoolingKinds, Layer extends object = layers.Layer> = (
  args?: OrDefault<PoolingLayerArgs<Kind>>,
) => PoolingLayer<Kind, Layer>;

/** The layer classes and factories of one copy of tfjs. */
export type Im2ColLayers<Layer extends object = layers.Layer> = {
  readonly [Kind in keyof PoolingKinds as `${PoolingKinds[Kind]['layer']}${SpatialRank}D`]: PoolingLayerClass<
    Kind,
    Layer
  >;
} & {
  readonly [
    Kind in keyof PoolingKinds as PoolingKinds[Kind]['layer'] extends `Im2Col${infer Name}`
      ? `im2col${Name}${SpatialRank}d`
      : `${Uncapitalize<PoolingKinds[Kind]['layer']>}${SpatialRank}d`
  ]: PoolingLayerFactory<Kind, Layer>;
};
