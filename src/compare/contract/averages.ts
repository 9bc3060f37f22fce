/**
 * The contract of averages: float32 sums in row-major order, then one division; gradients are divided, then added up. Beside
 * each number stands its exact value, in double precision, from which nothing may be further away than rounding explains.
 */
import { DIVISION, type Precision, relative } from './rounding';
import type { Stated, Statement } from './statement';
import type { Windows } from './windows';

/** What a window is divided by: its real elements, its cells on the padded input, 1 (a sum), or a number. */
export type CountedAs = 'real' | 'padded' | 'one' | number;

/** Numbers that are sums of float32 terms: as the contract adds them up, exactly, and how large they were. */
class Sums {
  private readonly data: Float32Array;
  private readonly exact: Float64Array;
  private readonly magnitude: Float64Array;
  private readonly terms: Int32Array;

  constructor(private readonly shape: readonly number[]) {
    const size = shape.reduce((a, b) => a * b, 1);
    this.data = new Float32Array(size);
    this.exact = new Float64Array(size);
    this.magnitude = new Float64Array(size);
    this.terms = new Int32Array(size);
  }

  /** `term` is the number that the contract rounds to float32 and adds. */
  add(at: number, term: number): void {
    this.data[at]! += Math.fround(term);
    this.exact[at]! += term;
    this.magnitude[at]! += Math.abs(term);
    this.terms[at]!++;
  }

  /** The sums, each divided by its number; before or after adding up, that many divisions are on the way to it: one. */
  over(divisors: ArrayLike<number> | 1, precision: Precision): Stated {
    const slack = new Float64Array(this.data.length);
    const data = this.data.map((sum, i) => {
      const divisor = divisors === 1 ? 1 : divisors[i]!;
      const [exact, magnitude, terms] = [this.exact[i]!, this.magnitude[i]!, this.terms[i]!];
      const quotient = Math.fround(sum / divisor);
      const units = terms - 1 + DIVISION;
      // How far the contract's own number is from the exact one, and how far another may be.
      slack[i] =
        Math.abs(quotient - exact / divisor) +
        (magnitude / Math.abs(divisor)) * relative(units, precision) +
        terms * precision.tiny;
      return quotient;
    });
    return { shape: this.shape, data, slack };
  }
}

/** What average pooling of `x` must give. */
export function statedAverages(
  x: ArrayLike<number>,
  shape: readonly number[],
  windows: Windows,
  counted: CountedAs,
  precision: Precision,
): Statement {
  const { yShape } = windows;
  const divisors = new Float64Array(yShape.reduce((a, b) => a * b, 1));
  const sums = new Sums(yShape);
  windows.each((y, elements, cells) => {
    divisors[y] =
      typeof counted === 'number' ? Math.fround(counted) : { real: elements.length, padded: cells, one: 1 }[counted];
    for (const element of elements) sums.add(y, x[element]!);
  });
  return {
    values: sums.over(divisors, precision),
    passesMassOn: typeof counted !== 'number',
    gradient: (dy) => {
      const shares = new Sums(shape);
      windows.each((y, elements) => {
        for (const element of elements) shares.add(element, dy[y]! / divisors[y]!);
      });
      return shares.over(1, precision);
    },
  };
}
