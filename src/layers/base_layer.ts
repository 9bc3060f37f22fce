/**
 * What all layers of this package share: their types, reading and writing configurations, the inputs' count, and the check
 * that layer and symbolic tensors come from one copy of tfjs. No pooling is computed here.
 */
import type { Tensor, serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import type { OrDefault, SpatialRank } from '../spec';
import { type Host, checkSymbolicInputs } from './host';

/** A shape of tfjs-layers: `null` is a size unknown until the model runs. */
export type Shape = Array<number | null>;
/** Further arguments of `call` and `apply`. */
export type Kwargs = Parameters<layers.Layer['call']>[1];
type ApplyInputs = Parameters<layers.Layer['apply']>[0];
type ApplyOutputs = ReturnType<layers.Layer['apply']>;

/** A layer's class: what `new`, `tf.serialization` and `tf.loadLayersModel` need. */
export interface LayerClass<Args, Instance> {
  new (args?: OrDefault<Args>): Instance;
  /** The name under which models are saved. */
  readonly className: string;
  /** A layer from what `getConfig` gave; `tf.loadLayersModel` calls it. */
  fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T;
}

/** A function that makes layers, as those of `tf.layers` do. */
export type LayerFactory<Args, Instance> = (args?: OrDefault<Args>) => Instance;

/** The classes of one kind: `Im2ColMaxPooling1D`, `2D` and `3D` for the name `Im2ColMaxPooling`. */
export type LayerClasses<Name extends string, Class> = {
  readonly [Rank in SpatialRank as `${Name}${Rank}D`]: Class;
};

/** Makes the base class of all layers for one copy of tfjs. */
export function defineBaseLayer(host: Host): typeof layers.Layer {
  return class BaseLayerOfHost extends host.layers.Layer {
    override apply(inputs: ApplyInputs, kwargs?: Kwargs): ApplyOutputs {
      checkSymbolicInputs(this.getClassName(), host, inputs);
      const { inputs: names = ['x'] } = this.constructor as { inputs?: readonly string[] };
      // Before tfjs counts them: its error prints the tensors, and where a GPU has to be waited for that may lose the device.
      checkCount(this.getClassName(), names, Array.isArray(inputs) ? inputs.length : 1);
      const outputs = super.apply(inputs, kwargs);
      // tfjs takes every symbolic tensor for float32, and casts what flows through it; a second output is an argmax.
      if (Array.isArray(outputs) && outputs[1] instanceof host.SymbolicTensor) {
        Object.assign(outputs[1], { dtype: 'int32' });
      }
      return outputs;
    }

    static override fromConfig<T extends serialization.Serializable>(
      cls: serialization.SerializableConstructor<T>,
      config: serialization.ConfigDict,
    ): T {
      // tfjs adds its table of custom objects to every configuration that it reads.
      const { customObjects: _, ...args } = config;
      return new cls(args);
    }
  };
}

/** Options as plain, mutable JSON, as tfjs wants configurations. It has no infinity, which stays a string. */
export function plainCopy(options: object): serialization.ConfigDict {
  const text = JSON.stringify(options, (_, value: unknown) => (value === Infinity ? 'Infinity' : value));
  return JSON.parse(text) as serialization.ConfigDict;
}

/** The tensors that `call` gets, as a list of the expected length. */
export function inputTensors(name: string, expected: readonly string[], inputs: Tensor | Tensor[]): Tensor[] {
  const list = Array.isArray(inputs) ? inputs : [inputs];
  checkCount(name, expected, list.length);
  return list;
}

/** The shapes that `computeOutputShape` gets, as a list of the expected length. */
export function inputShapes(name: string, expected: readonly string[], shapes: Shape | Shape[]): Shape[] {
  const isOne = shapes.every((size) => !Array.isArray(size));
  const list = (isOne ? [shapes] : shapes) as Shape[];
  checkCount(name, expected, list.length);
  return list;
}

function checkCount(name: string, expected: readonly string[], count: number): void {
  if (count !== expected.length) {
    const what = expected.length === 1 ? 'exactly one input' : `${expected.length} inputs [${expected.join(', ')}]`;
    throw new Error(`${name}: expected ${what}; got ${count}.`);
  }
}

/** The entries of an object under some keys, own or inherited; null and undefined have none. */
export function pick<T extends object>(from: T | null | undefined, keys: readonly string[]): Partial<T> {
  if (from === null || from === undefined) return {};
  const present = keys.filter((key) => key in from);
  return Object.fromEntries(present.map((key) => [key, from[key as keyof T]])) as Partial<T>;
}
