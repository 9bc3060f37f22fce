/**
 * Windows, strides and sizes with every kind of 'same' padding: none, at some sides, and less than none where strides
 * leave gaps. Whoever speaks of padding must tell them apart.
 */
import type { CompareCase, CompareReport } from '../../src/compare/index';
import { type Backend, saidOf } from './known_defects';

/** Sizes, window and strides of three axes; in 2-D the first is left out. */
const GRIDS: ReadonlyArray<readonly [sizes: number[], window: number, strides: number[]]> = [
  [[4, 4, 4], 2, [2, 2, 2]],
  [[4, 5, 6], 2, [2, 2, 2]],
  [[4, 4, 5], 2, [2, 2, 2]],
  [[4, 3, 5], 1, [1, 1, 1]],
  [[3, 3, 3], 3, [3, 3, 3]],
  [[3, 4, 6], 3, [3, 3, 3]],
  [[3, 3, 4], 3, [2, 2, 2]],
  [[2, 2, 6], 1, [1, 1, 2]],
  [[2, 6, 2], 1, [1, 3, 1]],
  [[7, 2, 2], 1, [4, 1, 1]],
  [[4, 5, 3], 2, [2, 3, 1]],
  [[6, 4, 4], 2, [3, 2, 2]],
  [[8, 4, 5], 2, [4, 2, 3]],
  [[2, 3, 9], 2, [2, 1, 5]],
];

/** Numbers above 0, each another: no other defect of the built-in shows. */
const positive = (shape: readonly number[]) =>
  Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * 37) % 1021) / 16 + 1);

export const PADDING_CASES: readonly CompareCase[] = (['max', 'average'] as const).flatMap((pooling) =>
  [2, 3].flatMap((rank) =>
    GRIDS.map(([sizes, window, strides]): CompareCase => {
      const shape = [1, ...sizes.slice(-rank), 1];
      return {
        name: `${pooling} ${shape.slice(1, -1).join('x')} ${window}/${strides.slice(-rank).join('x')}`,
        pooling,
        shape,
        options: { poolSize: window, strides: strides.slice(-rank), padding: 'same' },
        values: positive(shape),
      };
    }),
  ),
);

/** [case, whether `inspect` speaks of padding there, whether the built-in deviates]. */
export function paddingSaidAndMeasured({ rows }: CompareReport, backend: Backend): Array<[string, boolean, boolean]> {
  return PADDING_CASES.map((one) => {
    const said = saidOf(one, backend).some((what) => /window at the border|strides leave gaps/.test(what));
    const row = rows.find((other) => other.backend === backend && other.case === one.name)!;
    return [one.name, said, row.deviates === 'builtin'];
  });
}
