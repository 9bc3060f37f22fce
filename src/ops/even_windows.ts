/**
 * Uneven windows laid side by side: along an axis, each adaptive window becomes `longest` elements, so that
 * ordinary pooling with that window and stride pools them. The adjoint puts gradients back; both are made of
 * slices, which copy and never compare or multiply.
 */
import { type Tensor, type Tensor3D, add, concat, customGrad, slice, zeros } from '@tensorflow/tfjs-core';
import type { AdaptiveAxis } from '../adaptive';
import { alongAxis } from '../along_axis';

/** What stands where a window is shorter: its last element again, which never wins; or nothing, which adds nothing. */
export type Filling = 'last' | 'zero';

/** x with its windows laid side by side along an axis. Its gradient: each element gets those of its copies in windows. */
export function layOut(x: Tensor, axis: AdaptiveAxis, filling: Filling): Tensor {
  return customGrad((xInput) => ({
    value: resized(xInput as Tensor, axis.index, axis.output * axis.longest, (x3) => piecesOf(x3, axis, filling)),
    // What fills a window up receives nothing: the routing never names it, and it is no part of a sum.
    gradFunc: (dy) => putBack(dy, axis),
  }))(x);
}

function putBack(dy: Tensor, axis: AdaptiveAxis): Tensor {
  return customGrad((dyInput) => ({
    value: resized(dyInput as Tensor, axis.index, axis.input, (dy3) =>
      layersOf(axis)
        .map((windows) => imageOf(dy3, axis, windows))
        .reduce((total, image) => add(total, image)),
    ),
    gradFunc: (ddx) => layOut(ddx, axis, 'zero'),
  }))(dy);
}

function piecesOf(x: Tensor3D, { starts, lengths, longest }: AdaptiveAxis, filling: Filling): Tensor {
  const [outer, , inner] = x.shape;
  const take = (start: number, length: number) => slice(x, [0, start, 0], [outer, length, inner]);
  return concat(
    starts.flatMap((start, i) => {
      const missing = longest - lengths[i];
      if (missing === 0) return [take(start, longest)];
      const rest =
        filling === 'zero'
          ? [zeros([outer, missing, inner], x.dtype as 'float32')]
          : Array.from({ length: missing }, () => take(start + lengths[i] - 1, 1));
      return [take(start, lengths[i]), ...rest];
    }),
    1,
  );
}

/** The windows' numbers in as few lists as can be, so that those in a list don't overlap. */
function layersOf({ starts, lengths }: AdaptiveAxis): number[][] {
  const layers: Array<{ end: number; windows: number[] }> = [];
  starts.forEach((start, i) => {
    let layer = layers.find(({ end }) => end <= start);
    if (!layer) layers.push((layer = { end: 0, windows: [] }));
    layer.windows.push(i);
    layer.end = start + lengths[i];
  });
  return layers.map(({ windows }) => windows);
}

/** An image of zeros, with some windows' elements in their places. */
function imageOf(dy: Tensor3D, { input, starts, lengths, longest }: AdaptiveAxis, windows: readonly number[]): Tensor {
  const [outer, , inner] = dy.shape;
  const pieces: Tensor[] = [];
  let end = 0;
  const zerosUntil = (next: number) => {
    if (next > end) pieces.push(zeros([outer, next - end, inner], dy.dtype as 'float32'));
  };
  for (const i of windows) {
    zerosUntil(starts[i]);
    pieces.push(slice(dy, [0, i * longest, 0], [outer, lengths[i], inner]));
    end = starts[i] + lengths[i];
  }
  zerosUntil(input);
  return concat(pieces, 1);
}

/** As {@link alongAxis}, with an `f` that makes the axis `length` long. Slices of nothing fail on some backends. */
function resized(x: Tensor, axis: number, length: number, f: (x3: Tensor3D) => Tensor): Tensor {
  if (x.size > 0) return alongAxis(x, axis, f);
  const shape: number[] = x.shape;
  return zeros(
    shape.map((size, i) => (i === axis ? length : size)),
    x.dtype as 'float32',
  );
}
