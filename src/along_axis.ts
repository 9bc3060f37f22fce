/** Work along one axis of a tensor, which is seen as [outer, axis, inner] then: backends are surest at low rank. */
import { type Tensor, type Tensor3D, reshape } from '@tensorflow/tfjs-core';
import { sizeOf } from './layout';

/** Applies `f`, which may change the length of the axis. Call inside a tidy. */
export function alongAxis(x: Tensor, axis: number, f: (x3: Tensor3D) => Tensor): Tensor {
  const shape: number[] = x.shape;
  const [outer, inner] = [shape.slice(0, axis), shape.slice(axis + 1)];
  const result = f(reshape(x, [sizeOf(outer), shape[axis]!, sizeOf(inner)]));
  return reshape(result, [...outer, result.shape[1] as number, ...inner]);
}
