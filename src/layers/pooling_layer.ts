/**
 * The one layer class around an operation: arguments, configuration, saving, shapes and masks are handled here; the kind of
 * pooling (kinds.ts) says which arguments there are, its operation computes.
 */
import type { Tensor, serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { type PoolingKind, layerOptionsOf, ownOptionName } from '../kinds';
import type { Layout } from '../layout';
import { isList, optionNames, readOptions } from '../options';
import { isArray, show } from '../show';
import type { OrDefault, SpatialRank } from '../spec';
import { type Host, checkInputs, checkSymbolicInputs } from './host';
import { LAYER_ARG_NAMES, type OrdinaryLayerArgs } from './layer_args';
import { computeOf, maskedOperation, outputShapeOf } from './layer_operations';
import { type Kwargs, stepMask } from './step_mask';

/** A shape of tfjs-layers: `null` is a size unknown until the model runs. */
type Shape = Array<number | null>;
type Apply = layers.Layer['apply'];
/** A class as `definePoolingLayer` makes it, whatever the kind. */
export interface AnyPoolingLayerClass {
  new (args?: OrDefault<object>): layers.Layer;
  readonly className: string;
}

/** Makes the class of a kind and a number of spatial axes for one copy of tfjs. */
export function definePoolingLayer(host: Host, kind: PoolingKind, rank: SpatialRank): AnyPoolingLayerClass {
  const { inputs: inputNames = ['x'], beside = [] } = kind;
  const arguments_ = layerOptionsOf(kind);
  const specNames = optionNames(arguments_).filter((option) => !beside.includes(option));
  const masked = maskedOperation(kind);

  return class PoolingLayerOfHost extends host.layers.Layer {
    static readonly className: string = `${kind.layer}${rank}D`;

    readonly spec: object;
    /** All arguments, complete. */
    private readonly read: object;
    private readonly compute: ReturnType<typeof computeOf>;
    private isApplied = false;
    private isNested = false;

    constructor(args?: OrDefault<object>) {
      const { className } = new.target as { className: string };
      const read = readOptions(className, rank, arguments_, args, LAYER_ARG_NAMES);
      const given = pick<OrdinaryLayerArgs>(args, LAYER_ARG_NAMES);
      super({ ...given, name: given.name ?? automaticName(className) });
      this.read = read;
      this.spec = beside.length === 0 ? read : Object.freeze(pick(read, ['rank', ...specNames]));
      this.compute = computeOf(kind, rank, pick(read, optionNames(arguments_)));
      Object.assign(this, pick(read, beside));
      this.inputSpec = inputNames.map(() => new host.InputSpec({ ndim: rank + 2 }));
      // Keras' other pooling layers pool all of their input, as these do.
      this.supportsMasking = rank === 1 && masked !== undefined;
    }

    override apply(inputs: Parameters<Apply>[0], kwargs?: Kwargs): ReturnType<Apply> {
      const name = this.getClassName();
      checkSymbolicInputs(name, host, inputs);
      // Before tfjs counts them: its error prints the tensors, and where a GPU has to be waited for that may lose the device.
      const list = listOf(name, inputNames, inputs, isArray(inputs));
      checkInputs(name, host, this.spec as Layout, inputNames, list);
      this.isApplied = true;
      try {
        const outputs = super.apply(inputs, kwargs);
        // tfjs takes every symbolic tensor for float32, and casts what flows through it; a second output is an argmax.
        if (Array.isArray(outputs) && outputs[1] instanceof host.SymbolicTensor) {
          Object.assign(outputs[1], { dtype: 'int32' });
        }
        return outputs;
      } finally {
        this.isApplied = false;
      }
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
      // A model asks its layers for their shapes when it is itself applied, as a layer of another model.
      if (!this.isApplied) this.isNested = true;
      const name = this.getClassName();
      const areSeveral = isList(inputShape) && Array.from<unknown>(inputShape).some(isList);
      const shapes = listOf<Shape>(name, inputNames, inputShape, areSeveral);
      const strange = shapes.findIndex((shape) => !isList(shape));
      if (strange >= 0) throw new Error(`${name}: expected an input shape; got ${show(shapes[strange])}.`);
      const output = outputShapeOf(kind, name, this.read, shapes);
      return (this.read as { returnArgmax?: boolean }).returnArgmax ? [output, [...output]] : output;
    }

    override call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor | Tensor[] {
      const tensors = listOf<Tensor>(this.getClassName(), inputNames, inputs, Array.isArray(inputs));
      this.invokeCallHook(inputs, kwargs);
      const mask = this.supportsMasking ? stepMask(this, kwargs, this.isNested) : undefined;
      return mask && masked
        ? masked(this.getClassName(), this.spec, tensors[0]!, mask)
        : this.compute(tensors, this.getClassName());
    }

    override computeMask(inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
      // There are no steps left that a mask could be of; tfjs' type has no null.
      return this.supportsMasking ? (null as never) : super.computeMask(inputs, mask);
    }

    override getConfig(): serialization.ConfigDict {
      return {
        ...plainCopy(pick(this.read, specNames)),
        ...super.getConfig(),
        ...plainCopy(pick(this.read, beside)),
      };
    }

    static override fromConfig<T extends serialization.Serializable>(
      cls: serialization.SerializableConstructor<T>,
      config: serialization.ConfigDict,
    ): T {
      // tfjs adds its table of custom objects to every configuration that it reads.
      const { customObjects: _, ...args } = config;
      const named = Object.entries(args).map(([key, value]) => [ownOptionName(kind, key) ?? key, value] as const);
      return new cls(Object.fromEntries(named));
    }
  };
}

/** How many layers of a class have got an automatic name. */
const named = new Map<string, number>();

/** As tfjs numbers layers, without the class name twice: `im2col_max_pooling2d_1`. */
function automaticName(className: string): string {
  const count = (named.get(className) ?? 0) + 1;
  named.set(className, count);
  const words = className.replace(/^Im2Col/, 'Im2col').replace(/([a-z])([A-Z])/g, '$1_$2');
  return `${words.toLowerCase()}_${count}`;
}

/** Options as plain, mutable JSON, as tfjs wants configurations. It has no infinity, which stays a string. */
function plainCopy(options: object): serialization.ConfigDict {
  const text = JSON.stringify(options, (_, value: unknown) => (value === Infinity ? 'Infinity' : value));
  return JSON.parse(text) as serialization.ConfigDict;
}

/** Inputs or their shapes, one or several, as a list. @throws Error unless they are as many as there are names */
function listOf<T>(name: string, names: readonly string[], given: unknown, isList: boolean): T[] {
  const list = (isList ? given : [given]) as T[];
  if (list.length !== names.length) {
    const what = names.length === 1 ? 'exactly one input' : `${names.length} inputs [${names.join(', ')}]`;
    throw new Error(`${name}: expected ${what}; got ${list.length}.`);
  }
  return list;
}

/** The entries of an object under some keys, own or inherited; null and undefined have none. */
function pick<T extends object>(from: OrDefault<T>, keys: readonly string[]): Partial<T> {
  if (from === null || from === undefined) return {};
  const present = keys.filter((key) => key in from);
  return Object.fromEntries(present.map((key) => [key, from[key as keyof typeof from]])) as Partial<T>;
}
