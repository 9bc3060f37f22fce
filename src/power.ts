/** Powers in core operations. */
import { type Tensor, add, cast, equal, mul, notEqual, pow, sqrt, sub, where } from '@tensorflow/tfjs-core';

/** a^b, and 0 for 0 to a negative power. A GPU's pow takes NaN for some number, and squares and roots less exactly. */
export function rawPower(a: Tensor, b: number): Tensor {
  if (b === 1) return a;
  if (b === 2) return mul(a, a);
  if (b > 0) return where(notEqual(a, a), a, b === 0.5 ? sqrt(a) : pow(a, b));
  const isZero = cast(equal(a, 0), 'float32');
  return where(notEqual(a, a), a, mul(pow(add(a, isZero), b), sub(1, isZero)));
}
