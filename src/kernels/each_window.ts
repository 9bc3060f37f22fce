/**
 * The walk of all loops on typed arrays: every window in row-major order, with its real taps as a table, so
 * that the engine sees nothing but numbers where the time goes.
 */
import { type AxisGeometry, type PoolGeometry, realTaps } from '../geometry';

/** The real taps of a window. */
export interface Taps {
  /** How many are real. */
  count: number;
  /** Their numbers, rising. */
  readonly numbers: Int32Array;
  /** Their distances in x from tap (0, 0, 0). */
  readonly offsets: Int32Array;
  /** The distance of each tap by its number; NOT_REAL where it is padding. */
  readonly offsetOf: Int32Array;
}

export const NOT_REAL = -1;

/** `y`: where the window's outputs start. `origin`: where its tap (0, 0, 0) is in x, or would be. */
export type Visit = (y: number, origin: number, taps: Taps) => void;

/** All windows in row-major order. The tables are reused from call to call. */
export function forEachWindow(g: PoolGeometry, visit: Visit): void {
  const { width, channels } = g;
  const widthTaps = tapsAlong(width);
  const some = emptyTaps(g.taps);
  forEachRow(g, (y, origin, rowTaps, depthTaps, heightTaps) => {
    const perColumn = lengthOf(depthTaps) * lengthOf(heightTaps);
    for (let ow = 0; ow < width.output; ow++, y += channels, origin += width.stride * channels) {
      const isWhole = perColumn * lengthOf(widthTaps[ow]) === g.taps;
      if (!isWhole) fillTaps(some, g, depthTaps, heightTaps, widthTaps[ow]);
      visit(y, origin, isWhole ? rowTaps : some);
    }
  });
}

/** Also the depth and height of the taps that are real. */
type VisitRow = (y: number, origin: number, taps: Taps, depthTaps: Range, heightTaps: Range) => void;

/**
 * All rows of outputs in row-major order: `y` and `origin` of a row's first window, and the taps of its windows that are
 * real but for their columns.
 */
export function forEachRow(g: PoolGeometry, visit: VisitRow): void {
  const { depth, height, width, channels } = g;
  const [depthTaps, heightTaps] = [tapsAlong(depth), tapsAlong(height)];
  const columns: Range = [0, width.window];
  const all = emptyTaps(g.taps);
  fillTaps(all, g, [0, depth.window], [0, height.window], columns);
  const some = emptyTaps(g.taps);
  let y = 0;
  for (let b = 0; b < g.batch; b++) {
    for (let od = 0; od < depth.output; od++) {
      for (let oh = 0; oh < height.output; oh++, y += width.output * channels) {
        const row = (b * depth.input + startOf(depth, od)) * height.input + startOf(height, oh);
        const isWhole = lengthOf(depthTaps[od]) * lengthOf(heightTaps[oh]) * width.window === g.taps;
        if (!isWhole) fillTaps(some, g, depthTaps[od], heightTaps[oh], columns);
        const origin = (row * width.input - width.padBefore) * channels;
        visit(y, origin, isWhole ? all : some, depthTaps[od], heightTaps[oh]);
      }
    }
  }
}

function startOf(axis: AxisGeometry, output: number): number {
  return output * axis.stride - axis.padBefore;
}

function tapsAlong(axis: AxisGeometry): Range[] {
  return Array.from({ length: axis.output }, (_, o) => realTaps(axis, o));
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
