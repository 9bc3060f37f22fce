/**
 * Windows that hold no element, where tfjs makes outputs and this package has none. The maximum of nothing is the least number
 * that there is, and its gradient goes nowhere: such outputs are put after ours. The average of nothing is 0, as if zeros had
 * been summed; so for averages, zeros are put around x.
 *
 * Axis by axis on tensors of rank 3, as tf.pad with an infinity, or at rank 5, fails on webgl and webgpu.
 */
import { type Tensor, slice } from '@tensorflow/tfjs-core';
import { alongAxis, extended } from '../along_axis';

/** For each axis of a tensor, so many elements before it and after it. */
export type Pads = ReadonlyArray<readonly [before: number, after: number]>;

/** The least number of a dtype. */
export function leastOf({ dtype }: Tensor): number {
  return dtype === 'int32' ? -(2 ** 31) : -Infinity;
}

/** `t` within elements of that value. Call inside a tidy. */
export function withPads(t: Tensor, pads: Pads, value: number): Tensor {
  return pads.reduce(
    (done: Tensor, [before, after], axis) =>
      before + after === 0 ? done : alongAxis(done, axis, (t3) => extended(t3, 1, before, after, value)),
    t,
  );
}

/** The same without them; differentiable. */
export function withoutPads(t: Tensor, pads: Pads): Tensor {
  return pads.reduce(
    (done: Tensor, [before, after], axis) =>
      before + after === 0
        ? done
        : alongAxis(done, axis, (t3) => {
            const [outer, size, inner] = t3.shape;
            return slice(t3, [0, before, 0], [outer, size - before - after, inner]);
          }),
    t,
  );
}
