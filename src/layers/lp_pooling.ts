/** Im2ColLpPooling1D, 2D and 3D: layers of the operations lpPool. Documented in lp_layers.ts. */
import type { layers } from '@tensorflow/tfjs-layers';
import { symbolicOutputShape } from '../geometry';
import type { LpPoolOptions, LpPoolSpec } from '../lp';
import { lpPool1d, lpPool2d, lpPool3d } from '../ops/lp_pool';
import { POOLING_OPTIONS } from '../options';
import type { LayerClasses } from './base_layer';
import type { Family, FamilyArgs, FamilyClass, FamilyFactory, FamilyLayer } from './family_layer';

/** The arguments of the Im2ColLpPooling layers. */
export type Im2ColLpPoolingArgs = FamilyArgs<LpPoolOptions>;
/** An Im2ColLpPooling1D, 2D or 3D layer; `Layer` is the layer class of the tfjs that it belongs to. */
export type Im2ColLpPoolingLayer<Layer extends object = layers.Layer> = FamilyLayer<LpPoolSpec, Layer>;
/** The class of such layers. */
export type Im2ColLpPoolingClass<Layer extends object = layers.Layer> = FamilyClass<LpPoolOptions, LpPoolSpec, Layer>;
/** A function that makes such layers. */
export type Im2ColLpPoolingFactory<Layer extends object = layers.Layer> = FamilyFactory<
  LpPoolOptions,
  LpPoolSpec,
  Layer
>;

/** The classes of one copy of tfjs. */
export type Im2ColLpPoolingClasses<Layer extends object = layers.Layer> = LayerClasses<
  'Im2ColLpPooling',
  Im2ColLpPoolingClass<Layer>
>;

const POOL = { 1: lpPool1d, 2: lpPool2d, 3: lpPool3d } as const;

/** What tells them from other layers. */
export const LP_POOLING: Family<'Im2ColLpPooling', LpPoolOptions, LpPoolSpec> = {
  name: 'Im2ColLpPooling',
  options: POOLING_OPTIONS.lp,
  outputShape: symbolicOutputShape,
  run: (rank, x, options) => POOL[rank](x, options),
};
