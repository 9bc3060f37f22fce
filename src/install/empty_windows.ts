/**
 * Outputs past the end, which tfjs makes where sizes are rounded up and this package has none: their windows hold no element.
 * The maximum of nothing is the least number that there is, and its gradient goes nowhere. The average of nothing is 0, as if
 * zeros had been summed; so for averages, zeros are put around x.
 *
 * Axis by axis on tensors of rank 3, as tf.pad with an infinity, or at rank 5, fails on webgl and webgpu.
 */
import { type Tensor, type Tensor3D, concat, fill, slice, zeros } from '@tensorflow/tfjs-core';
import { alongAxis } from '../along_axis';
import { mapTuple } from '../map_tuple';
import type { MaxPooling } from './max_attributes';

const INT32_MIN = -(2 ** 31);

/** y as tfjs has it. Call inside a tidy. */
export function withEmptyWindows(y: Tensor, { empty }: MaxPooling): Tensor {
  const { dtype } = y;
  const least = dtype === 'int32' ? INT32_MIN : -Infinity;
  return alongAxes(y, empty, (y3, count) => {
    const [outer, , inner] = y3.shape;
    return concat([y3, fill([outer, count, inner], least, dtype as 'float32')], 1);
  });
}

/** dy as this package has it; differentiable. */
export function withoutEmptyWindows(dy: Tensor, { empty }: MaxPooling): Tensor {
  return alongAxes(dy, empty, (dy3, count) => {
    const [outer, size, inner] = dy3.shape;
    return slice(dy3, [0, 0, 0], [outer, size - count, inner]);
  });
}

/** x within zeros, so many before and after it along each axis. Call inside a tidy. */
export function withZeros(x: Tensor, pads: Pads): Tensor {
  return alongAxes(x, pads.map(both), (x3, _, axis) => {
    const [outer, , inner] = x3.shape;
    const [before, after] = mapTuple(pads[axis]!, (count) =>
      count === 0 ? [] : [zeros([outer, count, inner], x3.dtype as 'float32')],
    );
    return concat([...before, x3, ...after], 1);
  });
}

/** The same without them. */
export function withoutZeros(dx: Tensor, pads: Pads): Tensor {
  return alongAxes(dx, pads.map(both), (dx3, count, axis) => {
    const [outer, size, inner] = dx3.shape;
    return slice(dx3, [0, pads[axis]![0], 0], [outer, size - count, inner]);
  });
}

type Pads = ReadonlyArray<readonly [before: number, after: number]>;
const both = ([before, after]: readonly [number, number]): number => before + after;

/** Applies `f` along each axis that has a count. */
function alongAxes(
  t: Tensor,
  counts: readonly number[],
  f: (t3: Tensor3D, count: number, axis: number) => Tensor,
): Tensor {
  return counts.reduce(
    (done: Tensor, count, axis) => (count === 0 ? done : alongAxis(done, axis, (t3) => f(t3, count, axis))),
    t,
  );
}
