/** A convolution as the module has it, and chunks of one: some images or, of a few, some rows of each. */
import { type Range, rangesOf } from './chunks';
import type { TrainingModule } from './module';

interface Axis {
  readonly input: number;
  readonly output: number;
  readonly filter: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBefore: number;
}

export interface Convolution {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly height: Axis;
  readonly width: Axis;
}

/** Where its parts of x (or dx) and y (or dy) begin, in bytes, and the convolution that it is. */
export interface ConvolutionChunk extends Convolution {
  readonly x: number;
  readonly y: number;
}

export function setConvolution(
  module: TrainingModule,
  { batch, inChannels, outChannels, height, width }: Convolution,
): void {
  module.setSizes(batch, inChannels, outChannels);
  const sizes = ({ input, output, filter, stride, dilation, padBefore }: Axis) =>
    [input, output, filter, stride, dilation, padBefore] as const;
  module.setHeight(...sizes(height));
  module.setWidth(...sizes(width));
}

/** Multiplications. */
export function workOf({ batch, inChannels, outChannels, height, width }: Convolution): number {
  return batch * height.output * width.output * height.filter * width.filter * inChannels * outChannels;
}

/** Chunks that have each output in one of them. */
export function outputChunks(whole: Convolution, parts: number): ConvolutionChunk[] {
  return chunksOf(whole, parts, (height, count) =>
    rangesOf(height.output, count, 1).map((rows) => cutOutputs(height, rows)),
  );
}

/**
 * Chunks that have each input in one of them. A window that reaches beyond a chunk is in several, and in the padding there but for its part of it: so
 * each input gets the same windows in the same order.
 */
export function inputChunks(whole: Convolution, parts: number): ConvolutionChunk[] {
  return chunksOf(whole, parts, (height, count) =>
    rangesOf(height.input, count, 1).map((rows) => cutInputs(height, rows)),
  );
}

/** Some rows of an image: an axis of their own, and where they begin. */
interface Rows {
  readonly height: Axis;
  readonly input: number;
  readonly output: number;
}

function chunksOf(whole: Convolution, parts: number, cut: (height: Axis, parts: number) => Rows[]): ConvolutionChunk[] {
  const { batch, inChannels, outChannels, height, width } = whole;
  const [xRow, yRow] = [4 * width.input * inChannels, 4 * width.output * outChannels];
  const [xImage, yImage] = [height.input * xRow, height.output * yRow];
  if (parts === 1) return [{ ...whole, x: 0, y: 0 }];
  const images = rangesOf(batch, parts, 1);
  const each = Math.ceil(parts / images.length);
  if (each === 1) return images.map(([b, end]) => ({ ...whole, batch: end - b, x: b * xImage, y: b * yImage }));
  return images.flatMap(([b]) =>
    cut(height, each).map((rows) => ({
      ...whole,
      batch: 1,
      height: rows.height,
      x: b * xImage + rows.input * xRow,
      y: b * yImage + rows.output * yRow,
    })),
  );
}

function cutOutputs(axis: Axis, [from, end]: Range): Rows {
  const { input, filter, stride, dilation, padBefore } = axis;
  const start = from * stride - padBefore;
  const reach = (end - 1) * stride - padBefore + (filter - 1) * dilation + 1;
  const first = Math.min(input, Math.max(0, start));
  const last = Math.max(first, Math.min(input, reach));
  return {
    height: { ...axis, input: last - first, output: end - from, padBefore: Math.max(0, first - start) },
    input: first,
    output: from,
  };
}

function cutInputs(axis: Axis, [first, last]: Range): Rows {
  const { output, filter, stride, dilation, padBefore } = axis;
  // The windows that reach into [first, last).
  const from = Math.max(0, Math.ceil((first + padBefore - (filter - 1) * dilation) / stride));
  const end = Math.max(from, Math.min(output, Math.floor((last - 1 + padBefore) / stride) + 1));
  return {
    height: { ...axis, input: last - first, output: end - from, padBefore: first - (from * stride - padBefore) },
    input: first,
    output: from,
  };
}
