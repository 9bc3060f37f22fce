/**
 * Makes the layers of this package, once for each copy of tfjs, and registers them with it.
 */
import type { layers } from '@tensorflow/tfjs-layers';
import { ADAPTIVE_AVERAGE_POOLING, type Im2ColAdaptiveAveragePoolingClasses } from './adaptive_average_pooling';
import { ADAPTIVE_MAX_POOLING, type Im2ColAdaptiveMaxPoolingClasses } from './adaptive_max_pooling';
import { AVERAGE_POOLING, type Im2ColAveragePoolingClasses } from './average_pooling';
import type { LayerClass, LayerFactory } from './base_layer';
import { defineFamily } from './family_layer';
import { GLOBAL_AVERAGE_POOLING, type Im2ColGlobalAveragePoolingClasses } from './global_average_pooling';
import { GLOBAL_MAX_POOLING, type Im2ColGlobalMaxPoolingClasses } from './global_max_pooling';
import { DEFAULT_HOST, type Host, type TfjsCopy, hostOf } from './host';
import { LP_POOLING, type Im2ColLpPoolingClasses } from './lp_pooling';
import { type Im2ColMaxPoolingClasses, defineMaxPooling } from './max_pooling';
import { type MaxUnpoolingClasses, defineMaxUnpooling } from './max_unpooling';

/** Max pooling's siblings: average, global, adaptive and Lp pooling. */
export interface SiblingClasses<Layer extends object = layers.Layer>
  extends
    Im2ColAveragePoolingClasses<Layer>,
    Im2ColGlobalMaxPoolingClasses<Layer>,
    Im2ColGlobalAveragePoolingClasses<Layer>,
    Im2ColAdaptiveMaxPoolingClasses<Layer>,
    Im2ColAdaptiveAveragePoolingClasses<Layer>,
    Im2ColLpPoolingClasses<Layer> {}

/** A factory for each class: `im2colAveragePooling2d` for `Im2ColAveragePooling2D`, `maxUnpooling1d` for `MaxUnpooling1D`. */
export type FactoriesOf<Classes> = {
  readonly [
    Name in keyof Classes as Name extends `Im2Col${infer Kind}D`
      ? `im2col${Kind}d`
      : Name extends `Max${infer Kind}D`
        ? `max${Kind}d`
        : never
  ]: Classes[Name] extends LayerClass<infer Args, infer Instance> ? LayerFactory<Args, Instance> : never;
};

/** The layer classes and factories of one copy of tfjs. */
export interface Im2ColLayers<Layer extends object = layers.Layer>
  extends
    Im2ColMaxPoolingClasses<Layer>,
    MaxUnpoolingClasses<Layer>,
    SiblingClasses<Layer>,
    FactoriesOf<Im2ColMaxPoolingClasses<Layer>>,
    FactoriesOf<MaxUnpoolingClasses<Layer>>,
    FactoriesOf<SiblingClasses<Layer>> {}

/** By the Layer class, which is what tells copies of tfjs apart: `tf` and parts of it are one copy. */
const layersOfHosts = new WeakMap<object, Im2ColLayers>();

/** The layers for one copy of tfjs: the same classes whenever it is asked for them. */
export function defineLayers(host: Host = DEFAULT_HOST): Im2ColLayers {
  const known = layersOfHosts.get(host.layers.Layer);
  if (known) return known;
  const classes = {
    ...defineMaxPooling(host),
    ...defineMaxUnpooling(host),
    ...defineFamily(host, AVERAGE_POOLING),
    ...defineFamily(host, GLOBAL_MAX_POOLING),
    ...defineFamily(host, GLOBAL_AVERAGE_POOLING),
    ...defineFamily(host, ADAPTIVE_MAX_POOLING),
    ...defineFamily(host, ADAPTIVE_AVERAGE_POOLING),
    ...defineFamily(host, LP_POOLING),
  };
  const made: Im2ColLayers = Object.freeze({ ...classes, ...factoriesOf(classes) });
  layersOfHosts.set(host.layers.Layer, made);
  return made;
}

/**
 * Registers the layers with `tf.serialization`, so that `tf.loadLayersModel` knows them; and returns them.
 *
 * Importing the package does this for the TensorFlow.js that the package itself imports. Call it with
 * `tf` if that is another copy (a second version in node_modules, a script tag beside a bundle): a
 * layer fits only models of its own copy, so use the classes and factories that come back.
 *
 * Rules: idempotent; the same copy always gets the same classes; copies do not disturb each other.
 *
 * @param tf any copy of @tensorflow/tfjs (or @tensorflow/tfjs-node), 4.x. Default: the one that this
 *     package imports
 * @returns classes and factories for models of that copy
 * @throws Error if `tf` has no layers
 *
 * @example
 * ```js
 * const { im2colMaxPooling2d } = registerIm2ColLayers(tf);
 * const model = tf.sequential({ layers: [im2colMaxPooling2d({ inputShape: [28, 28, 1] })] });
 * ```
 * @see tf.serialization.registerClass
 */
export function registerIm2ColLayers<Copy extends TfjsCopy>(
  tf: Copy,
): Im2ColLayers<InstanceType<Copy['layers']['Layer']>>;
/** Registers the layers with the TensorFlow.js that this package imports, and returns them. */
export function registerIm2ColLayers(): Im2ColLayers;
export function registerIm2ColLayers(tf: TfjsCopy = DEFAULT_HOST): Im2ColLayers<object> {
  const host = hostOf('registerIm2ColLayers', tf);
  const made = defineLayers(host);
  const { registerClass } = host.serialization;
  classesOf(made).forEach((layerClass) => registerClass(layerClass as never));
  return made;
}

/** Each class is there under its class name. */
function classesOf(made: Im2ColLayers): unknown[] {
  return Object.entries(made)
    .filter(([name, value]) => (value as { className?: string }).className === name)
    .map(([, value]) => value as unknown);
}

function factoriesOf<Classes extends object>(classes: Classes): FactoriesOf<Classes> {
  const named = Object.entries(classes) as Array<[className: string, layerClass: LayerClass<unknown, unknown>]>;
  const factories = named.map(([className, layerClass]) => [
    className.replace(/^(Im2Col|Max)/, (start) => start.toLowerCase()).replace(/D$/, 'd'),
    (args?: null) => new layerClass(args),
  ]);
  return Object.fromEntries(factories) as FactoriesOf<Classes>;
}
