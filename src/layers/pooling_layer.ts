/**
 * What all layers of this package share: arguments, configuration, input ranks and the check that
 * layer and symbolic tensors come from one copy of tfjs. No pooling is computed here.
 */
import type { Tensor, serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import {
  type PoolOptions,
  type PoolSpec,
  type SpatialRank,
  POOL_OPTION_NAMES,
  checkOptionNames,
  poolSpec,
} from '../spec';
import { type Host, checkSymbolicInputs } from './host';
import { LAYER_ARG_NAMES, type OrdinaryLayerArgs } from './layer_args';

/** A shape of tfjs-layers: `null` is a size unknown until the model runs. */
export type Shape = Array<number | null>;
/** Further arguments of `call` and `apply`. */
export type Kwargs = Parameters<layers.Layer['call']>[1];
export type ApplyInputs = Parameters<layers.Layer['apply']>[0];
export type ApplyOutputs = ReturnType<layers.Layer['apply']>;

/** The options of pooling, and the arguments that every layer of tfjs takes. */
export interface PoolingLayerArgs extends PoolOptions, OrdinaryLayerArgs {}

/** What a pooling layer has beside what every layer has. */
export interface PoolingLayerProperties {
  /** The options, complete: every default filled in, one value per spatial axis. */
  readonly spec: PoolSpec;
}

/** The part of {@link PoolingLayer} that its subclasses see. */
export type PoolingLayer = layers.Layer & PoolingLayerProperties & { readonly options: PoolOptions };

/** What a subclass pins. */
export interface PoolingLayerConstants {
  readonly className: string;
  readonly rank: SpatialRank;
  /** The layer's own arguments, beside those of {@link PoolingLayerArgs}. */
  readonly ownArgs: readonly string[];
  readonly inputs: readonly string[];
}

/** A layer's class: what `new`, `tf.serialization` and `tf.loadLayersModel` need. */
export interface LayerClass<Args, Instance> {
  new (args?: Args): Instance;
  /** The name under which models are saved. */
  readonly className: string;
  /** A layer from what `getConfig` gave; `tf.loadLayersModel` calls it. */
  fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T;
}

/** A function that makes layers, as those of `tf.layers` do. */
export type LayerFactory<Args, Instance> = (args?: Args) => Instance;

/** The classes of one kind: `Im2ColMaxPooling1D`, `2D` and `3D` for the name `Im2ColMaxPooling`. */
export type LayerClasses<Name extends string, Class> = {
  readonly [Rank in SpatialRank as `${Name}${Rank}D`]: Class;
};

/** The base class, whose subclasses pin {@link PoolingLayerConstants}. */
export type PoolingLayerBase = LayerClass<PoolingLayerArgs, PoolingLayer> & PoolingLayerConstants;

/** Makes the base class for one copy of tfjs. */
export function definePoolingLayer(host: Host): PoolingLayerBase {
  return class PoolingLayerOfHost extends host.layers.Layer implements PoolingLayerProperties {
    static readonly className: string = 'PoolingLayer';
    static readonly rank: SpatialRank = 2;
    static readonly ownArgs: readonly string[] = [];
    static readonly inputs: readonly string[] = ['x'];

    readonly spec: PoolSpec;
    readonly options: PoolOptions;

    constructor(args: PoolingLayerArgs = {}) {
      const { className, rank, ownArgs, inputs } = new.target as PoolingLayerConstants;
      checkOptionNames(className, args, [...POOL_OPTION_NAMES, ...ownArgs, ...LAYER_ARG_NAMES]);
      const spec = poolSpec(className, rank, pick(args, POOL_OPTION_NAMES));
      super(pick(args, LAYER_ARG_NAMES));
      this.spec = spec;
      this.options = pick(spec, POOL_OPTION_NAMES);
      this.inputSpec = inputs.map(() => new host.InputSpec({ ndim: rank + 2 }));
    }

    override apply(inputs: ApplyInputs, kwargs?: Kwargs): ApplyOutputs {
      checkSymbolicInputs(this.getClassName(), host, inputs);
      return super.apply(inputs, kwargs);
    }

    override getConfig(): serialization.ConfigDict {
      return { ...configOf(this.spec), ...super.getConfig() };
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

/** Plain, mutable JSON, as tfjs wants configurations. */
function configOf(spec: PoolSpec): serialization.ConfigDict {
  return {
    poolSize: [...spec.poolSize],
    strides: [...spec.strides],
    padding: typeof spec.padding === 'string' ? spec.padding : spec.padding.map((pair) => [...pair]),
    dilationRate: [...spec.dilationRate],
    ceilMode: spec.ceilMode,
    dataFormat: spec.dataFormat,
    nan: spec.nan,
    implementation: spec.implementation,
  };
}

/** The entries of an object under some keys. */
export function pick<T extends object>(from: T, keys: readonly string[]): Partial<T> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key))) as Partial<T>;
}
