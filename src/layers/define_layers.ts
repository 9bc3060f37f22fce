/**
 * Makes the layers of this package, once for each copy of tfjs, and registers them with it.
 */
import { KINDS, type PoolingKind } from '../kinds';
import { DEFAULT_HOST, type Host, type TfjsCopy, hostOf } from './host';
import { type AnyPoolingLayerClass, definePoolingLayer } from './pooling_layer';
import type { Im2ColLayers } from './types';

type Factory = (args?: object | null) => object;
/** The classes of a kind for 1, 2 and 3 spatial axes, and a factory for each, by name. */
type Made = Readonly<Record<string, AnyPoolingLayerClass | Factory>>;

/** By the Layer class, which is what tells copies of tfjs apart: `tf` and parts of it are one copy. */
const madeForHosts = new WeakMap<object, Map<PoolingKind, Made>>();

/** The layers for one copy of tfjs: the same classes whenever it is asked for them. */
export function defineLayers(host: Host = DEFAULT_HOST): Im2ColLayers {
  const { Layer } = host.layers;
  const known = madeForHosts.get(Layer) ?? new Map<PoolingKind, Made>();
  madeForHosts.set(Layer, known);
  for (const kind of KINDS) if (!known.has(kind)) known.set(kind, layersOf(host, kind));
  return Object.freeze(Object.assign({}, ...KINDS.map((kind) => known.get(kind)))) as Im2ColLayers;
}

function layersOf(host: Host, kind: PoolingKind): Made {
  const classes = ([1, 2, 3] as const).map((rank) => definePoolingLayer(host, kind, rank));
  const pairs = classes.flatMap((layerClass): Array<[string, AnyPoolingLayerClass | Factory]> => [
    [layerClass.className, layerClass],
    [factoryName(layerClass.className), (args?: object | null) => new layerClass(args)],
  ]);
  return Object.fromEntries(pairs);
}

/** `im2colMaxPooling2d` for `Im2ColMaxPooling2D`, `maxUnpooling1d` for `MaxUnpooling1D`. */
function factoryName(className: string): string {
  return className.replace(/^(Im2Col|[A-Z])/, (start) => start.toLowerCase()).replace(/D$/, 'd');
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
  Object.values(made).forEach((one) => {
    if ('className' in one) registerClass(one as never);
  });
  return made;
}
