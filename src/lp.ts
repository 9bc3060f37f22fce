/** The options of Lp pooling. No tensors and no tfjs import. */
import { type PoolOptions, type PoolSpec, POOL_OPTION_NAMES, type SpatialRank, poolSpec, show } from './spec';

/** Those of max pooling, without a rule for NaN (which always propagates), and: */
export interface LpPoolOptions extends Omit<PoolOptions, 'nan'> {
  /** The exponent: a positive number, or Infinity (as from 2^24 on) for the maximum of magnitudes. Default 2. */
  p?: number;
}

/** Options with every default filled in. Frozen. */
export interface LpPoolSpec extends Omit<PoolSpec, 'nan'> {
  readonly p: number;
}

export const LP_POOL_OPTION_NAMES: readonly string[] = [...POOL_OPTION_NAMES.filter((name) => name !== 'nan'), 'p'];

/** From here on float32 does not know odd exponents from even ones, and a norm is the maximum to its last bit or so. */
const INFINITE_FROM = 2 ** 24;

/**
 * Checks options and fills in the defaults. `exponent` is what to compute with: p, or Infinity where it is as good as that.
 *
 * @throws Error naming the option, what it expected and what it got
 */
export function lpPoolSpec(
  name: string,
  rank: SpatialRank,
  options: LpPoolOptions = {},
): { pool: PoolSpec; p: number; exponent: number } {
  const pool = poolSpec(name, rank, options, LP_POOL_OPTION_NAMES);
  // JSON has no infinity; a saved layer's is a string, which tfjs writes in its own way.
  const p: unknown = /^infinity$/i.test(String(options.p)) ? Infinity : (options.p ?? 2);
  if (typeof p !== 'number' || !(p > 0))
    throw new Error(`${name}: expected p to be a positive number; got ${show(p)}.`);
  return { pool, p, exponent: p < INFINITE_FROM ? p : Infinity };
}
