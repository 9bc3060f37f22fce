/**
 * Outputs past the end, which tfjs makes where sizes are rounded up and this package has none: their windows hold no element.
 * The maximum of nothing is the least number that there is, and its gradient goes nowhere.
 */
import { type Tensor, pad, slice } from '@tensorflow/tfjs-core';
import type { Pooling } from './attributes';

const INT32_MIN = -(2 ** 31);

/** y as tfjs has it. Call inside a tidy, if there are `empty` ones. */
export function withEmptyWindows(y: Tensor, { empty }: Pick<Pooling, 'empty'>): Tensor {
  if (empty.length === 0) return y;
  return pad(y, empty.map((count) => [0, count]), y.dtype === 'int32' ? INT32_MIN : -Infinity);
}

/** dy as this package has it; differentiable. */
export function withoutEmptyWindows(dy: Tensor, { empty, geometry }: Pooling): Tensor {
  return empty.length === 0 ? dy : slice(dy, empty.map(() => 0), [...geometry.yShape]);
}
