/**
 * A pooling cut into chunks whose input and outputs fit into little memory. A chunk is a pooling again:
 * some images of the batch or, of an image too large, some outputs of its outermost spatial axis.
 */
import { cutFitted } from '../../fitted_windows';
import type { AxisGeometry, PoolGeometry } from '../../geometry';

export interface Chunk {
  readonly geometry: PoolGeometry;
  /** Where its part of x (or dx) is: [first, end), in elements. Those of neighbours may overlap. */
  readonly x: readonly [number, number];
  /** Where its part of y (or dy, or argmax) is. */
  readonly y: readonly [number, number];
}

const SPATIAL = ['depth', 'height', 'width'] as const;

/**
 * The chunks in order, each of at most `limit` elements of x and y (y counted `arrays - 1` times), but for
 * one output of the axis that is cut: that is as small as chunks get.
 */
export function* chunksOf(g: PoolGeometry, limit: number, arrays: number): Generator<Chunk> {
  const outputs = arrays - 1;
  const image = imageSize(g, 'input');
  const output = imageSize(g, 'output');
  const images = Math.floor(limit / (image + outputs * output));
  if (images >= 1) {
    for (let b = 0; b < g.batch; b += images) {
      const end = Math.min(g.batch, b + images);
      yield {
        geometry: { ...g, batch: end - b },
        x: [b * image, end * image],
        y: [b * output, end * output],
      };
    }
    return;
  }
  // The axes outside of this one have one position only, so a range of it is contiguous.
  const name = SPATIAL.find((axis) => g[axis].input > 1 || g[axis].output > 1) ?? 'width';
  const axis = g[name];
  const xStep = image / axis.input;
  const yStep = output / axis.output;
  const step = axis.fitted ? axis.input / axis.output : axis.stride;
  const room = limit - (axis.span - step) * xStep;
  const steps = Math.max(1, Math.floor(room / (step * xStep + outputs * yStep)));
  for (let b = 0; b < g.batch; b++) {
    for (let o = 0; o < axis.output; o += steps) {
      const end = Math.min(axis.output, o + steps);
      const [cut, first] = cutAxis(axis, o, end);
      yield {
        geometry: { ...g, batch: 1, [name]: cut },
        x: [b * image + first * xStep, b * image + (first + cut.input) * xStep],
        y: [b * output + o * yStep, b * output + end * yStep],
      };
    }
  }
}

/** The outputs [from, end) of an axis as an axis of its own, and the first input that it sees. */
function cutAxis(axis: AxisGeometry, from: number, end: number): [AxisGeometry, number] {
  const { input, stride, span, padBefore, fitted } = axis;
  if (fitted) {
    const [cut, first, last] = cutFitted(fitted, from, end);
    return [{ ...axis, input: last - first, output: end - from, fitted: cut }, first];
  }
  const start = from * stride - padBefore;
  const first = Math.max(0, start);
  const last = Math.min(input, (end - 1) * stride - padBefore + span);
  return [{ ...axis, input: last - first, output: end - from, padBefore: first - start }, first];
}

function imageSize(g: PoolGeometry, side: 'input' | 'output'): number {
  return g.depth[side] * g.height[side] * g.width[side] * g.channels;
}
