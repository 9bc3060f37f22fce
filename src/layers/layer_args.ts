/** The arguments that every layer of tfjs takes: their types and their names. No tfjs import but types. */
import type { layers } from '@tensorflow/tfjs-layers';

/** The arguments of every layer of tfjs, which tfjs-layers does not export by a name. */
export type BaseLayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** The arguments that every layer of tfjs takes. */
export interface OrdinaryLayerArgs extends BaseLayerArgs {
  /** Accepted because old models have it; tfjs ignores it. */
  updatable?: boolean;
}

/** The names of {@link OrdinaryLayerArgs}: what every layer's saved configuration may have. */
export const LAYER_ARG_NAMES: readonly string[] = [
  'name',
  'trainable',
  'dtype',
  'inputShape',
  'batchInputShape',
  'batchSize',
  'updatable',
  'weights',
  'inputDType',
];
