/** {@link Take} as loops over typed arrays. Slices are copied bit for bit; sums are those of float32, or of int32. */
import { sizeOf } from '../layout';
import { NOTHING, type Take, forEachRun } from '../slices';
import type { Values } from './pool_kernels';

/** From so many elements on, a view and its `set` take less time than a loop. */
const LONG = 48;

/** x -> y, whatever y holds before. */
export function takeLoop(
  { axis, to, sources: makeSources }: Take,
  shape: readonly number[],
  x: Values,
  y: Values,
): void {
  const [outer, from, inner] = [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
  const sources = makeSources();
  const terms = sources.length / to;
  // As numbers, some NaN would lose bits.
  const [xBits, yBits] = [bitsOf(x), bitsOf(y)];
  for (let o = 0; o < outer; o++) {
    const [xStart, yStart] = [o * from * inner, o * to * inner];
    forEachRun(sources, to, 0, (position, source, length) => {
      const [start, count] = [yStart + position * inner, length * inner];
      if (source === NOTHING) yBits.fill(0, start, start + count);
      else copy(xBits, xStart + source * inner, yBits, start, count);
    });
    for (let term = 1; term < terms; term++) {
      forEachRun(sources, to, term, (position, source, length) => {
        const [start, count] = [yStart + position * inner, length * inner];
        if (source === NOTHING) addZero(y, start, count);
        else addOnto(x, xStart + source * inner, y, start, count);
      });
    }
  }
}

function bitsOf({ buffer, byteOffset, length }: Values): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}

function copy(x: Int32Array, xStart: number, y: Int32Array, yStart: number, count: number): void {
  if (count >= LONG) y.set(x.subarray(xStart, xStart + count), yStart);
  else for (let i = 0; i < count; i++) y[yStart + i] = x[xStart + i];
}

function addOnto(x: Values, xStart: number, y: Values, yStart: number, count: number): void {
  for (let i = 0; i < count; i++) y[yStart + i] += x[xStart + i];
}

/** Makes 0 of -0, as the sum with a slice of zeros does. */
function addZero(y: Values, start: number, count: number): void {
  for (let i = start; i < start + count; i++) y[i] += 0;
}
