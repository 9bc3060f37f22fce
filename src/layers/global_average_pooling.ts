/** Im2ColGlobalAveragePooling1D, 2D and 3D: layers of the operations globalAveragePool. Documented in global_layers.ts. */
import type { layers } from '@tensorflow/tfjs-layers';
import { GLOBAL_POOL_KERAS_NAMES, type GlobalPoolOptions, globalPoolOutputShape, type GlobalPoolSpec } from '../global';
import { globalAveragePool1d, globalAveragePool2d, globalAveragePool3d } from '../ops/global_average_pool';
import { averageOfUnmasked } from '../ops/masked_average';
import { POOLING_OPTIONS } from '../options';
import type { LayerClasses } from './base_layer';
import type { Family, FamilyArgs, FamilyClass, FamilyFactory, FamilyLayer } from './family_layer';

/** The arguments of the Im2ColGlobalAveragePooling layers. */
export type Im2ColGlobalAveragePoolingArgs = FamilyArgs<GlobalPoolOptions>;
/** An Im2ColGlobalAveragePooling1D, 2D or 3D layer; `Layer` is the layer class of the tfjs that it belongs to. */
export type Im2ColGlobalAveragePoolingLayer<Layer extends object = layers.Layer> = FamilyLayer<GlobalPoolSpec, Layer>;
/** The class of such layers. */
export type Im2ColGlobalAveragePoolingClass<Layer extends object = layers.Layer> = FamilyClass<
  GlobalPoolOptions,
  GlobalPoolSpec,
  Layer
>;
/** A function that makes such layers. */
export type Im2ColGlobalAveragePoolingFactory<Layer extends object = layers.Layer> = FamilyFactory<
  GlobalPoolOptions,
  GlobalPoolSpec,
  Layer
>;

/** The classes of one copy of tfjs. */
export type Im2ColGlobalAveragePoolingClasses<Layer extends object = layers.Layer> = LayerClasses<
  'Im2ColGlobalAveragePooling',
  Im2ColGlobalAveragePoolingClass<Layer>
>;

const POOL = { 1: globalAveragePool1d, 2: globalAveragePool2d, 3: globalAveragePool3d } as const;

/** What tells them from other layers. */
export const GLOBAL_AVERAGE_POOLING: Family<'Im2ColGlobalAveragePooling', GlobalPoolOptions, GlobalPoolSpec> = {
  name: 'Im2ColGlobalAveragePooling',
  options: POOLING_OPTIONS.globalAverage,
  kerasNames: GLOBAL_POOL_KERAS_NAMES,
  outputShape: globalPoolOutputShape,
  run: (rank, x, options) => POOL[rank](x, options),
  runMasked: averageOfUnmasked,
};
