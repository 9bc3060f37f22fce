/** The options of Lp pooling. No tensors and no tfjs import. */
import { POOLING_OPTIONS, readOptions } from './options';
import { type OrDefault, type PoolSpec, type SpatialRank, type WindowOptions, propagating } from './spec';

/** Those of max pooling, without a rule for NaN (which always propagates), and: */
export interface LpPoolOptions<Rank extends SpatialRank = SpatialRank> extends WindowOptions<Rank> {
  /**
   * The exponent: a positive number, or Infinity (as from 2^24 on; in JSON `'Infinity'`) for the maximum of magnitudes.
   * Default 2.
   */
  p?: number | 'Infinity';
  /** True: powers of magnitudes, |x|^p, as ONNX has them. Default false: powers with their signs, as PyTorch has them. */
  absolute?: boolean;
}

/** Options with every default filled in. Frozen. */
export interface LpPoolSpec extends Omit<PoolSpec, 'nan'> {
  readonly p: number;
  readonly absolute: boolean;
}

/** From here on float32 does not know odd exponents from even ones, and a norm is the maximum to its last bit or so. */
const INFINITE_FROM = 2 ** 24;

/**
 * Checks options and fills in the defaults; `exponent` as {@link exponentOf} has it.
 *
 * @throws Error naming the option, what it expected and what it got
 */
export function lpPoolSpec(
  name: string,
  rank: SpatialRank,
  options?: OrDefault<LpPoolOptions>,
): { pool: PoolSpec; absolute: boolean; exponent: number } {
  const spec = readOptions(name, rank, POOLING_OPTIONS.lp, options);
  return { pool: propagating(spec), absolute: spec.absolute, exponent: exponentOf(spec) };
}

/** What to compute with: p, or Infinity where it is as good as that. */
export function exponentOf({ p }: Pick<LpPoolSpec, 'p'>): number {
  return p < INFINITE_FROM ? p : Infinity;
}
