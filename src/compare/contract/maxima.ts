/** The contract of maxima: each window has one winner, whose number is the value and who gets the gradient. Nothing is rounded. */
import type { NanRule } from '../../spec';
import type { Statement } from './statement';
import type { Windows } from './windows';

/** What max pooling of `x` must give. */
export function statedMaxima(
  x: ArrayLike<number>,
  shape: readonly number[],
  windows: Windows,
  nan: NanRule,
): Statement {
  const { yShape } = windows;
  const size = yShape.reduce((a, b) => a * b, 1);
  const [values, winners] = [new Float64Array(size), new Int32Array(size)];
  windows.each((y, elements) => {
    const winner = winnerOf(x, elements, nan === 'propagate');
    [winners[y], values[y]] = [winner, x[winner]!];
  });
  return {
    values: { shape: yShape, data: values },
    passesMassOn: true,
    gradient: (dy) => {
      // Powers of two: their sums are exact in any order.
      const dx = new Float32Array(x.length);
      winners.forEach((winner, y) => {
        dx[winner]! += dy[y]!;
      });
      return { shape, data: dx };
    },
  };
}

/** The first NaN, if NaN propagates; else the first of the greatest numbers; else the first. */
function winnerOf(x: ArrayLike<number>, window: readonly number[], nanWins: boolean): number {
  let winner = window[0]!;
  for (const candidate of window) {
    if (Number.isNaN(x[candidate]!)) {
      if (nanWins) return candidate;
    } else if (Number.isNaN(x[winner]!) || x[candidate]! > x[winner]!) winner = candidate;
  }
  return winner;
}
