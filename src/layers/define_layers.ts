/**
 * Makes the layers of this package, once for each copy of tfjs, and registers them with it.
 */
import type { layers } from '@tensorflow/tfjs-layers';
import {
  type Im2ColAveragePoolingClasses, type Im2ColAveragePoolingFactory, defineAveragePooling,
} from './average_pooling';
import { type Im2ColGlobalMaxPoolingClasses, type Im2ColGlobalMaxPoolingFactory, defineGlobalMaxPooling } from './global_max_pooling';
import { DEFAULT_HOST, type Host, type TfjsCopy, hostOf } from './host';
import { type Im2ColMaxPoolingClasses, type Im2ColMaxPoolingFactory, defineMaxPooling } from './max_pooling';
import { type MaxUnpoolingClasses, type MaxUnpoolingFactory, defineMaxUnpooling } from './max_unpooling';
import type { LayerClass } from './pooling_layer';

/** The layer classes and factories of one copy of tfjs. */
export interface Im2ColLayers<Layer extends object = layers.Layer>
  extends Im2ColMaxPoolingClasses<Layer>, MaxUnpoolingClasses<Layer>, Im2ColGlobalMaxPoolingClasses<Layer>,
    Im2ColAveragePoolingClasses<Layer> {
  readonly im2colMaxPooling1d: Im2ColMaxPoolingFactory<Layer>;
  readonly im2colMaxPooling2d: Im2ColMaxPoolingFactory<Layer>;
  readonly im2colMaxPooling3d: Im2ColMaxPoolingFactory<Layer>;
  readonly maxUnpooling1d: MaxUnpoolingFactory<Layer>;
  readonly maxUnpooling2d: MaxUnpoolingFactory<Layer>;
  readonly maxUnpooling3d: MaxUnpoolingFactory<Layer>;
  readonly im2colGlobalMaxPooling1d: Im2ColGlobalMaxPoolingFactory<Layer>;
  readonly im2colGlobalMaxPooling2d: Im2ColGlobalMaxPoolingFactory<Layer>;
  readonly im2colGlobalMaxPooling3d: Im2ColGlobalMaxPoolingFactory<Layer>;
  readonly im2colAveragePooling1d: Im2ColAveragePoolingFactory<Layer>;
  readonly im2colAveragePooling2d: Im2ColAveragePoolingFactory<Layer>;
  readonly im2colAveragePooling3d: Im2ColAveragePoolingFactory<Layer>;
}

/** By the Layer class, which is what tells copies of tfjs apart: `tf` and parts of it are one copy. */
const layersOfHosts = new WeakMap<object, Im2ColLayers>();

/** The layers for one copy of tfjs: the same classes whenever it is asked for them. */
export function defineLayers(host: Host = DEFAULT_HOST): Im2ColLayers {
  const known = layersOfHosts.get(host.layers.Layer);
  if (known) return known;
  const pooling = defineMaxPooling(host);
  const unpooling = defineMaxUnpooling(host);
  const globalMax = defineGlobalMaxPooling(host);
  const average = defineAveragePooling(host);
  const made: Im2ColLayers = Object.freeze({
    ...pooling,
    ...unpooling,
    ...globalMax,
    ...average,
    im2colMaxPooling1d: factory(pooling.Im2ColMaxPooling1D),
    im2colMaxPooling2d: factory(pooling.Im2ColMaxPooling2D),
    im2colMaxPooling3d: factory(pooling.Im2ColMaxPooling3D),
    maxUnpooling1d: factory(unpooling.MaxUnpooling1D),
    maxUnpooling2d: factory(unpooling.MaxUnpooling2D),
    maxUnpooling3d: factory(unpooling.MaxUnpooling3D),
    im2colGlobalMaxPooling1d: factory(globalMax.Im2ColGlobalMaxPooling1D),
    im2colGlobalMaxPooling2d: factory(globalMax.Im2ColGlobalMaxPooling2D),
    im2colGlobalMaxPooling3d: factory(globalMax.Im2ColGlobalMaxPooling3D),
    im2colAveragePooling1d: factory(average.Im2ColAveragePooling1D),
    im2colAveragePooling2d: factory(average.Im2ColAveragePooling2D),
    im2colAveragePooling3d: factory(average.Im2ColAveragePooling3D),
  });
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
  tf: Copy): Im2ColLayers<InstanceType<Copy['layers']['Layer']>>;
/** Registers the layers with the TensorFlow.js that this package imports, and returns them. */
export function registerIm2ColLayers(): Im2ColLayers;
export function registerIm2ColLayers(tf: TfjsCopy = DEFAULT_HOST): Im2ColLayers<object> {
  const host = hostOf('registerIm2ColLayers', tf);
  const made = defineLayers(host);
  const { registerClass } = host.serialization;
  layerClassesOf(made).forEach((layerClass) => registerClass(layerClass));
  return made;
}

/** The classes among what {@link defineLayers} makes: each is there under its class name. */
function layerClassesOf(made: Im2ColLayers): Array<LayerClass<never, layers.Layer>> {
  const isClass = (name: string, value: unknown) => (value as { className?: string }).className === name;
  return Object.entries(made).filter(([name, value]) => isClass(name, value)).map(([, value]) => value as LayerClass<never, layers.Layer>);
}

function factory<Args, Instance>(layerClass: LayerClass<Args, Instance>): (args?: Args) => Instance {
  return (args) => new layerClass(args);
}
