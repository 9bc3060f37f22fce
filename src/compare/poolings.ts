/** The poolings that can be compared: of each its options, our operation, what TensorFlow.js has for it, and what the contract says. */
import { adaptiveAxes } from '../adaptive';
import { averagePoolSpec } from '../average';
import { poolGeometry } from '../geometry';
import { globalPoolGeometry } from '../global';
import { type LpPoolOptions, lpPoolSpec } from '../lp';
import { adaptiveAveragePool1d, adaptiveAveragePool2d, adaptiveAveragePool3d } from '../ops/adaptive_average_pool';
import { adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d } from '../ops/adaptive_max_pool';
import { averagePool1d, averagePool2d, averagePool3d } from '../ops/average_pool';
import { globalAveragePool1d, globalAveragePool2d, globalAveragePool3d } from '../ops/global_average_pool';
import { globalMaxPool1d, globalMaxPool2d, globalMaxPool3d } from '../ops/global_max_pool';
import { lpPool1d, lpPool2d, lpPool3d } from '../ops/lp_pool';
import { maxPool1d, maxPool2d, maxPool3d } from '../ops/max_pool';
import { POOLING_OPTIONS, oneOf, optionNames, readOptions } from '../options';
import { type SpatialRank, poolSpec } from '../spec';
import { type Builtin, builtinAveragePooling, builtinGlobalPooling, builtinMaxPooling } from './builtin';
import { statedAverages } from './contract/averages';
import { statedMaxima } from './contract/maxima';
import { statedNorms } from './contract/norms';
import type { Precision } from './contract/rounding';
import type { Statement } from './contract/statement';
import { adaptiveWindows, slidingWindows, wholeImage } from './contract/windows';
import type { Pooling } from './measure';
import type { CompareCase, ComparedPooling } from './report';

/** A pooling with its options read. */
export interface PreparedPooling {
  readonly ours: Pooling;
  /** What TensorFlow.js has for it, or the reason why there is nothing. */
  readonly builtin: Builtin | string;
  /** What the contract says of an input. */
  stated(x: ArrayLike<number>, precision: Precision): Statement;
}

const OURS = {
  max: { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d },
  average: { 1: averagePool1d, 2: averagePool2d, 3: averagePool3d },
  globalMax: { 1: globalMaxPool1d, 2: globalMaxPool2d, 3: globalMaxPool3d },
  globalAverage: { 1: globalAveragePool1d, 2: globalAveragePool2d, 3: globalAveragePool3d },
  adaptiveMax: { 1: adaptiveMaxPool1d, 2: adaptiveMaxPool2d, 3: adaptiveMaxPool3d },
  adaptiveAverage: { 1: adaptiveAveragePool1d, 2: adaptiveAveragePool2d, 3: adaptiveAveragePool3d },
  lp: { 1: lpPool1d, 2: lpPool2d, 3: lpPool3d },
} as const;

export const POOLINGS = Object.keys(OURS) as ComparedPooling[];

/** The names of a pooling's options. */
export function optionNamesOf(pooling: ComparedPooling): readonly string[] {
  return optionNames(POOLING_OPTIONS[pooling]);
}

/** The pooling of a case. @throws Error if it is none of these, an option is wrong, or the windows do not fit the shape */
export function preparePooling(name: string, rank: SpatialRank, given: CompareCase): PreparedPooling {
  const { shape } = given;
  switch (given.pooling) {
    case undefined:
    case 'max': {
      const spec = poolSpec(name, rank, given.options);
      poolGeometry(name, spec, shape);
      return {
        ours: (x) => OURS.max[rank](x, given.options),
        builtin: builtinMaxPooling(spec),
        stated: (x) => statedMaxima(x, shape, slidingWindows(shape, spec), spec.nan),
      };
    }
    case 'average': {
      const { pool, divisor } = averagePoolSpec(name, rank, given.options);
      poolGeometry(name, pool, shape);
      return {
        ours: (x) => OURS.average[rank](x, given.options),
        builtin: builtinAveragePooling(pool, divisor === 'padded'),
        stated: (x, precision) => statedAverages(x, shape, slidingWindows(shape, pool), divisor, precision),
      };
    }
    case 'globalMax':
    case 'globalAverage':
      return prepareGlobal(name, rank, given);
    case 'adaptiveMax':
    case 'adaptiveAverage':
      return prepareAdaptive(name, rank, given);
    case 'lp':
      return prepareLp(name, rank, given);
    default:
      // Callers in JavaScript may have written anything.
      return oneOf(name, 'pooling', POOLINGS, (given as { pooling: unknown }).pooling) as never;
  }
}

type CaseOf<Pooling extends ComparedPooling> = Extract<CompareCase, { pooling: Pooling }>;

function prepareGlobal(
  name: string,
  rank: SpatialRank,
  given: CaseOf<'globalMax'> | CaseOf<'globalAverage'>,
): PreparedPooling {
  const { pooling, shape, options } = given;
  // For averages, which have no rule for NaN, this one changes nothing.
  const spec = { nan: 'propagate' as const, ...readOptions(name, rank, POOLING_OPTIONS[pooling], options) };
  globalPoolGeometry(name, spec, shape);
  const windows = () => wholeImage(shape, spec);
  return {
    ours: (x) => OURS[pooling][rank](x, options),
    builtin: builtinGlobalPooling(spec, pooling === 'globalMax' ? 'max' : 'mean'),
    stated: (x, precision) =>
      pooling === 'globalMax'
        ? statedMaxima(x, shape, windows(), spec.nan)
        : statedAverages(x, shape, windows(), 'real', precision),
  };
}

function prepareAdaptive(
  name: string,
  rank: SpatialRank,
  given: CaseOf<'adaptiveMax'> | CaseOf<'adaptiveAverage'>,
): PreparedPooling {
  const { pooling, shape, options } = given;
  const spec = { nan: 'propagate' as const, ...readOptions(name, rank, POOLING_OPTIONS[pooling], options) };
  adaptiveAxes(name, spec, shape);
  const windows = () => adaptiveWindows(shape, spec);
  return {
    ours: (x) => OURS[pooling][rank](x, options),
    builtin: 'TensorFlow.js has no adaptive pooling',
    stated: (x, precision) =>
      pooling === 'adaptiveMax'
        ? statedMaxima(x, shape, windows(), spec.nan)
        : statedAverages(x, shape, windows(), 'real', precision),
  };
}

function prepareLp(name: string, rank: SpatialRank, { shape, options }: CaseOf<'lp'>): PreparedPooling {
  const { pool, exponent } = lpPoolSpec(name, rank, options as LpPoolOptions);
  poolGeometry(name, pool, shape);
  return {
    ours: (x) => OURS.lp[rank](x, options as LpPoolOptions),
    builtin: 'TensorFlow.js has no Lp pooling',
    stated: (x, precision) => statedNorms(x, shape, slidingWindows(shape, pool), exponent, precision),
  };
}
