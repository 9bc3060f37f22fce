/**
 * {@link Take} in core operations: slices and concatenations, which copy and never compare or multiply, and sums of
 * whole tensors. What `implementation: 'im2col'` runs, and every backend without the kernel: few large copies suit a GPU.
 */
import { type Tensor, type Tensor3D, add, concat, slice, zeros } from '@tensorflow/tfjs-core';
import { alongAxis } from '../along_axis';
import { NOTHING, type Take, forEachRun } from '../slices';

/** x, which has elements -> y. Call inside a tidy. */
export function takeByCore(x: Tensor, { axis, to, sources: makeSources }: Take): Tensor {
  const sources = makeSources();
  const terms = Array.from({ length: sources.length / to }, (_, term) => term);
  return alongAxis(x, axis, (x3) =>
    terms.map((term) => sideBySide(x3, sources, to, term)).reduce((total, image) => add(total, image)),
  );
}

function sideBySide(x: Tensor3D, sources: Int32Array, to: number, term: number): Tensor {
  const [outer, , inner] = x.shape;
  const pieces: Tensor[] = [];
  forEachRun(sources, to, term, (_, source, length) => {
    const shape: [number, number, number] = [outer, length, inner];
    pieces.push(source === NOTHING ? zeros(shape, x.dtype) : slice(x, [0, source, 0], shape));
  });
  return concat(pieces, 1);
}
