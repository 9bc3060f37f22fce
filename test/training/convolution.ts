/** Random convolutions, and their gradients by plain loops that leave padding out. */
import { dot, positions, randomIntegers } from './support';

export interface Convolution {
  x: [number, number, number, number];
  /** [height, width, inChannels, outChannels] */
  filter: [number, number, number, number];
  strides: [number, number];
  dilations: [number, number];
  /** [top, bottom], [left, right] */
  pad: [[number, number], [number, number]];
  dy: [number, number, number, number];
}

export function randomConvolutions(count: number, seed: number, dilated: boolean): Convolution[] {
  const random = randomIntegers(seed);
  const made: Convolution[] = [];
  while (made.length < count) {
    const [batch, channels, filters] = [
      random(1, 4),
      [1, 2, 1, 3, 5, 8, 9][random(0, 6)],
      [1, 3, 4, 8, 9, 16][random(0, 5)],
    ];
    const axes = [0, 1].map(() => {
      const [input, filter, stride, dilation] = [random(1, 13), random(1, 5), random(1, 3), dilated ? random(1, 3) : 1];
      const pad: [number, number] = [random(0, 2), random(0, 2)];
      return { input, filter, stride, dilation, pad, output: outputOf(input, filter, stride, dilation, pad) };
    });
    if (axes.some(({ output }) => output < 1)) continue;
    const [h, w] = axes;
    made.push({
      x: [batch, h.input, w.input, channels],
      filter: [h.filter, w.filter, channels, filters],
      strides: [h.stride, w.stride],
      dilations: [h.dilation, w.dilation],
      pad: [h.pad, w.pad],
      dy: [batch, h.output, w.output, filters],
    });
  }
  return made;
}

function outputOf(input: number, filter: number, stride: number, dilation: number, pad: [number, number]): number {
  return Math.floor((input + pad[0] + pad[1] - (filter - 1) * dilation - 1) / stride) + 1;
}

/** Attributes of tfjs's kernels. */
export function attrsOf({ strides, dilations, pad }: Convolution): object {
  return { strides, dilations, pad: [[0, 0], ...pad, [0, 0]], dataFormat: 'NHWC' };
}

const at = (shape: readonly number[], ...index: number[]) => index.reduce((sum, i, axis) => sum * shape[axis] + i, 0);

/** The place in x that a tap of the window at (oh, ow) sees; undefined in the padding. */
export function seen(
  { x, strides, dilations, pad }: Convolution,
  [b, oh, ow, kh, kw, c]: number[],
): number | undefined {
  const h = oh * strides[0] + kh * dilations[0] - pad[0][0];
  const w = ow * strides[1] + kw * dilations[1] - pad[1][0];
  return h < 0 || w < 0 || h >= x[1] || w >= x[2] ? undefined : at(x, b, h, w, c);
}

export function plainFilterGradient(conv: Convolution, x: ArrayLike<number>, dy: ArrayLike<number>): number[] {
  return Array.from(positions(...conv.filter), ([kh, kw, c, o]) => {
    const places: Array<[number, number]> = [];
    for (const [b, oh, ow] of positions(...conv.dy.slice(0, 3))) {
      const place = seen(conv, [b, oh, ow, kh, kw, c]);
      if (place !== undefined) places.push([place, at(conv.dy, b, oh, ow, o)]);
    }
    return dot(0, x, dy, places);
  });
}

export function plainConvolution(
  conv: Convolution,
  x: ArrayLike<number>,
  filter: ArrayLike<number>,
  bias?: ArrayLike<number>,
): number[] {
  return Array.from(positions(...conv.dy), ([b, oh, ow, o]) => {
    const places: Array<[number, number]> = [];
    for (const [kh, kw, c] of positions(...conv.filter.slice(0, 3))) {
      const place = seen(conv, [b, oh, ow, kh, kw, c]);
      if (place !== undefined) places.push([place, at(conv.filter, kh, kw, c, o)]);
    }
    return dot(bias?.[o] ?? 0, x, filter, places);
  });
}

/** Windows in row-major order add to their inputs what the filters' sum gives to each. */
export function plainInputGradient(conv: Convolution, dy: ArrayLike<number>, filter: ArrayLike<number>): number[] {
  const dx = new Float32Array(conv.x.reduce((a, b) => a * b));
  const filters = conv.filter[3];
  for (const [b, oh, ow] of positions(...conv.dy.slice(0, 3))) {
    for (const [kh, kw, c] of positions(...conv.filter.slice(0, 3))) {
      const place = seen(conv, [b, oh, ow, kh, kw, c]);
      const ofFilter = (o: number): [number, number] => [at(conv.dy, b, oh, ow, o), at(conv.filter, kh, kw, c, o)];
      if (place !== undefined)
        dx[place] += dot(
          0,
          dy,
          filter,
          Array.from({ length: filters }, (_, o) => ofFilter(o)),
        );
    }
  }
  return Array.from(dx);
}
