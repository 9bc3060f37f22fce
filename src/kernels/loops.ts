/**
 * The kernels as plain loops over typed arrays: for a host without WebAssembly SIMD, and for what the
 * SIMD module (./simd) leaves out.
 *
 * Each walks the windows in row-major order and gives one window at a time, with its real taps, to a small
 * function with the channel innermost; so memory is read and written in order, and the engine sees
 * nothing but numbers and typed arrays where the time goes. They allocate nothing but small tables.
 * An argmax that names no real tap of its window routes nothing and reads 0.
 */
import { type AxisGeometry, type PoolGeometry, realTaps } from '../geometry';
import type { PoolKernels, Values } from './pool_kernels';

/** The real taps of a window. */
interface Taps {
  /** How many are real. */
  count: number;
  /** Their numbers, rising. */
  readonly numbers: Int32Array;
  /** Their distances in x from tap (0, 0, 0). */
  readonly offsets: Int32Array;
  /** The distance of each tap by its number; NOT_REAL where it is padding. */
  readonly offsetOf: Int32Array;
}

const NOT_REAL = -1;

/** `y`: where the window's outputs start. `origin`: where its tap (0, 0, 0) is in x, or would be. */
type Visit = (y: number, origin: number, taps: Taps) => void;

export const LOOPS: PoolKernels = {
  variant: 'loops',
  maxPool: maxPoolLoop,
  scatterArgmax: scatterArgmaxLoop,
  gatherArgmax: gatherArgmaxLoop,
  im2col: im2colLoop,
  col2im: col2imLoop,
};

/** x -> y and, where given, argmax. */
export function maxPoolLoop(g: PoolGeometry, x: Values, y: Values, argmax?: Int32Array): void {
  const { channels } = g;
  const ignoreNan = g.spec.nan === 'ignore';
  forEachWindow(g, argmax
    ? (to, origin, taps) => maxWithArgmax(x, y, argmax, to, origin, taps, channels, ignoreNan)
    : (to, origin, taps) => maxAlone(x, y, to, origin, taps, channels, ignoreNan));
}

/** dy, argmax -> dx. */
export function scatterArgmaxLoop(g: PoolGeometry, dy: Values, argmax: Int32Array, dx: Values): void {
  const { channels, taps: limit } = g;
  dx.fill(0);
  forEachWindow(g, (from, origin, { offsetOf }) => {
    for (let c = 0; c < channels; c++) {
      const tap = argmax[from + c];
      const offset = tap >= 0 && tap < limit ? offsetOf[tap] : NOT_REAL;
      if (offset !== NOT_REAL) dx[origin + offset + c] += dy[from + c];
    }
  });
}

/** x, argmax -> y. */
export function gatherArgmaxLoop(g: PoolGeometry, x: Values, argmax: Int32Array, y: Values): void {
  const { channels, taps: limit } = g;
  forEachWindow(g, (to, origin, { offsetOf }) => {
    for (let c = 0; c < channels; c++) {
      const tap = argmax[to + c];
      const offset = tap >= 0 && tap < limit ? offsetOf[tap] : NOT_REAL;
      y[to + c] = offset === NOT_REAL ? 0 : x[origin + offset + c];
    }
  });
}

/** x -> columns. */
export function im2colLoop(g: PoolGeometry, x: Values, columns: Values, padValue: number): void {
  const { channels, taps: width } = g;
  forEachWindow(g, (y, origin, { count, numbers, offsets }) => {
    let to = y * width;
    if (count < width) columns.fill(padValue, to, to + channels * width);
    for (let c = 0; c < channels; c++, to += width) {
      for (let t = 0; t < count; t++) columns[to + numbers[t]] = x[origin + offsets[t] + c];
    }
  });
}

/** columns -> dx. */
export function col2imLoop(g: PoolGeometry, columns: Values, dx: Values): void {
  const { channels, taps: width } = g;
  dx.fill(0);
  forEachWindow(g, (y, origin, { count, numbers, offsets }) => {
    let from = y * width;
    for (let c = 0; c < channels; c++, from += width) {
      for (let t = 0; t < count; t++) dx[origin + offsets[t] + c] += columns[from + numbers[t]];
    }
  });
}

function maxWithArgmax(
  x: Values, y: Values, argmax: Int32Array, to: number, origin: number, taps: Taps, channels: number, ignoreNan: boolean,
): void {
  const { count, numbers, offsets } = taps;
  const first = origin + offsets[0];
  for (let c = 0; c < channels; c++) {
    y[to + c] = x[first + c];
    argmax[to + c] = numbers[0];
  }
  for (let t = 1; t < count; t++) {
    const from = origin + offsets[t];
    const number = numbers[t];
    for (let c = 0; c < channels; c++) {
      const value = x[from + c];
      const best = y[to + c];
      // The first tap wins ties because of the strict `>`. `value !== value` is the NaN test.
      if (value > best || (ignoreNan ? best !== best && value === value : value !== value && best === best)) {
        y[to + c] = value;
        argmax[to + c] = number;
      }
    }
  }
}

function maxAlone(
  x: Values, y: Values, to: number, origin: number, taps: Taps, channels: number, ignoreNan: boolean,
): void {
  const { count, offsets } = taps;
  const first = origin + offsets[0];
  for (let c = 0; c < channels; c++) y[to + c] = x[first + c];
  for (let t = 1; t < count; t++) {
    const from = origin + offsets[t];
    for (let c = 0; c < channels; c++) {
      const value = x[from + c];
      const best = y[to + c];
      if (value > best || (ignoreNan ? best !== best : value !== value)) y[to + c] = value;
    }
  }
}

/** All windows in row-major order. The tables are reused from call to call. */
function forEachWindow(g: PoolGeometry, visit: Visit): void {
  const { depth, height, width, channels } = g;
  const start = (axis: AxisGeometry, o: number) => o * axis.stride - axis.padBefore;
  const tapsAlong = (axis: AxisGeometry) => Array.from({ length: axis.output }, (_, o) => realTaps(axis, o));
  const [depthTaps, heightTaps, widthTaps] = [tapsAlong(depth), tapsAlong(height), tapsAlong(width)];
  const all = emptyTaps(g.taps);
  fillTaps(all, g, [0, depth.window], [0, height.window], [0, width.window]);
  const some = emptyTaps(g.taps);
  let y = 0;
  for (let b = 0; b < g.batch; b++) {
    for (let od = 0; od < depth.output; od++) {
      for (let oh = 0; oh < height.output; oh++) {
        const row = (b * depth.input + start(depth, od)) * height.input + start(height, oh);
        const rowTaps = lengthOf(depthTaps[od]) * lengthOf(heightTaps[oh]);
        for (let ow = 0; ow < width.output; ow++, y += channels) {
          const origin = (row * width.input + start(width, ow)) * channels;
          const isWhole = rowTaps * lengthOf(widthTaps[ow]) === g.taps;
          if (!isWhole) fillTaps(some, g, depthTaps[od], heightTaps[oh], widthTaps[ow]);
          visit(y, origin, isWhole ? all : some);
        }
      }
    }
  }
}

function emptyTaps(taps: number): Taps {
  return { count: 0, numbers: new Int32Array(taps), offsets: new Int32Array(taps), offsetOf: new Int32Array(taps) };
}

type Range = readonly [first: number, end: number];

function fillTaps(taps: Taps, g: PoolGeometry, depthTaps: Range, heightTaps: Range, widthTaps: Range): void {
  const { depth, height, width, channels } = g;
  taps.count = 0;
  taps.offsetOf.fill(NOT_REAL);
  for (let td = depthTaps[0]; td < depthTaps[1]; td++) {
    for (let th = heightTaps[0]; th < heightTaps[1]; th++) {
      for (let tw = widthTaps[0]; tw < widthTaps[1]; tw++) {
        const number = (td * height.window + th) * width.window + tw;
        const row = td * depth.dilation * height.input + th * height.dilation;
        const offset = (row * width.input + tw * width.dilation) * channels;
        taps.numbers[taps.count] = number;
        taps.offsets[taps.count] = offset;
        taps.offsetOf[number] = offset;
        taps.count++;
      }
    }
  }
}

function lengthOf([first, end]: Range): number {
  return end - first;
}
