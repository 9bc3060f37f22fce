/** The operation of each kind of pooling (see kinds.ts), by the number of spatial axes. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SpatialRank } from '../spec';
import { adaptiveAveragePool1d, adaptiveAveragePool2d, adaptiveAveragePool3d } from './adaptive_average_pool';
import { adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d } from './adaptive_max_pool';
import { averagePool1d, averagePool2d, averagePool3d } from './average_pool';
import { globalAveragePool1d, globalAveragePool2d, globalAveragePool3d } from './global_average_pool';
import { globalMaxPool1d, globalMaxPool2d, globalMaxPool3d } from './global_max_pool';
import { lpPool1d, lpPool2d, lpPool3d } from './lp_pool';
import { maxPool1d, maxPool2d, maxPool3d } from './max_pool';

/** x and the options of its kind to y. A method's parameters may be narrower: each operation has options of its own. */
type Pool = { of(x: Tensor, options: object): Tensor }['of'];

export const OPERATIONS: Record<string, Readonly<Record<SpatialRank, Pool>>> = {
  max: { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d },
  average: { 1: averagePool1d, 2: averagePool2d, 3: averagePool3d },
  globalMax: { 1: globalMaxPool1d, 2: globalMaxPool2d, 3: globalMaxPool3d },
  globalAverage: { 1: globalAveragePool1d, 2: globalAveragePool2d, 3: globalAveragePool3d },
  adaptiveMax: { 1: adaptiveMaxPool1d, 2: adaptiveMaxPool2d, 3: adaptiveMaxPool3d },
  adaptiveAverage: { 1: adaptiveAveragePool1d, 2: adaptiveAveragePool2d, 3: adaptiveAveragePool3d },
  lp: { 1: lpPool1d, 2: lpPool2d, 3: lpPool3d },
};
