/** Im2ColAdaptiveMaxPooling1D, 2D and 3D: layers of the operations adaptiveMaxPool. Documented in adaptive_layers.ts. */
import type { layers } from '@tensorflow/tfjs-layers';
import {
  ADAPTIVE_MAX_POOL_OPTION_NAMES,
  type AdaptiveMaxPoolOptions,
  type AdaptivePoolSpec,
  adaptivePoolOutputShape,
  adaptivePoolSpec,
} from '../adaptive';
import {
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  adaptiveMaxPoolWithArgmax1d,
  adaptiveMaxPoolWithArgmax2d,
  adaptiveMaxPoolWithArgmax3d,
} from '../ops/adaptive_max_pool';
import { booleanOf } from '../spec';
import {
  type Family,
  type FamilyArgs,
  type FamilyClass,
  type FamilyFactory,
  type FamilyLayer,
  defineFamily,
} from './family_layer';
import type { Host } from './host';
import { pick } from './pooling_layer';

/** The options of adaptive max pooling, and: */
export interface AdaptiveMaxLayerOptions extends AdaptiveMaxPoolOptions {
  /** True: the layer has two outputs, [values, argmax], of the same shape; argmax is int32. Default false: values alone. */
  returnArgmax?: boolean;
}

/** Options with every default filled in. Frozen. */
export interface AdaptiveMaxLayerSpec extends AdaptivePoolSpec {
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
export interface Im2ColAdaptiveMaxPoolingClasses<Layer extends object = layers.Layer> {
  readonly Im2ColAdaptiveMaxPooling1D: Im2ColAdaptiveMaxPoolingClass<Layer>;
  readonly Im2ColAdaptiveMaxPooling2D: Im2ColAdaptiveMaxPoolingClass<Layer>;
  readonly Im2ColAdaptiveMaxPooling3D: Im2ColAdaptiveMaxPoolingClass<Layer>;
}

const POOL = { 1: adaptiveMaxPool1d, 2: adaptiveMaxPool2d, 3: adaptiveMaxPool3d } as const;
const POOL_WITH_ARGMAX = {
  1: adaptiveMaxPoolWithArgmax1d,
  2: adaptiveMaxPoolWithArgmax2d,
  3: adaptiveMaxPoolWithArgmax3d,
} as const;

const FAMILY: Family<AdaptiveMaxLayerSpec> = {
  names: ['Im2ColAdaptiveMaxPooling1D', 'Im2ColAdaptiveMaxPooling2D', 'Im2ColAdaptiveMaxPooling3D'],
  optionNames: [...ADAPTIVE_MAX_POOL_OPTION_NAMES, 'returnArgmax'],
  spec: (name, rank, options) => {
    const { returnArgmax, ...own } = options as Partial<AdaptiveMaxLayerOptions>;
    const spec = adaptivePoolSpec(name, rank, own, ADAPTIVE_MAX_POOL_OPTION_NAMES);
    return Object.freeze({ ...spec, returnArgmax: booleanOf(name, 'returnArgmax', returnArgmax ?? false) });
  },
  outputShape: (name, spec, shape) => {
    const output = adaptivePoolOutputShape(name, spec, shape);
    return spec.returnArgmax ? [output, [...output]] : output;
  },
  run: (rank, x, given, { returnArgmax }) => {
    const options = pick(given, ADAPTIVE_MAX_POOL_OPTION_NAMES) as AdaptiveMaxPoolOptions;
    if (!returnArgmax) return POOL[rank](x, options);
    const { values, argmax } = POOL_WITH_ARGMAX[rank](x, options);
    return [values, argmax];
  },
};

/** Makes the three classes for one copy of tfjs. */
export function defineAdaptiveMaxPooling(host: Host): Im2ColAdaptiveMaxPoolingClasses {
  const [Im2ColAdaptiveMaxPooling1D, Im2ColAdaptiveMaxPooling2D, Im2ColAdaptiveMaxPooling3D] = defineFamily<
    AdaptiveMaxLayerOptions,
    AdaptiveMaxLayerSpec
  >(host, FAMILY);
  return { Im2ColAdaptiveMaxPooling1D, Im2ColAdaptiveMaxPooling2D, Im2ColAdaptiveMaxPooling3D };
}
