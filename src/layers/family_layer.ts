/**
 * Layers of one input around an operation: a family is what the 1-D, 2-D and 3-D layer of one kind have in
 * common. Arguments, configuration, saving and shapes are handled here, the operation is the family's.
 */
import type { Tensor, serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { type Readers, optionNames, readOptions } from '../options';
import type { OrDefault, SpatialRank } from '../spec';
import {
  type Kwargs,
  type LayerClass,
  type LayerClasses,
  type LayerFactory,
  type Shape,
  defineBaseLayer,
  inputShapes,
  inputTensors,
  pick,
  plainCopy,
} from './base_layer';
import type { Host } from './host';
import { LAYER_ARG_NAMES, type OrdinaryLayerArgs } from './layer_args';
import { stepMask } from './step_mask';

/** The arguments of a family's layers: the operation's options, and every ordinary layer argument. */
export type FamilyArgs<Options> = Options & OrdinaryLayerArgs;

/** What such a layer has beside what every layer has: its options, complete. */
export interface FamilyProperties<Spec> {
  readonly spec: Spec;
}

/** A layer of a family; `Layer` is the layer class of the tfjs that it belongs to. */
export type FamilyLayer<Spec, Layer extends object = layers.Layer> = Layer & FamilyProperties<Spec>;
/** The class of such layers. */
export type FamilyClass<Options, Spec, Layer extends object = layers.Layer> = LayerClass<
  FamilyArgs<Options>,
  FamilyLayer<Spec, Layer>
>;
/** A function that makes such layers. */
export type FamilyFactory<Options, Spec, Layer extends object = layers.Layer> = LayerFactory<
  FamilyArgs<Options>,
  FamilyLayer<Spec, Layer>
>;

/** What tells a family from the others. */
export interface Family<Name extends string, Options extends object, Spec extends object> {
  /** What class names begin with, under which models are saved: 1D, 2D or 3D follows. */
  readonly name: Name;
  /** The options: arguments of the layers and entries of their configuration. */
  readonly options: Readers;
  /** Names that Keras has for options, where camel case does not give ours. */
  readonly kerasNames?: Readonly<Record<string, string>>;
  /** The output's shape, or the shapes of [values, argmax]. */
  outputShape(name: string, spec: Spec, shape: Shape): Shape | Shape[];
  /** x to y, or to [values, argmax]; the options are complete. */
  run(rank: SpatialRank, x: Tensor, options: Options): Tensor | Tensor[];
  /** Where the 1-D layer honours a mask, [batch, length]: x to y without the steps that it leaves out. */
  runMasked?(name: string, spec: Spec, x: Tensor, mask: Tensor): Tensor;
}

const INPUTS = ['x'];

/** Makes the three classes of a family for one copy of tfjs. */
export function defineFamily<Name extends string, Options extends object, Spec extends object>(
  host: Host,
  family: Family<Name, Options, Spec>,
): LayerClasses<Name, FamilyClass<Options, Spec>> {
  const classes = ([1, 2, 3] as const).map((rank) => defineOfRank(host, family, rank));
  return Object.fromEntries(classes.map((layerClass) => [layerClass.className, layerClass])) as LayerClasses<
    Name,
    FamilyClass<Options, Spec>
  >;
}

function defineOfRank<Name extends string, Options extends object, Spec extends object>(
  host: Host,
  family: Family<Name, Options, Spec>,
  rank: SpatialRank,
): FamilyClass<Options, Spec> {
  return class FamilyLayerOfHost extends defineBaseLayer(host) implements FamilyProperties<Spec> {
    static readonly className: string = `${family.name}${rank}D`;

    readonly spec: Spec;
    private readonly options: Options;
    private isApplied = false;
    private isNested = false;

    constructor(args?: OrDefault<FamilyArgs<Options>>) {
      const { className } = new.target as { className: string };
      const spec = readOptions(className, rank, family.options, args, LAYER_ARG_NAMES);
      super(pick<OrdinaryLayerArgs>(args, LAYER_ARG_NAMES));
      this.spec = spec as Spec;
      this.options = pick(spec, optionNames(family.options)) as Options;
      this.inputSpec = [new host.InputSpec({ ndim: rank + 2 })];
      // Keras' other pooling layers pool all of their input, as these do.
      this.supportsMasking = rank === 1 && family.runMasked !== undefined;
    }

    override apply(...args: Parameters<layers.Layer['apply']>): ReturnType<layers.Layer['apply']> {
      this.isApplied = true;
      try {
        return super.apply(...args);
      } finally {
        this.isApplied = false;
      }
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
      // A model asks its layers for their shapes when it is itself applied, as a layer of another model.
      if (!this.isApplied) this.isNested = true;
      const [shape] = inputShapes(this.getClassName(), INPUTS, inputShape);
      return family.outputShape(this.getClassName(), this.spec, shape);
    }

    override call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor | Tensor[] {
      const [x] = inputTensors(this.getClassName(), INPUTS, inputs);
      this.invokeCallHook(inputs, kwargs);
      const mask = this.supportsMasking ? stepMask(this, kwargs, this.isNested) : undefined;
      return mask && family.runMasked
        ? family.runMasked(this.getClassName(), this.spec, x, mask)
        : family.run(rank, x, this.options);
    }

    override computeMask(inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
      // There are no steps left that a mask could be of; tfjs' type has no null.
      return this.supportsMasking ? (null as never) : super.computeMask(inputs, mask);
    }

    override getConfig(): serialization.ConfigDict {
      return { ...plainCopy(this.options), ...super.getConfig() };
    }

    static override fromConfig<T extends serialization.Serializable>(
      cls: serialization.SerializableConstructor<T>,
      config: serialization.ConfigDict,
    ): T {
      const renamed = Object.entries(config).map(([key, value]) => [family.kerasNames?.[key] ?? key, value] as const);
      return super.fromConfig(cls, Object.fromEntries(renamed));
    }
  };
}
