/**
 * {@link Take} as loops over typed arrays. Slices are copied bit for bit; sums are those of float32, or of int32. Where
 * each element's source is looked at, nothing is what is negative: to read another module's constant would take longer.
 */
import { sizeOf } from '../layout';
import { NOTHING, type Take, forEachRun } from '../slices';
import type { Values } from './pool_kernels';

/**
 * x -> y: slices along an axis, as a Take of src/slices says, which is its attributes; any shape, in x's dtype. On arrays
 * of the host alone: few large copies by core operations suit a GPU.
 */
export const TAKE = 'Im2ColTake';

/** Slices of so many elements are copied one by one; shorter ones take less time element by element. */
const LONG = 48;

/** x -> y, whatever y holds before. */
export function takeLoop(take: Take, shape: readonly number[], x: Values, y: Values): void {
  const { axis, to } = take;
  const [outer, from, inner] = [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
  const sources = take.sources();
  const isLong = inner >= LONG;
  if (isLong) takeSlices(sources, to, outer, from, inner, x, y);
  else takeElements(elementsOf(sources, inner), to * inner, outer, from * inner, x, y);
}

function takeSlices(
  sources: Int32Array,
  to: number,
  outer: number,
  from: number,
  inner: number,
  x: Values,
  y: Values,
): void {
  const [xBits, yBits] = [bitsOf(x), bitsOf(y)];
  for (let o = 0; o < outer; o++) {
    const [xStart, yStart] = [o * from * inner, o * to * inner];
    forEachRun(sources, to, 0, (position, source, length) => {
      const [start, end] = [yStart + position * inner, xStart + (source + length) * inner];
      if (source === NOTHING) yBits.fill(0, start, start + length * inner);
      else yBits.set(xBits.subarray(xStart + source * inner, end), start);
    });
    for (let i = to; i < sources.length; i++) {
      const [at, start] = [xStart + sources[i] * inner, yStart + (i % to) * inner];
      if (sources[i] < 0) for (let c = 0; c < inner; c++) y[start + c] += 0;
      else for (let c = 0; c < inner; c++) y[start + c] += x[at + c];
    }
  }
}

/** The same for slices of one element, `to` of `from`. */
function takeElements(sources: Int32Array, to: number, outer: number, from: number, x: Values, y: Values): void {
  const [xBits, yBits] = [bitsOf(x), bitsOf(y)];
  for (let o = 0; o < outer; o++) {
    const [xStart, yStart] = [o * from, o * to];
    for (let i = 0; i < to; i++) {
      const source = sources[i];
      yBits[yStart + i] = source < 0 ? 0 : xBits[xStart + source];
    }
    for (let first = to; first < sources.length; first += to) {
      for (let i = 0; i < to; i++) {
        const source = sources[first + i];
        // Zero makes 0 of -0.
        y[yStart + i] += source < 0 ? 0 : x[xStart + source];
      }
    }
  }
}

/** The table of slices as one of their elements. */
function elementsOf(sources: Int32Array, inner: number): Int32Array {
  if (inner === 1) return sources;
  const elements = new Int32Array(sources.length * inner);
  for (let i = 0; i < sources.length; i++) {
    for (let c = 0; c < inner; c++) elements[i * inner + c] = sources[i] < 0 ? NOTHING : sources[i] * inner + c;
  }
  return elements;
}

/** Read as numbers, some NaN would lose bits. */
function bitsOf({ buffer, byteOffset, length }: Values): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}
