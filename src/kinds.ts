/**
 * The table of kinds: what tells one kind of pooling from the others. Layers, saving and loading, conversion, comparison,
 * `inspect` and the page read it. A kind is one entry here, its types in {@link PoolingKinds}, and its operation in
 * ops/by_kind.ts. No tensors and no tfjs import.
 */
import {
  type AdaptiveMaxPoolOptions,
  type AdaptiveMaxPoolSpec,
  type AdaptivePoolOptions,
  type AdaptivePoolSpec,
  adaptiveGeometry,
  adaptivePoolOutputShape,
} from './adaptive';
import { type AveragePoolOptions, type AveragePoolSpec, type Divisor, divisorOf } from './average';
import { poolGeometry, symbolicOutputShape } from './geometry';
import {
  type GlobalMaxPoolOptions,
  type GlobalMaxPoolSpec,
  type GlobalPoolOptions,
  type GlobalPoolSpec,
  globalPoolGeometry,
  globalPoolOutputShape,
} from './global';
import type { LpPoolOptions, LpPoolSpec } from './lp';
import { POOLING_OPTIONS, type Readers } from './options';
import {
  type ArgmaxOption,
  type Overlaps,
  type PerAxis,
  type PoolOptions,
  type PoolSpec,
  type SpatialRank,
  type UnpoolOptions,
  propagating,
} from './spec';

/** What a MaxUnpooling layer has beside the options of the pooling that is undone. */
export interface RestoredSizeOption<Rank extends SpatialRank = SpatialRank> {
  /**
   * The spatial size to restore, as the pooling's input had it: an integer, or one per axis. Default:
   * `(size - 1) * strides - before - after + span` per axis, for `'same'` `size * strides`.
   */
  outputSize?: PerAxis<Rank> | null;
}

/**
 * The kinds of pooling: how their layers' class names begin, the options of the operations, what layers have beside these, and
 * the properties of a layer. `spec` has the options, complete: every default filled in, one value per spatial axis.
 */
export interface PoolingKinds<Rank extends SpatialRank = SpatialRank> {
  max: {
    layer: 'Im2ColMaxPooling';
    options: PoolOptions<Rank>;
    beside: ArgmaxOption;
    properties: { readonly spec: PoolSpec; readonly returnArgmax: boolean };
  };
  unpooling: {
    layer: 'MaxUnpooling';
    options: UnpoolOptions<Rank>;
    beside: RestoredSizeOption<Rank>;
    properties: {
      readonly spec: PoolSpec & { readonly overlaps: Overlaps };
      readonly outputSize: readonly number[] | null;
    };
  };
  average: {
    layer: 'Im2ColAveragePooling';
    options: AveragePoolOptions<Rank>;
    beside: object;
    properties: { readonly spec: AveragePoolSpec };
  };
  globalMax: {
    layer: 'Im2ColGlobalMaxPooling';
    options: GlobalMaxPoolOptions;
    beside: object;
    properties: { readonly spec: GlobalMaxPoolSpec };
  };
  globalAverage: {
    layer: 'Im2ColGlobalAveragePooling';
    options: GlobalPoolOptions;
    beside: object;
    properties: { readonly spec: GlobalPoolSpec };
  };
  adaptiveMax: {
    layer: 'Im2ColAdaptiveMaxPooling';
    options: AdaptiveMaxPoolOptions<Rank>;
    beside: ArgmaxOption;
    properties: { readonly spec: AdaptiveMaxPoolSpec & { readonly returnArgmax: boolean } };
  };
  adaptiveAverage: {
    layer: 'Im2ColAdaptiveAveragePooling';
    options: AdaptivePoolOptions<Rank>;
    beside: object;
    properties: { readonly spec: AdaptivePoolSpec };
  };
  lp: {
    layer: 'Im2ColLpPooling';
    options: LpPoolOptions<Rank>;
    beside: object;
    properties: { readonly spec: LpPoolSpec };
  };
}

/** A shape of a layer; null is a size that is unknown until the model runs. */
type Shape = ReadonlyArray<number | null>;

/** Which elements a window holds. */
interface WindowRule {
  /** `sliding`: poolSize, strides, padding, dilation; `whole`: all of the image; `adaptive`: made to fit an output size. */
  readonly rule: 'sliding' | 'whole' | 'adaptive';
  /** A layer's output shape. @throws Error if the windows do not fit the input */
  outputShape(name: string, spec: object, shape: Shape): Array<number | null>;
  /** @throws Error, an operation's own, if the windows do not fit an input of that shape */
  check(name: string, spec: object, xShape: readonly number[]): void;
}

const SLIDING: WindowRule = {
  rule: 'sliding',
  outputShape: (name, spec: PoolSpec, shape) => symbolicOutputShape(name, spec, shape),
  check: (name, spec: PoolSpec, xShape) => poolGeometry(name, propagating(spec), xShape),
};
const WHOLE: WindowRule = {
  rule: 'whole',
  outputShape: (name, spec: GlobalPoolSpec, shape) => globalPoolOutputShape(name, spec, shape),
  check: (name, spec: GlobalPoolSpec, xShape) => globalPoolGeometry(name, spec, xShape),
};
const ADAPTIVE: WindowRule = {
  rule: 'adaptive',
  outputShape: (name, spec: AdaptivePoolSpec, shape) => adaptivePoolOutputShape(name, spec, shape),
  check: (name, spec: AdaptivePoolSpec, xShape) => adaptiveGeometry(name, spec, xShape),
};

/**
 * A reduction of a kind's own: of the real elements of a window, in row-major order, the value and its derivative by each
 * element, in double precision. Results are judged by it.
 */
export type Reduction = (
  elements: readonly number[],
  spec: object,
) => { readonly value: number; readonly slopes: readonly number[] };

/** An entry of the table. Functions get a spec that `options`, for a layer `layerOptions`, made. */
export interface PoolingKind {
  /** As `comparePooling` and operations call it: `globalMax`, `globalMaxPool2d`. */
  readonly name: string;
  /** As readers call it: `global max`. */
  readonly label: string;
  /** What class names begin with, under which models are saved: 1D, 2D or 3D follows. */
  readonly layer: string;
  /** The options of the operation. */
  readonly options: Readers;
  /** The arguments of the layers, if there are more: those of the operation first. */
  readonly layerOptions?: Readers;
  /** The arguments that a layer keeps beside its spec, as properties, and at the end of its configuration. */
  readonly beside?: readonly string[];
  /** What the inputs of a layer are called, if it has more than one. */
  readonly inputs?: readonly string[];
  readonly windows: WindowRule;
  /** What becomes of a window's elements; undefined where no window is pooled. */
  readonly reduces?: 'max' | 'mean' | 'norm' | Reduction;
  /** What a mean is divided by. Default: the real elements. */
  divisor?(spec: object): Divisor;
  /** What TensorFlow.js and Keras have for it. */
  readonly builtin?: {
    /** The name of the layer in Keras and tf.layers: 1D, 2D or 3D follows. */
    readonly layer: string;
    /** The numbers of spatial axes for which tf.layers has it. */
    readonly ranks: readonly SpatialRank[];
    /** Names of options in Keras, where camel case does not give ours. */
    readonly optionNames?: Readonly<Record<string, string>>;
    /** The operation that `comparePooling` compares with. */
    readonly operation?: 'tf.maxPool' | 'tf.avgPool' | 'tf.max' | 'tf.mean';
  };
}

const ALL: readonly SpatialRank[] = [1, 2, 3];
const GLOBAL_NAMES = { keepdims: 'keepDims' };

/** All kinds, in the order in which they are listed to readers. Tests add their own: read it when it is needed. */
export const KINDS: PoolingKind[] = [
  {
    name: 'max',
    label: 'max',
    layer: 'Im2ColMaxPooling',
    options: POOLING_OPTIONS.max,
    layerOptions: POOLING_OPTIONS.maxLayer,
    beside: ['returnArgmax'],
    windows: SLIDING,
    reduces: 'max',
    builtin: { layer: 'MaxPooling', ranks: ALL, operation: 'tf.maxPool' },
  },
  {
    name: 'unpooling',
    label: 'max unpooling',
    layer: 'MaxUnpooling',
    options: POOLING_OPTIONS.unpooling,
    layerOptions: POOLING_OPTIONS.unpoolingLayer,
    beside: ['outputSize'],
    inputs: ['values', 'argmax'],
    windows: SLIDING,
  },
  {
    name: 'average',
    label: 'average',
    layer: 'Im2ColAveragePooling',
    options: POOLING_OPTIONS.average,
    windows: SLIDING,
    reduces: 'mean',
    divisor: divisorOf,
    builtin: { layer: 'AveragePooling', ranks: ALL, operation: 'tf.avgPool' },
  },
  {
    name: 'globalMax',
    label: 'global max',
    layer: 'Im2ColGlobalMaxPooling',
    options: POOLING_OPTIONS.globalMax,
    windows: WHOLE,
    reduces: 'max',
    builtin: { layer: 'GlobalMaxPooling', ranks: [1, 2], optionNames: GLOBAL_NAMES, operation: 'tf.max' },
  },
  {
    name: 'globalAverage',
    label: 'global average',
    layer: 'Im2ColGlobalAveragePooling',
    options: POOLING_OPTIONS.globalAverage,
    windows: WHOLE,
    reduces: 'mean',
    builtin: { layer: 'GlobalAveragePooling', ranks: [1, 2], optionNames: GLOBAL_NAMES, operation: 'tf.mean' },
  },
  {
    name: 'adaptiveMax',
    label: 'adaptive max',
    layer: 'Im2ColAdaptiveMaxPooling',
    options: POOLING_OPTIONS.adaptiveMax,
    layerOptions: POOLING_OPTIONS.adaptiveMaxLayer,
    windows: ADAPTIVE,
    reduces: 'max',
    builtin: { layer: 'AdaptiveMaxPooling', ranks: [] },
  },
  {
    name: 'adaptiveAverage',
    label: 'adaptive average',
    layer: 'Im2ColAdaptiveAveragePooling',
    options: POOLING_OPTIONS.adaptiveAverage,
    windows: ADAPTIVE,
    reduces: 'mean',
    builtin: { layer: 'AdaptiveAveragePooling', ranks: [] },
  },
  {
    name: 'lp',
    label: 'Lp',
    layer: 'Im2ColLpPooling',
    options: POOLING_OPTIONS.lp,
    windows: SLIDING,
    reduces: 'norm',
  },
];

/** The kinds that pool windows, which can be compared and shown. */
export function poolings(): PoolingKind[] {
  return KINDS.filter(({ reduces }) => reduces !== undefined);
}

/** The kind and the number of spatial axes of a layer, ours or the built-in one, by its class name. */
export function kindOfLayer(className: string): { kind: PoolingKind; rank: SpatialRank } | undefined {
  const [, name, digit] = /^(\w+)([123])D$/.exec(className) ?? [];
  if (name === undefined) return undefined;
  const kind = KINDS.find(({ layer, builtin }) => layer === name || builtin?.layer === name);
  return kind && { kind, rank: Number(digit) as SpatialRank };
}

/** Our name for an option that Keras calls otherwise; undefined where camel case gives it. */
export function ownOptionName(kind: PoolingKind | undefined, key: string): string | undefined {
  return Object.entries(kind?.builtin?.optionNames ?? {}).find(([theirs]) => theirs === key)?.[1];
}

/** All arguments of a kind's layers. */
export function layerOptionsOf({ options, layerOptions = options }: PoolingKind): Readers {
  return layerOptions;
}
