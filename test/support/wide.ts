/** How many cases a run takes: `npm test` shares some out, `npm run test:wide` (WIDE_TESTS=1) runs each case on each device. */

export const isWide = process.env.WIDE_TESTS === '1';

/**
 * Every `of`-th case, beginning at `from`; in a wide run, all cases. 32-bit and 16-bit WebGL compile the same programs, which is what
 * takes their time on a software GPU: `npm test` gives each of them its share of the cases.
 */
export function shareOf<T>(cases: readonly T[], from: number, of: number): readonly T[] {
  return isWide ? cases : cases.filter((_, i) => i % of === from);
}
