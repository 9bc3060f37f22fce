/** The contract of a kind with a reduction of its own (kinds.ts): value and derivatives in double precision. */
import type { Reduction } from '../../kinds';
import { DIVISION, type Precision, relative } from './rounding';
import type { Statement } from './statement';
import type { Windows } from './windows';

/** What pooling of `x` by `reduce` must give. Each element may take one division, product and sum on its way. */
export function statedReduction(
  x: ArrayLike<number>,
  shape: readonly number[],
  windows: Windows,
  reduce: (elements: readonly number[]) => ReturnType<Reduction>,
  precision: Precision,
): Statement {
  const { yShape } = windows;
  const size = yShape.reduce((a, b) => a * b, 1);
  const [values, slack] = [new Float64Array(size), new Float64Array(size)];
  const roundingOf = (terms: number) => relative(terms + 1 + DIVISION, precision);
  windows.each((y, elements) => {
    const window = elements.map((element) => x[element]!);
    const { value, slopes } = reduce(window);
    const magnitude = window.reduce((sum, element, i) => sum + Math.abs(element * slopes[i]!), Math.abs(value));
    values[y] = value;
    slack[y] = magnitude * roundingOf(window.length) + window.length * precision.tiny;
  });
  return {
    values: { shape: yShape, data: values.map(Math.fround), slack },
    passesMassOn: false,
    gradient: (dy) => {
      const [dx, off, terms] = [new Float64Array(x.length), new Float64Array(x.length), new Int32Array(x.length)];
      windows.each((y, elements) => {
        const { slopes } = reduce(elements.map((element) => x[element]!));
        elements.forEach((element, i) => {
          dx[element]! += dy[y]! * slopes[i]!;
          off[element]! += Math.abs(dy[y]! * slopes[i]!);
          terms[element]!++;
        });
      });
      const bounds = off.map((magnitude, i) => magnitude * roundingOf(terms[i]!) + terms[i]! * precision.tiny);
      return { shape, data: dx.map(Math.fround), slack: bounds };
    },
  };
}
