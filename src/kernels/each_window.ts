/**
 * The walk of all loops on typed arrays: every window in row-major order, with its real taps as a table, so
 * that the engine sees nothing but numbers where the time goes.
 */
import { type AxisGeometry, type PoolGeometry, realTaps, windowSize, windowStart } from '../geometry';

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
  const columns = windowsAlong(width);
  const some = emptyTaps(g.taps);
  forEachRow(g, (y, origin, rowTaps, planes, rows) => {
    const perColumn = lengthOf(planes) * lengthOf(rows);
    let filled: Along | undefined;
    for (const along of columns) {
      const isWhole = perColumn * lengthOf(along) === g.taps;
      if (!isWhole && !(filled && isAlike(filled, along))) fillTaps(some, g, planes, rows, (filled = along));
      visit(y, origin + (along.start - columns[0]!.start) * channels, isWhole ? rowTaps : some);
      y += channels;
    }
  });
}

/** Also the windows along depth and height. */
type VisitRow = (y: number, origin: number, taps: Taps, depth: Along, height: Along) => void;

/**
 * All rows of outputs in row-major order: `y` and `origin` of a row's first window, and the taps of its windows that are
 * real but for their columns.
 */
export function forEachRow(g: PoolGeometry, visit: VisitRow): void {
  const { depth, height, width, channels } = g;
  const [planes, rows] = [windowsAlong(depth), windowsAlong(height)];
  const columns = wholeWindow(width);
  const all = emptyTaps(g.taps);
  fillTaps(all, g, wholeWindow(depth), wholeWindow(height), columns);
  const some = emptyTaps(g.taps);
  let y = 0;
  for (let b = 0; b < g.batch; b++) {
    for (const plane of planes) {
      for (const row of rows) {
        const isWhole = lengthOf(plane) * lengthOf(row) * width.window === g.taps;
        if (!isWhole) fillTaps(some, g, plane, row, columns);
        const at = ((b * depth.input + plane.start) * height.input + row.start) * width.input + windowStart(width, 0);
        visit(y, at * channels, isWhole ? all : some, plane, row);
        y += width.output * channels;
      }
    }
  }
}

/** A window along an axis: where it starts, how many taps it has, and which of these, [first, end), are real. */
interface Along {
  readonly start: number;
  readonly size: number;
  readonly first: number;
  readonly end: number;
}

function windowsAlong(axis: AxisGeometry): Along[] {
  return Array.from({ length: axis.output }, (_, o) => {
    const [first, end] = realTaps(axis, o);
    return { start: windowStart(axis, o), size: windowSize(axis, o), first, end };
  });
}

function wholeWindow({ window }: AxisGeometry): Along {
  return { start: 0, size: window, first: 0, end: window };
}

function isAlike(a: Along, b: Along): boolean {
  return a.size === b.size && a.first === b.first && a.end === b.end;
}

function emptyTaps(taps: number): Taps {
  return { count: 0, numbers: new Int32Array(taps), offsets: new Int32Array(taps), offsetOf: new Int32Array(taps) };
}

function fillTaps(taps: Taps, g: PoolGeometry, planes: Along, rows: Along, columns: Along): void {
  const { depth, height, width, channels } = g;
  taps.count = 0;
  taps.offsetOf.fill(NOT_REAL);
  for (let td = planes.first; td < planes.end; td++) {
    for (let th = rows.first; th < rows.end; th++) {
      for (let tw = columns.first; tw < columns.end; tw++) {
        const number = (td * rows.size + th) * columns.size + tw;
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

function lengthOf({ first, end }: Along): number {
  return end - first;
}
