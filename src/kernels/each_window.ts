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
