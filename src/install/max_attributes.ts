/** What tfjs's max pooling kernels are told, in this package's terms. */
import { type PoolGeometry, poolGeometry } from '../geometry';
import type { PoolSpec } from '../spec';
import { type PoolAttrs, type RoundingMode, remembering, specOf } from './attributes';
import type { Pads } from './empty_windows';

/** A max pooling, and what it makes of x. */
export interface MaxPooling {
  readonly geometry: PoolGeometry;
  /** As tfjs has it. */
  readonly yShape: readonly number[];
  /** The outputs that tfjs has after those of the geometry; [] for none. Their windows hold no element. */
  readonly empty: Pads;
}

/**
 * The pooling that `attrs` ask for on an x of this shape.
 *
 * @throws Error as every operation of this package, beginning with the kernel's name
 */
export const maxPoolingOf = /* @__PURE__ */ remembering(poolingOf);

function poolingOf(kernelName: string, rank: 2 | 3, xShape: readonly number[], attrs: PoolAttrs): MaxPooling {
  const given = specOf(kernelName, rank, attrs);
  const { spec, empty } = rounded(given, xShape.slice(-1 - rank, -1), attrs.dimRoundingMode ?? 'floor');
  const geometry = poolGeometry(kernelName, spec, xShape);
  if (!empty.some((count) => count > 0)) return { geometry, yShape: geometry.yShape, empty: [] };
  const counts = [...xShape.slice(0, -1 - rank).map(() => 0), ...empty, 0];
  return {
    geometry,
    yShape: geometry.yShape.map((size, axis) => size + counts[axis]!),
    empty: counts.map((count) => [0, count]),
  };
}

/** Numeric padding: sizes as tfjs rounds them, told by padding after the axis alone. */
function rounded(spec: PoolSpec, sizes: number[], mode: RoundingMode): { spec: PoolSpec; empty: number[] } {
  const { poolSize, strides, padding } = spec;
  if (typeof padding === 'string') return { spec, empty: [] };
  const axes = sizes.map((input, i) => {
    const [window, stride, [before, after]] = [poolSize[i]!, strides[i]!, padding[i]!];
    const outputs = Math[mode]((input + before + after - window) / stride) + 1;
    // Rounding up may make windows that start past the input; our geometry has none of those.
    const startsInside = Math.ceil((input + before) / stride);
    const real = mode === 'floor' ? outputs : Math.min(outputs, startsInside);
    const missing = (real - 1) * stride + window - (input + before + after);
    return { input, outputs, empty: outputs - real, padding: [before, after + Math.max(0, missing)] as const };
  });
  // To tfjs a window of one element is the identity wherever the shape stays, even if strides and padding say more.
  const isIdentity = poolSize.every((size) => size === 1) && axes.every(({ input, outputs }) => input === outputs);
  if (isIdentity) return { spec: Object.freeze({ ...spec, strides: sizes.map(() => 1), padding: 'valid' }), empty: [] };
  return {
    spec: Object.freeze({ ...spec, padding: axes.map((axis) => axis.padding) }),
    empty: axes.map((axis) => axis.empty),
  };
}
