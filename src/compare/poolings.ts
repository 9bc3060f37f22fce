/** A case of comparePooling with its options read: our operation, what TensorFlow.js has for it, and what the contract says. */
import type { AdaptivePoolSpec } from '../adaptive';
import type { GlobalPoolSpec } from '../global';
import { type PoolingKind, poolings } from '../kinds';
import { type LpPoolSpec, exponentOf } from '../lp';
import { OPERATIONS } from '../ops/by_kind';
import { oneOf, readOptions } from '../options';
import type { PoolSpec, SpatialRank } from '../spec';
import { type Builtin, builtinOf } from './builtin';
import { statedAverages } from './contract/averages';
import { statedMaxima } from './contract/maxima';
import { statedAbsoluteNorms, statedNorms } from './contract/norms';
import { statedReduction } from './contract/reductions';
import type { Precision } from './contract/rounding';
import type { Statement } from './contract/statement';
import { type Windows, adaptiveWindows, slidingWindows, wholeImage } from './contract/windows';
import type { Pooling } from './measure';
import type { CompareCase } from './report';

/** A pooling with its options read. */
export interface PreparedPooling {
  readonly ours: Pooling;
  /** What TensorFlow.js has for it, or the reason why there is nothing. */
  readonly builtin: Builtin | string;
  /** What the contract says of an input. */
  stated(x: ArrayLike<number>, precision: Precision): Statement;
}

/** The kind of that name; `max` where there is none. @throws Error naming the option, if it is no kind that can be compared */
export function comparedKind(name: string, pooling: unknown): PoolingKind {
  const all = poolings();
  const names = all.map((kind) => kind.name);
  const named = oneOf(name, 'pooling', names, pooling ?? 'max');
  return all[names.indexOf(named)]!;
}

/** The pooling of a case. @throws Error if it is none of these, an option is wrong, or the windows do not fit the shape */
export function preparePooling(name: string, rank: SpatialRank, { shape, ...given }: CompareCase): PreparedPooling {
  const kind = comparedKind(name, given.pooling);
  const { rank: _, ...options } = readOptions(name, rank, kind.options, given.options);
  // Kinds that have no rule for NaN propagate it.
  const spec = { nan: 'propagate', ...options, rank } as object as AnySpec;
  kind.windows.check(name, spec, shape);
  return {
    ours: (x) => OPERATIONS[kind.name]![rank](x, options),
    builtin: builtinOf(kind, spec),
    stated: (x, precision) => statedBy(kind, spec, x, shape, precision),
  };
}

/** A spec of any kind: what its functions read is there. */
type AnySpec = PoolSpec & GlobalPoolSpec & AdaptivePoolSpec & Pick<LpPoolSpec, 'p' | 'absolute'>;

function statedBy(
  kind: PoolingKind,
  spec: AnySpec,
  x: ArrayLike<number>,
  shape: readonly number[],
  precision: Precision,
): Statement {
  const windows = WINDOWS[kind.windows.rule](shape, spec);
  const { reduces } = kind;
  if (typeof reduces === 'function')
    return statedReduction(x, shape, windows, (elements) => reduces(elements, spec), precision);
  switch (reduces) {
    case 'mean':
      return statedAverages(x, shape, windows, kind.divisor?.(spec) ?? 'real', precision);
    case 'norm':
      return (spec.absolute ? statedAbsoluteNorms : statedNorms)(x, shape, windows, exponentOf(spec), precision);
    default:
      return statedMaxima(x, shape, windows, spec.nan);
  }
}

const WINDOWS: Record<PoolingKind['windows']['rule'], (shape: readonly number[], spec: AnySpec) => Windows> = {
  sliding: slidingWindows,
  whole: wholeImage,
  adaptive: adaptiveWindows,
};
