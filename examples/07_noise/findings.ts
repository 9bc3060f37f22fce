/** What was measured, in words: every number in them is taken from the curves. */
import type { Curve } from './plot';

export interface Measured {
  readonly levels: readonly number[];
  readonly moved: readonly Curve[];
  readonly read: readonly Curve[];
}

/** At one level of noise: how far pooled pixels moved, and how many digits were read right. */
export function findings({ levels, moved, read }: Measured, level: number): string[] {
  const at = levels.indexOf(level);
  const movedBy = (normalise: boolean) => both(moved, normalise, (values) => values[at].toFixed(2));
  const readRight = (normalise: boolean, from: number) => both(read, normalise, (values) => percent(values[from]));
  return [
    `With ${percent(level, 0)} salt, max and average pooling move a pooled pixel by ${movedBy(false)} standard deviations; ` +
      `with normalised digits by ${movedBy(true)}.`,
    `Networks with max and with average pooling then read ${readRight(false, at)} of the test digits right, where they read ` +
      `${readRight(false, 0)} of the clean ones; with normalised digits ${readRight(true, at)}, and ${readRight(true, 0)} of the clean ones.`,
  ];
}

/** `1.28 and 0.40`: under max and under average pooling. */
function both(curves: readonly Curve[], normalise: boolean, text: (values: readonly number[]) => string): string {
  return (['max', 'average'] as const)
    .map((pooling) => curves.find((curve) => curve.pooling === pooling && curve.normalise === normalise)!)
    .map(({ values }) => text(values))
    .join(' and ');
}

const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)}\u00a0%`;
