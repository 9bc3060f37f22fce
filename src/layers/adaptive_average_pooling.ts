/** Im2ColAdaptiveAveragePooling1D, 2D and 3D: layers of the operations adaptiveAveragePool. Documented in adaptive_layers.ts. */
import type { layers } from '@tensorflow/tfjs-layers';
import { type AdaptivePoolOptions, adaptivePoolOutputShape, type AdaptivePoolSpec } from '../adaptive';
import { adaptiveAveragePool1d, adaptiveAveragePool2d, adaptiveAveragePool3d } from '../ops/adaptive_average_pool';
import { POOLING_OPTIONS } from '../options';
import type { LayerClasses } from './base_layer';
import type { Family, FamilyArgs, FamilyClass, FamilyFactory, FamilyLayer } from './family_layer';

/** The arguments of the Im2ColAdaptiveAveragePooling layers. */
export type Im2ColAdaptiveAveragePoolingArgs = FamilyArgs<AdaptivePoolOptions>;
/** An Im2ColAdaptiveAveragePooling1D, 2D or 3D layer; `Layer` is the layer class of the tfjs that it belongs to. */
export type Im2ColAdaptiveAveragePoolingLayer<Layer extends object = layers.Layer> = FamilyLayer<
  AdaptivePoolSpec,
  Layer
>;
/** The class of such layers. */
export type Im2ColAdaptiveAveragePoolingClass<Layer extends object = layers.Layer> = FamilyClass<
  AdaptivePoolOptions,
  AdaptivePoolSpec,
  Layer
>;
/** A function that makes such layers. */
export type Im2ColAdaptiveAveragePoolingFactory<Layer extends object = layers.Layer> = FamilyFactory<
  AdaptivePoolOptions,
  AdaptivePoolSpec,
  Layer
>;

/** The classes of one copy of tfjs. */
export type Im2ColAdaptiveAveragePoolingClasses<Layer extends object = layers.Layer> = LayerClasses<
  'Im2ColAdaptiveAveragePooling',
  Im2ColAdaptiveAveragePoolingClass<Layer>
>;

const POOL = { 1: adaptiveAveragePool1d, 2: adaptiveAveragePool2d, 3: adaptiveAveragePool3d } as const;

/** What tells them from other layers. */
export const ADAPTIVE_AVERAGE_POOLING: Family<'Im2ColAdaptiveAveragePooling', AdaptivePoolOptions, AdaptivePoolSpec> = {
  name: 'Im2ColAdaptiveAveragePooling',
  options: POOLING_OPTIONS.adaptiveAverage,
  outputShape: adaptivePoolOutputShape,
  run: (rank, x, options) => POOL[rank](x, options),
};
