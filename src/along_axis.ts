/** Work along one axis of a tensor, which is seen as [outer, axis, inner] then: backends are surest at low rank. */
import { type Tensor, type Tensor3D, concat, fill, reshape } from '@tensorflow/tfjs-core';
import { sizeOf } from './layout';

/** Applies `f`, which may change the length of the axis. Call inside a tidy. */
export function alongAxis(x: Tensor, axis: number, f: (x3: Tensor3D) => Tensor): Tensor {
  const shape: number[] = x.shape;
  const [outer, inner] = [shape.slice(0, axis), shape.slice(axis + 1)];
  const result = f(reshape(x, [sizeOf(outer), shape[axis]!, sizeOf(inner)]));
  return reshape(result, [...outer, result.shape[1] as number, ...inner]);
}

/** More elements before and after those of an axis. `pad` with NaN would spoil every later `pad` of the program on wasm. */
export function extended(x: Tensor, axis: number, before: number, after: number, value: number): Tensor {
  const constant = (size: number) =>
    fill(
      x.shape.map((own, i) => (i === axis ? size : own)),
      value,
      x.dtype as 'float32',
    );
  const pieces = [...(before > 0 ? [constant(before)] : []), x, ...(after > 0 ? [constant(after)] : [])];
  return pieces.length === 1 ? x : concat(pieces, axis);
}
