/** The numbers of taps in windows of one size, laid side by side, as numbers in windows of their own sizes. */
import { type Tensor, add, floorDiv, mul, scalar, sub, tensor } from '@tensorflow/tfjs-core';
import { type AdaptiveAxis, forEachAdaptiveWindow } from '../adaptive';

/** An argmax of windows of the longest sizes -> one of windows of their own. In int32, exact where a backend's sums are. */
export function ownTaps(argmax: Tensor, axes: readonly AdaptiveAxis[]): Tensor {
  // What is longer than a row, or than a plane, does not count: the outermost axis may be uneven.
  if (argmax.size === 0 || axes.slice(1).every(isUniform)) return argmax;
  let rest = argmax;
  let own: Tensor | undefined;
  let size: Tensor | undefined;
  for (const [i, axis] of [...axes.entries()].reverse()) {
    const isLast = axes.slice(0, i).every(({ longest }) => longest === 1);
    const rows: Tensor = isLast ? rest : quotient(rest, axis.longest);
    const along = isLast ? rest : sub(rest, mul(rows, int32(axis.longest)));
    own = own && size ? add(own, mul(along, size)) : along;
    if (isLast) break;
    const lengths = lengthsOf(axis, argmax.rank);
    size = size ? mul(size, lengths) : lengths;
    rest = rows;
  }
  return own!;
}

/** Whether all windows along an axis have the same size. */
function isUniform({ input, output, longest }: AdaptiveAxis): boolean {
  return Math.ceil(input / output) === longest;
}

/**
 * floor(x / divisor) for int32. Some backends divide in float32, and so miss by a little; what that leaves is divided
 * once more. Half a step away from where the quotient changes, as a GPU may miss there, however small the numbers are.
 */
function quotient(x: Tensor, divisor: number): Tensor {
  const almost = floorDiv(x, int32(divisor));
  const rest = sub(x, mul(almost, int32(divisor)));
  return add(almost, floorDiv(add(mul(rest, int32(2)), int32(1)), int32(2 * divisor)));
}

function int32(value: number): Tensor {
  return scalar(value, 'int32');
}

/** The windows' lengths along an axis, to be broadcast. */
function lengthsOf(axis: AdaptiveAxis, rank: number): Tensor {
  const lengths = new Int32Array(axis.output);
  forEachAdaptiveWindow(axis, (_, length, window) => {
    lengths[window] = length;
  });
  return tensor(
    lengths,
    Array.from({ length: rank }, (_, i) => (i === axis.index ? axis.output : 1)),
    'int32',
  );
}
