/** Im2ColGlobalAveragePooling1D, 2D and 3D: layers of the operations globalAveragePool. Documented in global_layers.ts. */
import type { layers } from '@tensorflow/tfjs-layers';
import {
  GLOBAL_POOL_OPTION_NAMES,
  type GlobalPoolOptions,
  globalPoolOutputShape,
  type GlobalPoolSpec,
  globalPoolSpec,
} from '../global';
import { globalAveragePool1d, globalAveragePool2d, globalAveragePool3d } from '../ops/global_average_pool';
import {
  type Family,
  type FamilyArgs,
  type FamilyClass,
  type FamilyFactory,
  type FamilyLayer,
  defineFamily,
} from './family_layer';
import type { Host } from './host';

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
export interface Im2ColGlobalAveragePoolingClasses<Layer extends object = layers.Layer> {
  readonly Im2ColGlobalAveragePooling1D: Im2ColGlobalAveragePoolingClass<Layer>;
  readonly Im2ColGlobalAveragePooling2D: Im2ColGlobalAveragePoolingClass<Layer>;
  readonly Im2ColGlobalAveragePooling3D: Im2ColGlobalAveragePoolingClass<Layer>;
}

const POOL = { 1: globalAveragePool1d, 2: globalAveragePool2d, 3: globalAveragePool3d } as const;

const FAMILY: Family<GlobalPoolSpec> = {
  names: ['Im2ColGlobalAveragePooling1D', 'Im2ColGlobalAveragePooling2D', 'Im2ColGlobalAveragePooling3D'],
  optionNames: GLOBAL_POOL_OPTION_NAMES,
  kerasNames: { keepdims: 'keepDims' },
  spec: (name, rank, options) => globalPoolSpec(name, rank, options, GLOBAL_POOL_OPTION_NAMES),
  outputShape: globalPoolOutputShape,
  run: (rank, x, options) => POOL[rank](x, options),
};

/** Makes the three classes for one copy of tfjs. */
export function defineGlobalAveragePooling(host: Host): Im2ColGlobalAveragePoolingClasses {
  const [Im2ColGlobalAveragePooling1D, Im2ColGlobalAveragePooling2D, Im2ColGlobalAveragePooling3D] = defineFamily<
    GlobalPoolOptions,
    GlobalPoolSpec
  >(host, FAMILY);
  return { Im2ColGlobalAveragePooling1D, Im2ColGlobalAveragePooling2D, Im2ColGlobalAveragePooling3D };
}
