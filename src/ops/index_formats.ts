/**
 * The flat indices that other frameworks give to the winners of max pooling, in double precision on the host: exact at
 * any size on any backend. No tensors and no tfjs import.
 */
import { type AxisGeometry, type PoolGeometry, realTaps } from '../geometry';
import { channelsOf } from '../layout';
import { oneOf } from '../options';

/** Whose indices: see {@link argmaxToIndices}. */
export type IndexFormat = 'tensorflow' | 'pytorch' | 'onnx';

export const INDEX_FORMATS: readonly IndexFormat[] = ['tensorflow', 'pytorch', 'onnx'];

/** @throws Error unless `format` is one of {@link INDEX_FORMATS}; null and undefined are the default, 'tensorflow' */
export function indexFormatOf(name: string, format: unknown): IndexFormat {
  return oneOf(name, 'format', INDEX_FORMATS, format ?? 'tensorflow');
}

/** One element of the output: batch, channel, and its place on the spatial axes. */
export interface OutputElement {
  readonly b: number;
  readonly c: number;
  readonly at: readonly [depth: number, height: number, width: number];
}

/** Element i of the output, in the order of the user's elements. */
export function outputElement(g: PoolGeometry, i: number): OutputElement {
  const { depth, height, width, batch } = g;
  const [image, d, h, w, c] = coordinates([batch, depth.output, height.output, width.output, g.channels], i);
  // Channels first are batch * channels images of one channel.
  const map = image * g.channels + c;
  const channels = channelsOf(g.spec, g.xShape);
  return { b: Math.floor(map / channels), c: map % channels, at: [d, h, w] };
}

/** Where element i of a row-major shape lies. */
export function coordinates<const Shape extends readonly number[]>(
  shape: Shape,
  i: number,
): { -readonly [K in keyof Shape]: number } {
  const at = new Array<number>(shape.length);
  for (let k = shape.length - 1; k >= 0; k--) {
    const size = shape[k]!;
    at[k] = i % size;
    i = Math.floor(i / size);
  }
  return at as { -readonly [K in keyof Shape]: number };
}

/** The flat index of a tap's element. NaN where the tap is none of the window, or lies on padding. */
export function indexOfTap(g: PoolGeometry, format: IndexFormat, { b, c, at }: OutputElement, tap: number): number {
  const { depth, height, width } = g;
  const channels = channelsOf(g.spec, g.xShape);
  if (!Number.isInteger(tap) || tap < 0 || tap >= g.taps) return NaN;
  const row = Math.floor(tap / width.window);
  const d = positionOf(depth, at[0], Math.floor(row / height.window));
  const h = positionOf(height, at[1], row % height.window);
  const w = positionOf(width, at[2], tap % width.window);
  const inPlane = (d * height.input + h) * width.input + w;
  if (format === 'pytorch') return inPlane;
  if (format === 'tensorflow') return inPlane * channels + c;
  return (b * channels + c) * planeOf(g) + inPlane;
}

/** The tap whose element has a flat index: the inverse of {@link indexOfTap}. NaN where the window has no such tap. */
export function tapOfIndex(g: PoolGeometry, format: IndexFormat, { b, c, at }: OutputElement, index: number): number {
  const { depth, height, width } = g;
  const channels = channelsOf(g.spec, g.xShape);
  const plane = planeOf(g);
  const inPlane =
    format === 'pytorch'
      ? index
      : format === 'tensorflow'
        ? (index - c) / channels
        : index - (b * channels + c) * plane;
  if (!Number.isSafeInteger(index) || !Number.isInteger(inPlane) || inPlane < 0 || inPlane >= plane) return NaN;
  const row = Math.floor(inPlane / width.input);
  const d = tapOf(depth, at[0], Math.floor(row / height.input));
  const h = tapOf(height, at[1], row % height.input);
  const w = tapOf(width, at[2], inPlane % width.input);
  return (d * height.window + h) * width.window + w;
}

/** The flat indices of a window's real elements, at most `most` of them, in the order of the taps. */
export function indicesOfWindow(g: PoolGeometry, format: IndexFormat, output: OutputElement, most: number): number[] {
  const indices: number[] = [];
  const [plane, row, column] = output.at;
  const [firstDepth, endDepth] = realTaps(g.depth, plane);
  const [firstHeight, endHeight] = realTaps(g.height, row);
  const [firstWidth, endWidth] = realTaps(g.width, column);
  for (let d = firstDepth; d < endDepth; d++) {
    for (let h = firstHeight; h < endHeight; h++) {
      for (let w = firstWidth; w < endWidth; w++) {
        if (indices.length === most) return indices;
        const tap = (d * g.height.window + h) * g.width.window + w;
        indices.push(indexOfTap(g, format, output, tap));
      }
    }
  }
  return indices;
}

function planeOf({ depth, height, width }: PoolGeometry): number {
  return depth.input * height.input * width.input;
}

/** One axis: where a tap lies; NaN on padding. */
function positionOf({ input, stride, padBefore, dilation }: AxisGeometry, output: number, tap: number): number {
  const position = output * stride - padBefore + tap * dilation;
  return position >= 0 && position < input ? position : NaN;
}

/** One axis: which tap lies there; NaN outside the window, and between its taps. */
function tapOf({ window, stride, padBefore, dilation }: AxisGeometry, output: number, position: number): number {
  const tap = (position - output * stride + padBefore) / dilation;
  return Number.isInteger(tap) && tap >= 0 && tap < window ? tap : NaN;
}
