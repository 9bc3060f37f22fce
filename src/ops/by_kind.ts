/** The operation of each kind of pooling (see kinds.ts), as its layers and `comparePooling` call it. */
import { type Tensor, cast, tidy } from '@tensorflow/tfjs-core';
import type { GlobalPoolSpec } from '../global';
import { sizeOf } from '../layout';
import type { PoolSpec, SpatialRank } from '../spec';
import { unpooledShape } from '../unpooled_shape';
import { adaptiveAveragePool1d, adaptiveAveragePool2d, adaptiveAveragePool3d } from './adaptive_average_pool';
import {
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  adaptiveMaxPoolWithArgmax1d,
  adaptiveMaxPoolWithArgmax2d,
  adaptiveMaxPoolWithArgmax3d,
} from './adaptive_max_pool';
import { averagePool1d, averagePool2d, averagePool3d } from './average_pool';
import { checkTaps, trustTaps } from './checked_taps';
import { globalAveragePool1d, globalAveragePool2d, globalAveragePool3d } from './global_average_pool';
import { globalMaxPool1d, globalMaxPool2d, globalMaxPool3d } from './global_max_pool';
import { lpPool1d, lpPool2d, lpPool3d } from './lp_pool';
import { averageOfUnmasked } from './masked_average';
import {
  type ValuesAndArgmax,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  maxPoolWithArgmax1d,
  maxPoolWithArgmax2d,
  maxPoolWithArgmax3d,
} from './max_pool';
import { maxUnpool1d, maxUnpool2d, maxUnpool3d } from './max_unpool';

/** A layer's inputs to its output, or to [values, argmax]. Errors that are not an operation's begin with `name`. */
type Compute = (inputs: readonly Tensor[], name: string) => Tensor | Tensor[];

/** What a kind of pooling computes. */
export interface KindOperation {
  /** With options: a layer's, complete, or a user's. */
  bind(rank: SpatialRank, options: object): Compute;
  /** Where the 1-D layer honours a mask, [batch, length]: x to y without the steps that it leaves out. */
  masked?(name: string, spec: object, x: Tensor, mask: Tensor): Tensor;
}

/** An operation on one tensor, whose options are of its kind. */
type Pool = { of(x: Tensor, options: object): Tensor }['of'];
type PoolWithArgmax = { of(x: Tensor, options: object): ValuesAndArgmax }['of'];
type OfRank<Operation> = Readonly<Record<SpatialRank, Operation>>;

/** The operation of a kind whose layers do what it does. */
export function pooling(pool: OfRank<Pool>): KindOperation {
  return {
    bind: (rank, options) => {
      const poolOfRank = pool[rank];
      return ([x]) => poolOfRank(x, options);
    },
  };
}

/** The same where a layer with `returnArgmax` gives the argmax, too. */
function poolingWithArgmax(pool: OfRank<Pool>, withArgmax: OfRank<PoolWithArgmax>): KindOperation {
  return {
    bind(rank, given) {
      const { returnArgmax, ...options } = given as { returnArgmax?: boolean };
      if (!returnArgmax) return pooling(pool).bind(rank, options);
      return ([x]) => {
        const { values, argmax } = withArgmax[rank](x, options);
        return [values, argmax];
      };
    },
  };
}

const MAX_UNPOOL = { 1: maxUnpool1d, 2: maxUnpool2d, 3: maxUnpool3d };

const unpooling: KindOperation = {
  bind(rank, given) {
    const { outputSize, ...options } = given as Omit<PoolSpec, 'rank'> & { outputSize: readonly number[] | null };
    return ([values, argmax], name) => {
      const xShape = unpooledShape(name, { rank, outputSize, ...options }, values.shape, argmax.shape) as number[];
      return tidy(() => MAX_UNPOOL[rank](values, tapsOf(name, argmax, sizeOf(options.poolSize)), xShape, options));
    };
  },
};

/** tfjs casts what enters or leaves a nested model to float32; tap numbers survive that exactly. */
function tapsOf(name: string, argmax: Tensor, taps: number): Tensor {
  if (argmax.dtype !== 'float32') return argmax;
  checkTaps(name, argmax, taps);
  const cast32 = cast(argmax, 'int32');
  trustTaps(cast32, taps);
  return cast32;
}

/** By the names of the kinds. */
export const OPERATIONS: Record<string, KindOperation> = /* @__PURE__ */ operations();

function operations(): Record<string, KindOperation> {
  return {
    max: poolingWithArgmax(
      { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d },
      { 1: maxPoolWithArgmax1d, 2: maxPoolWithArgmax2d, 3: maxPoolWithArgmax3d },
    ),
    unpooling,
    average: pooling({ 1: averagePool1d, 2: averagePool2d, 3: averagePool3d }),
    globalMax: pooling({ 1: globalMaxPool1d, 2: globalMaxPool2d, 3: globalMaxPool3d }),
    globalAverage: {
      ...pooling({ 1: globalAveragePool1d, 2: globalAveragePool2d, 3: globalAveragePool3d }),
      masked: (name, spec: GlobalPoolSpec, x, mask) => averageOfUnmasked(name, spec, x, mask),
    },
    adaptiveMax: poolingWithArgmax(
      { 1: adaptiveMaxPool1d, 2: adaptiveMaxPool2d, 3: adaptiveMaxPool3d },
      { 1: adaptiveMaxPoolWithArgmax1d, 2: adaptiveMaxPoolWithArgmax2d, 3: adaptiveMaxPoolWithArgmax3d },
    ),
    adaptiveAverage: pooling({ 1: adaptiveAveragePool1d, 2: adaptiveAveragePool2d, 3: adaptiveAveragePool3d }),
    lp: pooling({ 1: lpPool1d, 2: lpPool2d, 3: lpPool3d }),
  };
}
