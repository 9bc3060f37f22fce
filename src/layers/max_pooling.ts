/**
 * Im2ColMaxPooling1D, 2D and 3D: one n-dimensional layer around the operations maxPool and
 * maxPoolWithArgmax. Their documentation is in max_layers.ts, where users meet them.
 */
import type { Tensor, serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { symbolicOutputShape } from '../geometry';
import {
  maxPool1d,
  maxPool2d,
  maxPool3d,
  maxPoolWithArgmax1d,
  maxPoolWithArgmax2d,
  maxPoolWithArgmax3d,
} from '../ops/max_pool';
import { POOLING_OPTIONS, type SpecOf } from '../options';
import type { OrDefault, SpatialRank } from '../spec';
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

/** The arguments of the Im2ColMaxPooling layers. */
export interface Im2ColMaxPoolingArgs extends PoolingLayerArgs {
  /**
   * True: the layer has two outputs, [values, argmax], of the same shape; argmax is int32, as the
   * MaxUnpooling layers take it. Default false: values alone.
   */
  returnArgmax?: boolean;
}

/** What an Im2ColMaxPooling layer has beside what every layer has. */
export interface Im2ColMaxPoolingProperties extends PoolingLayerProperties {
  readonly returnArgmax: boolean;
}

/** An Im2ColMaxPooling1D, 2D or 3D layer; `Layer` is the layer class of the tfjs that it belongs to. */
export type Im2ColMaxPoolingLayer<Layer extends object = layers.Layer> = Layer & Im2ColMaxPoolingProperties;
/** The class of such layers. */
export type Im2ColMaxPoolingClass<Layer extends object = layers.Layer> = LayerClass<
  Im2ColMaxPoolingArgs,
  Im2ColMaxPoolingLayer<Layer>
>;
/** A function that makes such layers. */
export type Im2ColMaxPoolingFactory<Layer extends object = layers.Layer> = LayerFactory<
  Im2ColMaxPoolingArgs,
  Im2ColMaxPoolingLayer<Layer>
>;

/** The classes of one copy of tfjs. */
export type Im2ColMaxPoolingClasses<Layer extends object = layers.Layer> = LayerClasses<
  'Im2ColMaxPooling',
  Im2ColMaxPoolingClass<Layer>
>;

const MAX_POOL = { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d } as const;
const MAX_POOL_WITH_ARGMAX = { 1: maxPoolWithArgmax1d, 2: maxPoolWithArgmax2d, 3: maxPoolWithArgmax3d } as const;

/** Makes the three classes for one copy of tfjs. */
export function defineMaxPooling(host: Host): Im2ColMaxPoolingClasses {
  const Im2ColMaxPooling = defineAnyRank(host);
  class Im2ColMaxPooling1D extends Im2ColMaxPooling {
    static override readonly className = 'Im2ColMaxPooling1D';
    static override readonly rank: SpatialRank = 1;
  }
  class Im2ColMaxPooling2D extends Im2ColMaxPooling {
    static override readonly className = 'Im2ColMaxPooling2D';
    static override readonly rank: SpatialRank = 2;
  }
  class Im2ColMaxPooling3D extends Im2ColMaxPooling {
    static override readonly className = 'Im2ColMaxPooling3D';
    static override readonly rank: SpatialRank = 3;
  }
  return { Im2ColMaxPooling1D, Im2ColMaxPooling2D, Im2ColMaxPooling3D };
}

/** The layer for any number of spatial axes. */
function defineAnyRank(host: Host) {
  return class Im2ColMaxPooling extends definePoolingLayer(host) implements Im2ColMaxPoolingProperties {
    static override readonly readers = POOLING_OPTIONS.maxLayer;

    readonly returnArgmax: boolean;

    constructor(args?: OrDefault<Im2ColMaxPoolingArgs>) {
      super(args);
      this.returnArgmax = (this.read as SpecOf<typeof POOLING_OPTIONS.maxLayer>).returnArgmax;
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
      const [shape] = inputShapes(this.getClassName(), Im2ColMaxPooling.inputs, inputShape);
      const output = symbolicOutputShape(this.getClassName(), this.spec, shape);
      return this.returnArgmax ? [output, [...output]] : output;
    }

    override call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor | Tensor[] {
      const [x] = inputTensors(this.getClassName(), Im2ColMaxPooling.inputs, inputs);
      this.invokeCallHook(inputs, kwargs);
      if (!this.returnArgmax) return MAX_POOL[this.spec.rank](x, this.options);
      const { values, argmax } = MAX_POOL_WITH_ARGMAX[this.spec.rank](x, this.options);
      return [values, argmax];
    }

    override getConfig(): serialization.ConfigDict {
      return { ...super.getConfig(), returnArgmax: this.returnArgmax };
    }
  };
}
