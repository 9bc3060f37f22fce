/** Im2ColAdaptiveMaxPooling1D, 2D and 3D: layers of the operations adaptiveMaxPool. Documented in adaptive_layers.ts. */
import type { layers } from '@tensorflow/tfjs-layers';
import { type AdaptiveMaxPoolOptions, type AdaptiveMaxPoolSpec, adaptivePoolOutputShape } from '../adaptive';
import {
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  adaptiveMaxPoolWithArgmax1d,
  adaptiveMaxPoolWithArgmax2d,
  adaptiveMaxPoolWithArgmax3d,
} from '../ops/adaptive_max_pool';
import { POOLING_OPTIONS } from '../options';
import type { LayerClasses } from './base_layer';
import type { Family, FamilyArgs, FamilyClass, FamilyFactory, FamilyLayer } from './family_layer';

/** The options of adaptive max pooling, and: */
export interface AdaptiveMaxLayerOptions extends AdaptiveMaxPoolOptions {
  /** True: the layer has two outputs, [values, argmax], of the same shape; argmax is int32. Default false: values alone. */
  returnArgmax?: boolean;
}

/** Options with every default filled in. Frozen. */
export interface AdaptiveMaxLayerSpec extends AdaptiveMaxPoolSpec {
  readonly returnArgmax: boolean;
}

/** The arguments of the Im2ColAdaptiveMaxPooling layers. */
export type Im2ColAdaptiveMaxPoolingArgs = FamilyArgs<AdaptiveMaxLayerOptions>;
/** An Im2ColAdaptiveMaxPooling1D, 2D or 3D layer; `Layer` is the layer class of the tfjs that it belongs to. */
export type Im2ColAdaptiveMaxPoolingLayer<Layer extends object = layers.Layer> = FamilyLayer<
  AdaptiveMaxLayerSpec,
  Layer
>;
/** The class of such layers. */
export type Im2ColAdaptiveMaxPoolingClass<Layer extends object = layers.Layer> = FamilyClass<
  AdaptiveMaxLayerOptions,
  AdaptiveMaxLayerSpec,
  Layer
>;
/** A function that makes such layers. */
export type Im2ColAdaptiveMaxPoolingFactory<Layer extends object = layers.Layer> = FamilyFactory<
  AdaptiveMaxLayerOptions,
  AdaptiveMaxLayerSpec,
  Layer
>;

/** The classes of one copy of tfjs. */
export type Im2ColAdaptiveMaxPoolingClasses<Layer extends object = layers.Layer> = LayerClasses<
  'Im2ColAdaptiveMaxPooling',
  Im2ColAdaptiveMaxPoolingClass<Layer>
>;

const POOL = { 1: adaptiveMaxPool1d, 2: adaptiveMaxPool2d, 3: adaptiveMaxPool3d } as const;
const POOL_WITH_ARGMAX = {
  1: adaptiveMaxPoolWithArgmax1d,
  2: adaptiveMaxPoolWithArgmax2d,
  3: adaptiveMaxPoolWithArgmax3d,
} as const;

/** What tells them from other layers. */
export const ADAPTIVE_MAX_POOLING: Family<'Im2ColAdaptiveMaxPooling', AdaptiveMaxLayerOptions, AdaptiveMaxLayerSpec> = {
  name: 'Im2ColAdaptiveMaxPooling',
  options: POOLING_OPTIONS.adaptiveMaxLayer,
  outputShape: (name, spec, shape) => {
    const output = adaptivePoolOutputShape(name, spec, shape);
    return spec.returnArgmax ? [output, [...output]] : output;
  },
  run: (rank, x, { returnArgmax, ...options }) => {
    if (!returnArgmax) return POOL[rank](x, options);
    const { values, argmax } = POOL_WITH_ARGMAX[rank](x, options);
    return [values, argmax];
  },
};
