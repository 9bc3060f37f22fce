/** A case of ours as a call of tfjs's own operations. */
import type { ConformanceCase } from '../conformance/cases';
import type { InstalledCase } from './run_installed';

/** A case in the words of tf.maxPool and tf.avgPool. */
export function askFor({
  rank,
  options,
  x,
  dy,
}: Pick<ConformanceCase, 'rank' | 'options' | 'x' | 'dy'>): InstalledCase {
  const { poolSize = 2, strides = poolSize, padding = 'valid', ceilMode } = options;
  const list = (value: number | readonly number[]) => (typeof value === 'number' ? value : [...value]);
  const pairs = Array.isArray(padding)
    ? (padding as Array<number | [number, number]>).map((own): [number, number] =>
        typeof own === 'number' ? [own, own] : own,
      )
    : [];
  const pad = Array.isArray(padding) ? [[0, 0], ...pairs, [0, 0]] : ceilMode && padding === 'valid' ? 0 : padding;
  return {
    rank: rank as 2 | 3,
    x,
    dy,
    filterSize: list(poolSize),
    strides: list(strides!),
    pad: pad as InstalledCase['pad'],
    // tfjs takes it for numeric padding alone, where alone it means something.
    ...(ceilMode && pad !== 'same' ? { dimRoundingMode: 'ceil' as const } : {}),
  };
}
