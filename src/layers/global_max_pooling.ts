/** Im2ColGlobalMaxPooling1D, 2D and 3D: layers of the operations globalMaxPool. Documented in global_layers.ts. */
import type { layers } from '@tensorflow/tfjs-layers';
import {
  GLOBAL_POOL_KERAS_NAMES,
  type GlobalMaxPoolOptions,
  type GlobalMaxPoolSpec,
  globalPoolOutputShape,
} from '../global';
import { globalMaxPool1d, globalMaxPool2d, globalMaxPool3d } from '../ops/global_max_pool';
import { POOLING_OPTIONS } from '../options';
import type { LayerClasses } from './base_layer';
import type { Family, FamilyArgs, FamilyClass, FamilyFactory, FamilyLayer } from './family_layer';

/** The arguments of the Im2ColGlobalMaxPooling layers. */
export type Im2ColGlobalMaxPoolingArgs = FamilyArgs<GlobalMaxPoolOptions>;
/** An Im2ColGlobalMaxPooling1D, 2D or 3D layer; `Layer` is the layer class of the tfjs that it belongs to. */
export type Im2ColGlobalMaxPoolingLayer<Layer extends object = layers.Layer> = FamilyLayer<GlobalMaxPoolSpec, Layer>;
/** The class of such layers. */
export type Im2ColGlobalMaxPoolingClass<Layer extends object = layers.Layer> = FamilyClass<
  GlobalMaxPoolOptions,
  GlobalMaxPoolSpec,
  Layer
>;
/** A function that makes such layers. */
export type Im2ColGlobalMaxPoolingFactory<Layer extends object = layers.Layer> = FamilyFactory<
  GlobalMaxPoolOptions,
  GlobalMaxPoolSpec,
  Layer
>;

/** The classes of one copy of tfjs. */
export type Im2ColGlobalMaxPoolingClasses<Layer extends object = layers.Layer> = LayerClasses<
  'Im2ColGlobalMaxPooling',
  Im2ColGlobalMaxPoolingClass<Layer>
>;

const POOL = { 1: globalMaxPool1d, 2: globalMaxPool2d, 3: globalMaxPool3d } as const;

/** What tells them from other layers. */
export const GLOBAL_MAX_POOLING: Family<'Im2ColGlobalMaxPooling', GlobalMaxPoolOptions, GlobalMaxPoolSpec> = {
  name: 'Im2ColGlobalMaxPooling',
  options: POOLING_OPTIONS.globalMax,
  kerasNames: GLOBAL_POOL_KERAS_NAMES,
  outputShape: globalPoolOutputShape,
  run: (rank, x, options) => POOL[rank](x, options),
};
