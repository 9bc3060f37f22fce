/** How cells are called: indices as NumPy writes them, and numbers of windows. */
import { precise } from '../routing/format';
import { type Algorithm, rowsOfWindow, winnerOf } from './algorithm';

/** `x[0, 1, 2, 3]` */
function element(name: string, shape: readonly number[], index: number): string {
  const at: number[] = [];
  for (const size of [...shape].reverse()) {
    at.unshift(index % size);
    index = Math.floor(index / size);
  }
  return `${name}[${at.join(', ')}]`;
}

/** Of x or dx; undefined on padding. */
export function pixelName({ input, inside }: Algorithm, pixel: number, name = 'x'): string | undefined {
  return inside[pixel] < 0 ? undefined : element(name, input.shape, inside[pixel]);
}

export function outputName({ input: { shape }, outHeight, outWidth }: Algorithm, output: number, name: string): string {
  return element(name, [shape[0], shape[1], outHeight, outWidth], output);
}

/** Where a row of the im2col matrix has its window. */
export function windowAt({ outHeight, outWidth }: Algorithm, window: number): { image: number; place: string } {
  const [image, at] = [Math.floor(window / (outHeight * outWidth)), window % (outHeight * outWidth)];
  return { image, place: `(${Math.floor(at / outWidth)}, ${at % outWidth})` };
}

export const channelsOf = ({ input }: Algorithm) => input.shape[1];
export const isOfOne = ({ input: { shape } }: Algorithm) => shape[0] * shape[1] === 1;

/** A window's rows after the reshape, their argmax, maxima and gradients, as lists of numbers. */
export function ofWindow(a: Algorithm, window: number) {
  const rows = rowsOfWindow(a, window);
  const list = (values: readonly number[]) => rows.map((row) => precise(values[row])).join(', ');
  return {
    first: rows[0],
    last: rows[rows.length - 1],
    taps: list(a.argmax),
    maxima: list(a.max),
    gradients: list(a.sent),
    /** Of the first row: how often its maximum stands in it. */
    equals: a.col.slice(rows[0] * a.taps, (rows[0] + 1) * a.taps).filter((value) => value === a.max[rows[0]]).length,
    winner: pixelName(a, winnerOf(a, rows[0]), 'dx')!,
  };
}

/** `1 + (4 - 2) / 2 = 2`, the textbook's formula for the first side. */
export function sizeFormula({ input: { shape, window, stride, padding }, outHeight }: Algorithm): string {
  const padded = padding > 0 ? ` + 2 · ${padding}` : '';
  return `1 + (${shape[2]}${padded} − ${window}) / ${stride} = ${outHeight}`;
}

export const total = (values: readonly number[]) => precise(values.reduce((sum, value) => sum + value, 0));
