/** Division by constants, differentiable to any order without keeping anything but them. */
import { type Tensor, customGrad, div, tensor } from '@tensorflow/tfjs-core';

/** A number, or numbers with the shape that they are broadcast from. */
export type Constants =
  number | { readonly values: readonly number[] | Float32Array; readonly shape: readonly number[] };

/** x / constants; its gradient is dy / constants. */
export function dividedBy(x: Tensor, constants: Constants): Tensor {
  // Some backends stumble over empty tensors.
  if (x.size === 0) return x;
  return customGrad((xInput) => ({
    value: div(
      xInput as Tensor,
      typeof constants === 'number'
        ? constants
        : tensor(constants.values as Float32Array | number[], [...constants.shape]),
    ),
    gradFunc: (dy) => dividedBy(dy, constants),
  }))(x);
}
