/**
 * The textbook's max pooling and its gradient in plain loops, with every array that NumPy would make on the way. The page
 * itself holds no TensorFlow.js; test/examples/browser_steps_numbers.test.ts compares these numbers with the operations'.
 */
import { type PoolGeometry, poolGeometry } from '../../../src/geometry';
import { poolSpec } from '../../../src/spec';
import type { Input } from './inputs';

export interface Algorithm {
  readonly input: Input;
  readonly outHeight: number;
  readonly outWidth: number;
  /** Numbers in a window of one channel. */
  readonly taps: number;
  /** Window positions of all images: the rows of the im2col matrix. */
  readonly windows: number;
  /** Windows of each channel on its own: the rows after the reshape. */
  readonly rows: number;
  /** x within its frame of padding, [batch, channels, imageHeight, imageWidth]: `img` of the textbook. Padding is -Infinity. */
  readonly image: readonly number[];
  readonly imageHeight: number;
  readonly imageWidth: number;
  /** For each element of the image, that of x; -1 on padding. */
  readonly inside: readonly number[];
  /** For each element of the matrix, the element of the image that it is. */
  readonly sources: readonly number[];
  /** The matrix. It is [windows, channels * taps], and reshaped, in the same order, [rows, taps]. */
  readonly col: readonly number[];
  /** For each row. */
  readonly argmax: readonly number[];
  readonly max: readonly number[];
  /** For each row, the element of y, [batch, channels, ...out], that it gives. */
  readonly outputs: readonly number[];
  readonly y: readonly number[];
  /** The gradient from above, shaped as y; and in the order of the rows. */
  readonly dy: readonly number[];
  readonly sent: readonly number[];
  readonly dmax: readonly number[];
}

export function algorithm(input: Input): Algorithm {
  const spec = poolSpec('steps', 2, {
    poolSize: input.window,
    strides: input.stride,
    padding: input.padding,
    dataFormat: 'channelsFirst',
  });
  const geometry = poolGeometry('steps', spec, input.shape);
  const { taps } = geometry;
  const frame = framed(input, geometry);
  const { sources, outputs } = windowsOf(input, geometry, frame);
  const rows = outputs.length;
  const col = sources.map((source) => frame.image[source]);
  const argmax = outputs.map((_, row) => firstLargest(col.slice(row * taps, (row + 1) * taps)));
  const max = argmax.map((tap, row) => col[row * taps + tap]);
  const dy = outputs.map((_, output) => output + 1);
  const sent = outputs.map((output) => dy[output]);
  return {
    input,
    outHeight: geometry.height.output,
    outWidth: geometry.width.output,
    taps,
    windows: rows / input.shape[1],
    rows,
    ...frame,
    sources,
    col,
    argmax,
    max,
    outputs,
    y: inOrder(outputs, max),
    dy,
    sent,
    dmax: sources.map((_, at) => (at % taps === argmax[Math.floor(at / taps)] ? sent[Math.floor(at / taps)] : 0)),
  };
}

type Frame = Pick<Algorithm, 'image' | 'imageHeight' | 'imageWidth' | 'inside'>;

function framed({ shape, values }: Input, { height, width }: PoolGeometry): Frame {
  const [imageHeight, imageWidth] = [height, width].map((axis) => axis.padBefore + axis.input + axis.padAfter);
  const inside: number[] = [];
  for (let plane = 0; plane < shape[0] * shape[1]; plane++)
    for (let row = -height.padBefore; row < imageHeight - height.padBefore; row++)
      for (let column = -width.padBefore; column < imageWidth - width.padBefore; column++) {
        const isReal = row >= 0 && row < height.input && column >= 0 && column < width.input;
        inside.push(isReal ? (plane * height.input + row) * width.input + column : -1);
      }
  return { image: inside.map((at) => (at < 0 ? -Infinity : values[at])), imageHeight, imageWidth, inside };
}

/** What each row of the matrix reads, and where its maximum goes: im2col's order is image, window, channel, tap. */
function windowsOf(
  { shape: [batch, channels], window }: Input,
  { height, width, taps }: PoolGeometry,
  { imageHeight, imageWidth }: Frame,
): Pick<Algorithm, 'sources' | 'outputs'> {
  const sources: number[] = [];
  const outputs: number[] = [];
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < height.output; i++)
      for (let j = 0; j < width.output; j++)
        for (let c = 0; c < channels; c++) {
          const plane = b * channels + c;
          outputs.push((plane * height.output + i) * width.output + j);
          for (let tap = 0; tap < taps; tap++) {
            const row = i * height.stride + Math.floor(tap / window);
            const column = j * width.stride + (tap % window);
            sources.push((plane * imageHeight + row) * imageWidth + column);
          }
        }
  return { sources, outputs };
}

/** dx, within its frame, after the first `end` elements of the matrix were added to it. */
export function addedUp({ image, sources, dmax }: Algorithm, end = dmax.length): number[] {
  const dx = image.map(() => 0);
  for (let at = 0; at < end; at++) dx[sources[at]] += dmax[at];
  return dx;
}

/** The rows whose maximum an element of the image is. */
export function wonBy({ argmax, sources, taps }: Algorithm, pixel: number): number[] {
  return [...argmax.keys()].filter((row) => sources[row * taps + argmax[row]] === pixel);
}

/** The element of the image that wins a row. */
export const winnerOf = ({ argmax, sources, taps }: Algorithm, row: number) => sources[row * taps + argmax[row]];

/** The numbers of a row, or of all rows of a window. */
export const entriesOfRow = ({ taps }: Algorithm, row: number) => range(row * taps, (row + 1) * taps);
export function rowsOfWindow({ rows, windows }: Algorithm, window: number): number[] {
  const channels = rows / windows;
  return range(window * channels, (window + 1) * channels);
}

export function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

function firstLargest(list: readonly number[]): number {
  return list.indexOf(Math.max(...list));
}

function inOrder(places: readonly number[], values: readonly number[]): number[] {
  const made = new Array<number>(values.length);
  places.forEach((place, i) => (made[place] = values[i]));
  return made;
}
