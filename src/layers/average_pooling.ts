/** Im2ColAveragePooling1D, 2D and 3D: layers of the operations averagePool. Documented in average_layers.ts. */
import type { layers } from '@tensorflow/tfjs-layers';
import type { AveragePoolOptions, AveragePoolSpec } from '../average';
import { symbolicOutputShape } from '../geometry';
import { averagePool1d, averagePool2d, averagePool3d } from '../ops/average_pool';
import { POOLING_OPTIONS } from '../options';
import type { LayerClasses } from './base_layer';
import type { Family, FamilyArgs, FamilyClass, FamilyFactory, FamilyLayer } from './family_layer';

/** The arguments of the Im2ColAveragePooling layers. */
export type Im2ColAveragePoolingArgs = FamilyArgs<AveragePoolOptions>;
/** An Im2ColAveragePooling1D, 2D or 3D layer; `Layer` is the layer class of the tfjs that it belongs to. */
export type Im2ColAveragePoolingLayer<Layer extends object = layers.Layer> = FamilyLayer<AveragePoolSpec, Layer>;
/** The class of such layers. */
export type Im2ColAveragePoolingClass<Layer extends object = layers.Layer> = FamilyClass<
  AveragePoolOptions,
  AveragePoolSpec,
  Layer
>;
/** A function that makes such layers. */
export type Im2ColAveragePoolingFactory<Layer extends object = layers.Layer> = FamilyFactory<
  AveragePoolOptions,
  AveragePoolSpec,
  Layer
>;

/** The classes of one copy of tfjs. */
export type Im2ColAveragePoolingClasses<Layer extends object = layers.Layer> = LayerClasses<
  'Im2ColAveragePooling',
  Im2ColAveragePoolingClass<Layer>
>;

const POOL = { 1: averagePool1d, 2: averagePool2d, 3: averagePool3d } as const;

/** What tells them from other layers. */
export const AVERAGE_POOLING: Family<'Im2ColAveragePooling', AveragePoolOptions, AveragePoolSpec> = {
  name: 'Im2ColAveragePooling',
  options: POOLING_OPTIONS.average,
  outputShape: symbolicOutputShape,
  run: (rank, x, options) => POOL[rank](x, options),
};
