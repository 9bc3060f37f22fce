/**
 * What tfjs's average pooling kernels are told, in this package's terms. tfjs allows windows that hold no
 * element, before the input, past it, or all of them; this package's operations don't, so x is padded then.
 */
import { axisCounts } from '../average';
import { type AxisGeometry, type PoolGeometry, geometryFrom, sameAxis } from '../geometry';
import type { Constants } from '../ops/divide_by_constants';
import type { PoolSpec } from '../spec';
import { type PoolAttrs, type RoundingMode, remembering, specOf } from './attributes';
import type { Pads } from './empty_windows';

/** An average pooling of an x of this shape. */
export interface AveragePooling {
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
  /** Undefined: there is no window at all, or nothing in x. */
  readonly geometry?: PoolGeometry;
  /** Where windows are empty: the geometry is that of x within these zeros, and its sums are divided by these counts. */
  readonly padded?: {
    readonly zeros: Pads;
    readonly counts: Constants;
  };
}

/**
 * The pooling that `attrs` ask for on an x of this shape.
 *
 * @throws Error as every operation of this package, beginning with the kernel's name
 */
export const averagePoolingOf = /* @__PURE__ */ remembering(poolingOf);

function poolingOf(kernelName: string, rank: 2 | 3, xShape: readonly number[], attrs: PoolAttrs): AveragePooling {
  const given = specOf(kernelName, rank, attrs);
  const mode = attrs.dimRoundingMode ?? 'floor';
  const axes = asIdentity(xShape.slice(-1 - rank, -1).map((input, i) => axisOf(given, i, input, mode)));
  const yShape = [...xShape.slice(0, -1 - rank), ...axes.map(({ output }) => output), xShape[xShape.length - 1]!];
  if (axes.some(({ input, output }) => input * output === 0)) return { xShape, yShape };
  const isPadded = axes.some((axis) => axisCounts(axis, 'real').includes(0));
  if (!isPadded) {
    const padded = axes.map((axis) => ({
      window: axis.window,
      stride: axis.stride,
      padBefore: axis.padBefore,
      padAfter: missingAfter(axis),
    }));
    return { xShape, yShape, geometry: geometryFrom({ xShape, axes: padded }) };
  }
  const zeros = axes.map((axis): [number, number] => [axis.padBefore, missingAfter(axis)]);
  const windows = axes.map(({ window, stride }) => ({ window, stride }));
  const none: [number, number] = [0, 0];
  const around = [...xShape.slice(0, -1 - rank).map(() => none), ...zeros, none];
  const paddedShape = around.map(([before, after], axis) => xShape[axis]! + before + after);
  const geometry = geometryFrom({ xShape: paddedShape, axes: windows });
  return { xShape, yShape, geometry, padded: { zeros: around, counts: countsOfAll(axes) } };
}

/** As tfjs rounds it. */
function axisOf(
  { poolSize, strides, padding }: PoolSpec,
  index: number,
  input: number,
  mode: RoundingMode,
): AxisGeometry {
  const [window, stride] = [poolSize[index]!, strides[index]!];
  if (padding === 'same') {
    return { input, window, stride, dilation: 1, span: window, ...sameAxis(input, stride, window) };
  }
  const [before, after] = padding === 'valid' ? [0, 0] : padding[index]!;
  const round = Math[padding === 'valid' ? 'floor' : mode];
  const output = Math.max(0, round((input + before + after - window) / stride) + 1);
  return { input, output, window, stride, dilation: 1, span: window, padBefore: before, padAfter: after };
}

/** To tfjs a window of one element is the identity wherever the shape stays, even if strides and padding say more. */
function asIdentity(axes: AxisGeometry[]): AxisGeometry[] {
  const isIdentity = axes.every(({ window, input, output }) => window === 1 && input === output);
  return isIdentity ? axes.map((axis) => ({ ...axis, stride: 1, padBefore: 0 })) : axes;
}

/** What the last window needs beyond the input. */
function missingAfter({ input, output, window, stride, padBefore }: AxisGeometry): number {
  return Math.max(0, (output - 1) * stride + window - input - padBefore);
}

/** What sums are divided by, image for image; the sum of nothing stays 0. */
function countsOfAll(axes: AxisGeometry[]): Constants {
  const values = axes
    .map((axis) => axisCounts(axis, 'real'))
    .reduce((all, counts) => all.flatMap((a) => counts.map((b) => a * b)), [1]);
  return { values: values.map((count) => Math.max(1, count)), shape: [1, ...axes.map(({ output }) => output), 1] };
}
