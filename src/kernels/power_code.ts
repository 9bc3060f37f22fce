/** Powers as multiplications. */

interface Factors {
  /** Whether x itself is a factor. */
  readonly isOdd: boolean;
  /** For x^2, x^4, x^8, and so on: whether it is a factor. */
  readonly squares: readonly boolean[];
}

export const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;
/** In a shader. */
export const LARGEST_FLOAT_CODE = '3.402823466e38';

const MOST_MULTIPLIED = 64;

/** Whether x^b is a product of some factors: b is a whole number, and not a large one. */
export function isWhole(b: number): boolean {
  return Number.isInteger(b) && b >= 1 && b <= MOST_MULTIPLIED;
}

/** The factors of x^b, for those who write shaders; undefined if it is not {@link isWhole}. */
export function factorsOf(b: number): Factors | undefined {
  if (!isWhole(b)) return undefined;
  const [isOdd, ...squares] = Array.from(b.toString(2), (digit) => digit === '1').reverse();
  return { isOdd: isOdd!, squares };
}

/** 1 / p as a float32 that is finite. */
export function rootPower(p: number): number {
  return Math.min(1 / p, 2 ** 127);
}
