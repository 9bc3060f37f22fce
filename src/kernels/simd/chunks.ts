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
        geometry: end - b === g.batch ? g : { ...g, batch: end - b },
        x: [b * image, end * image],
        y: [b * output, end * output],
      };
    }
    return;
  }
  const name = outermostAxis(g);
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

/**
 * The same for a gradient: chunks that have each element of dx in one of them, so that they may be computed in any order; or undefined
 * where there are none. A window that reaches beyond a chunk is in several, and lies in the padding there but for its part of it, so each
 * element gets the same windows in the same order.
 *
 * `countsTaps`: what a window gives depends on how many real taps it has.
 */
export function gradientChunks(
  g: PoolGeometry,
  limit: number,
  arrays: number,
  countsTaps: boolean,
): readonly Chunk[] | undefined {
  const image = imageSize(g, 'input');
  const output = imageSize(g, 'output');
  if (image + (arrays - 1) * output <= limit) return [...chunksOf(g, limit, arrays)];
  const name = outermostAxis(g);
  const axis = g[name];
  const { input, output: outputs, stride, span, padBefore, padAfter, dilation, fitted } = axis;
  const overlap = span > stride;
  if (fitted || outputs < 2 || (overlap && (countsTaps || dilation > 1))) {
    return g.batch < 2 ? undefined : [...chunksOf(g, image + (arrays - 1) * output, arrays)];
  }
  const xStep = image / input;
  const yStep = output / outputs;
  const steps = Math.max(1, Math.floor(limit / (stride * xStep + (arrays - 1) * yStep)));
  const startOf = (o: number) => o * stride - padBefore;
  const chunks: Chunk[] = [];
  for (let b = 0; b < g.batch; b++) {
    for (let o = 0, first = 0; first < input; o += steps) {
      const last = o + steps >= outputs ? input : Math.min(input, Math.max(first, startOf(o + steps)));
      if (last === first) continue;
      // The windows that reach into [first, last).
      const from = Math.max(0, Math.floor((first + padBefore - span) / stride) + 1);
      const end = Math.min(outputs, Math.ceil((last + padBefore) / stride));
      const cut = {
        ...axis,
        input: last - first,
        output: end - from,
        padBefore: first - startOf(from),
        padAfter: input + padAfter - last,
      };
      chunks.push({
        geometry: { ...g, batch: 1, [name]: cut },
        x: [b * image + first * xStep, b * image + last * xStep],
        y: [b * output + from * yStep, b * output + end * yStep],
      });
      first = last;
    }
  }
  return chunks;
}

/** The axes outside of this one have one position only, so a range of it is contiguous. */
function outermostAxis(g: PoolGeometry): (typeof SPATIAL)[number] {
  return SPATIAL.find((axis) => g[axis].input > 1 || g[axis].output > 1) ?? 'width';
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
