/** The operation of each kind of pooling (see kinds.ts), as its layers and `comparePooling` call it. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SpatialRank } from '../spec';
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
import { globalAveragePool1d, globalAveragePool2d, globalAveragePool3d } from './global_average_pool';
import { globalMaxPool1d, globalMaxPool2d, globalMaxPool3d } from './global_max_pool';
import { lpPool1d, lpPool2d, lpPool3d } from './lp_pool';
import {
  type ValuesAndArgmax,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  maxPoolWithArgmax1d,
  maxPoolWithArgmax2d,
  maxPoolWithArgmax3d,
} from './max_pool';

/**
 * Complete options to what a layer computes: its inputs to its output, or to [values, argmax]. Errors that are not an
 * operation's begin with `name`.
 */
export type KindOperation = (
  rank: SpatialRank,
  options: object,
) => (inputs: readonly Tensor[], name: string) => Tensor | Tensor[];

/** An operation on one tensor, whose options are of its kind. */
type Pool = { of(x: Tensor, options: object): Tensor }['of'];
type PoolWithArgmax = { of(x: Tensor, options: object): ValuesAndArgmax }['of'];
type OfRank<Operation> = Readonly<Record<SpatialRank, Operation>>;

/** By the names of the kinds. */
export const OPERATIONS: Record<string, KindOperation> = {
  max: poolingWithArgmax(
    { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d },
    { 1: maxPoolWithArgmax1d, 2: maxPoolWithArgmax2d, 3: maxPoolWithArgmax3d },
  ),
  average: pooling({ 1: averagePool1d, 2: averagePool2d, 3: averagePool3d }),
  globalMax: pooling({ 1: globalMaxPool1d, 2: globalMaxPool2d, 3: globalMaxPool3d }),
  globalAverage: pooling({ 1: globalAveragePool1d, 2: globalAveragePool2d, 3: globalAveragePool3d }),
  adaptiveMax: poolingWithArgmax(
    { 1: adaptiveMaxPool1d, 2: adaptiveMaxPool2d, 3: adaptiveMaxPool3d },
    { 1: adaptiveMaxPoolWithArgmax1d, 2: adaptiveMaxPoolWithArgmax2d, 3: adaptiveMaxPoolWithArgmax3d },
  ),
  adaptiveAverage: pooling({ 1: adaptiveAveragePool1d, 2: adaptiveAveragePool2d, 3: adaptiveAveragePool3d }),
  lp: pooling({ 1: lpPool1d, 2: lpPool2d, 3: lpPool3d }),
};

/** The operation of a kind whose layers do what it does. */
function pooling(pool: OfRank<Pool>): KindOperation {
  return (rank, options) => {
    const poolOfRank = pool[rank];
    return ([x]) => poolOfRank(x, options);
  };
}

/** The same where a layer with `returnArgmax` gives the argmax, too. */
function poolingWithArgmax(pool: OfRank<Pool>, withArgmax: OfRank<PoolWithArgmax>): KindOperation {
  return (rank, given) => {
    const { returnArgmax, ...options } = given as { returnArgmax?: boolean };
    if (!returnArgmax) return pooling(pool)(rank, options);
    return ([x]) => {
      const { values, argmax } = withArgmax[rank](x, options);
      return [values, argmax];
    };
  };
}
