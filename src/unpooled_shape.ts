/**
 * The shape that max unpooling restores: the size formulas of src/geometry.ts, solved for the input.
 * Several input sizes give one output size; this picks PyTorch's, unless the user says which.
 * No tensor and no tfjs import.
 */
import { symbolicOutputShape } from './geometry';
import { firstSpatialAxis } from './layout';
import { show } from './show';
import type { PoolSpec } from './spec';

type Shape = ReadonlyArray<number | null>;

/**
 * The shape whose pooling gives the shape of the values; a size that is unknown there stays unknown unless
 * `outputSize` tells it.
 *
 * @throws Error if the argmax has another shape, or pooling that shape would not give the values'
 */
export function unpooledShape(
  name: string,
  spec: PoolSpec & { readonly outputSize: readonly number[] | null },
  shape: Shape,
  argmax: Shape,
): Array<number | null> {
  checkSameShape(name, shape, argmax);
  const { outputSize } = spec;
  const first = firstSpatialAxis(spec, spec.rank + 2);
  const restored = shape.map((size, position) => {
    const axis = position - first;
    if (axis < 0 || axis >= spec.rank) return size;
    return outputSize ? outputSize[axis]! : size === null ? null : smallestInput(spec, axis, size);
  });
  const said = outputSize ? `outputSize ${show(outputSize)}` : 'its default output size';
  const pooled = symbolicOutputShape(`${name} with ${said}`, spec, restored);
  if (pooled.some((size, i) => size !== null && shape[i] !== null && size !== shape[i])) {
    const spatial = (sizes: Shape) => show(sizes.slice(first, first + spec.rank));
    throw new Error(
      `${name}: expected an outputSize that max pooling with these options turns into the values' ` +
        `spatial size ${spatial(shape)}; got ${spatial(restored)}, which gives ${spatial(pooled)}.`,
    );
  }
  return restored;
}

/** One axis: the formula of the output size, solved for the input where nothing is rounded. */
function smallestInput(spec: PoolSpec, axis: number, output: number): number {
  const stride = spec.strides[axis]!;
  if (spec.padding === 'same') return output * stride;
  const [before, after] = spec.padding === 'valid' ? [0, 0] : spec.padding[axis]!;
  const span = (spec.poolSize[axis]! - 1) * spec.dilationRate[axis]! + 1;
  return (output - 1) * stride - before - after + span;
}

function checkSameShape(name: string, values: Shape, argmax: Shape): void {
  const differs = (size: number | null, i: number) => size !== null && argmax[i] !== null && size !== argmax[i];
  if (values.length !== argmax.length || values.some(differs)) {
    throw new Error(`${name}: expected values and argmax of the same shape; got ${show(values)} and ${show(argmax)}.`);
  }
}
