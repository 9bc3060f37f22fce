/** Random poolings, for the properties of maxima and of averages. */
import fc from 'fast-check';
import type { PoolOptions } from '../../src/spec';
import { type OracleOptions, layoutOf } from '../oracle/pooling';
import type { PlainTensor } from '../support/run_case';

export interface Sample<Own> {
  rank: 1 | 2 | 3;
  shape: number[];
  /** Each given per axis, so that every operation sees the number of spatial axes. */
  options: Omit<PoolOptions, 'nan' | 'implementation'> & { poolSize: number[] } & Own;
  dataSeed: number;
}

/** `own`: the options that maxima and averages don't share. */
export function samples<Own extends object>(own: fc.Arbitrary<Own>): fc.Arbitrary<Sample<Own>> {
  return fc.constantFrom(1, 2, 2, 2, 3).chain((rank) => {
    const each = (low: number, high: number) =>
      fc.array(fc.integer({ min: low, max: high }), { minLength: rank, maxLength: rank });
    const padding = fc.oneof(
      fc.constant('valid' as const),
      fc.constant('same' as const),
      each(0, 2),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), {
        minLength: rank,
        maxLength: rank,
      }),
    );
    return fc
      .record({
        spatial: each(1, rank === 3 ? 4 : 7),
        batch: fc.constantFrom(undefined, 1, 2),
        channels: fc.integer({ min: 1, max: 5 }),
        poolSize: each(1, 3),
        strides: each(1, 3),
        dilationRate: each(1, 2),
        padding,
        ceilMode: fc.boolean(),
        dataFormat: fc.constantFrom('channelsLast' as const, 'channelsLast' as const, 'channelsFirst' as const),
        ownOptions: own,
        dataSeed: fc.nat(),
      })
      .map(({ spatial, batch, channels, dataSeed, ownOptions, ...options }) => ({
        rank,
        dataSeed,
        options: { ...options, ...ownOptions },
        shape: [
          ...(batch === undefined ? [] : [batch]),
          ...(options.dataFormat === 'channelsFirst' ? [channels, ...spatial] : [...spatial, channels]),
        ],
      }));
  });
}

/** Rule 1: there is a window, and each one holds a real element. */
export function isPossible({
  rank,
  options,
  shape,
}: {
  rank: number;
  options: OracleOptions;
  shape: number[];
}): boolean {
  const { outputs } = layoutOf(rank, options, shape);
  return outputs.length > 0 && outputs.every(({ candidates }) => candidates.length > 0);
}

/** <a, b> */
export function inner(a: PlainTensor, b: PlainTensor): number {
  return a.data.reduce((sum, value, i) => sum + value * b.data[i], 0);
}
