/**
 * MaxUnpooling1D, 2D and 3D: one n-dimensional layer around the operations maxUnpool. Their
 * documentation is in max_layers.ts, where users meet them.
 */
import { type Tensor, type serialization, cast, tidy } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { sizeOf } from '../layout';
import { checkTaps, trustTaps } from '../ops/checked_taps';
import { maxUnpool1d, maxUnpool2d, maxUnpool3d } from '../ops/max_unpool';
import { POOLING_OPTIONS, type SpecOf } from '../options';
import { type OrDefault, type PerAxis, type SpatialRank, show } from '../spec';
import {
  type Kwargs,
  type LayerClass,
  type LayerClasses,
  type LayerFactory,
  type Shape,
  inputShapes,
  inputTensors,
} from './base_layer';
import type { Host } from './host';
import { type PoolingLayerArgs, type PoolingLayerProperties, definePoolingLayer } from './pooling_layer';
import { unpooledShape } from './unpooled_shape';

/** The arguments of the MaxUnpooling layers: the options of the pooling that is undone, and: */
export interface MaxUnpoolingArgs extends PoolingLayerArgs {
  /**
   * The spatial size to restore, as the pooling's input had it: an integer, or one per axis. Default:
   * `(size - 1) * strides - before - after + span` per axis, for `'same'` `size * strides`.
   */
  outputSize?: PerAxis | null;
}

/** What a MaxUnpooling layer has beside what every layer has. */
export interface MaxUnpoolingProperties extends PoolingLayerProperties {
  /** One size per spatial axis; null for the default. */
  readonly outputSize: readonly number[] | null;
}

/** A MaxUnpooling1D, 2D or 3D layer; `Layer` is the layer class of the tfjs that it belongs to. */
export type MaxUnpoolingLayer<Layer extends object = layers.Layer> = Layer & MaxUnpoolingProperties;
/** The class of such layers. */
export type MaxUnpoolingClass<Layer extends object = layers.Layer> = LayerClass<
  MaxUnpoolingArgs,
  MaxUnpoolingLayer<Layer>
>;
/** A function that makes such layers. */
export type MaxUnpoolingFactory<Layer extends object = layers.Layer> = LayerFactory<
  MaxUnpoolingArgs,
  MaxUnpoolingLayer<Layer>
>;

/** The classes of one copy of tfjs. */
export type MaxUnpoolingClasses<Layer extends object = layers.Layer> = LayerClasses<
  'MaxUnpooling',
  MaxUnpoolingClass<Layer>
>;

const MAX_UNPOOL = { 1: maxUnpool1d, 2: maxUnpool2d, 3: maxUnpool3d } as const;

/** Makes the three classes for one copy of tfjs. */
export function defineMaxUnpooling(host: Host): MaxUnpoolingClasses {
  const MaxUnpooling = defineAnyRank(host);
  class MaxUnpooling1D extends MaxUnpooling {
    static override readonly className = 'MaxUnpooling1D';
    static override readonly rank: SpatialRank = 1;
  }
  class MaxUnpooling2D extends MaxUnpooling {
    static override readonly className = 'MaxUnpooling2D';
    static override readonly rank: SpatialRank = 2;
  }
  class MaxUnpooling3D extends MaxUnpooling {
    static override readonly className = 'MaxUnpooling3D';
    static override readonly rank: SpatialRank = 3;
  }
  return { MaxUnpooling1D, MaxUnpooling2D, MaxUnpooling3D };
}

/** The layer for any number of spatial axes. */
function defineAnyRank(host: Host) {
  return class MaxUnpooling extends definePoolingLayer(host) implements MaxUnpoolingProperties {
    static override readonly readers = POOLING_OPTIONS.unpoolingLayer;
    static override readonly inputs = ['values', 'argmax'];

    readonly outputSize: readonly number[] | null;

    constructor(args?: OrDefault<MaxUnpoolingArgs>) {
      super(args);
      this.outputSize = (this.read as SpecOf<typeof POOLING_OPTIONS.unpoolingLayer>).outputSize;
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      const [values, argmax] = inputShapes(this.getClassName(), MaxUnpooling.inputs, inputShape);
      checkSameShape(this.getClassName(), values, argmax);
      return unpooledShape(this.getClassName(), this.spec, values, this.outputSize);
    }

    override call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
      const [values, argmax] = inputTensors(this.getClassName(), MaxUnpooling.inputs, inputs);
      this.invokeCallHook(inputs, kwargs);
      const xShape = this.computeOutputShape([values.shape, argmax.shape]) as number[];
      return tidy(() => {
        const taps = argmax.dtype === 'float32' ? this.tapsOf(argmax) : argmax;
        return MAX_UNPOOL[this.spec.rank](values, taps, xShape, this.options);
      });
    }

    /** tfjs casts what enters or leaves a nested model to float32; tap numbers survive that exactly. */
    private tapsOf(argmax: Tensor): Tensor {
      const taps = sizeOf(this.spec.poolSize);
      checkTaps(this.getClassName(), argmax, taps);
      const cast32 = cast(argmax, 'int32');
      trustTaps(cast32, taps);
      return cast32;
    }

    override getConfig(): serialization.ConfigDict {
      return { ...super.getConfig(), outputSize: this.outputSize && [...this.outputSize] };
    }
  };
}

function checkSameShape(name: string, values: Shape, argmax: Shape): void {
  const differs = (size: number | null, i: number) => size !== null && argmax[i] !== null && size !== argmax[i];
  if (values.length !== argmax.length || values.some(differs)) {
    throw new Error(`${name}: expected values and argmax of the same shape; got ${show(values)} and ${show(argmax)}.`);
  }
}
