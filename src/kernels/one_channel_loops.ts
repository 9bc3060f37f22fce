/**
 * The loops for images of one channel, channels first among them: a row of outputs at a time, with the width innermost,
 * since a call for each window would take longer than its one element. They give the same bits as the others.
 */
import { type Divisor, divisorTable } from '../average';
import { type PoolGeometry, realTaps } from '../geometry';
import { NOT_REAL, type Taps, forEachRow } from './each_window';
import type { Argmax, Values } from './pool_kernels';

/** Whether these loops can do it: they want windows along the width that are one stride apart. */
export function isRowOfOne({ channels, width }: PoolGeometry): boolean {
  return channels === 1 && !width.fitted;
}

/** x -> y and, where given, argmax. */
export function maxPoolOfOne(g: PoolGeometry, x: Values, y: Values, argmax?: Argmax): void {
  const { output, stride, dilation } = g.width;
  const ignoreNan = g.spec.nan === 'ignore';
  const columns = columnsOf(g);
  const firstTaps = Int32Array.from({ length: output }, (_, o) => realTaps(g.width, o)[0]);
  forEachRow(g, (to, origin, taps) => {
    const from = origin + taps.offsets[0]!;
    for (let o = 0; o < output; o++) {
      y[to + o] = x[from + o * stride + firstTaps[o]! * dilation]!;
      if (argmax) argmax[to + o] = taps.numbers[0]! + firstTaps[o]!;
    }
    forEachTap(taps, columns, (number, offset, begin, end) => {
      if (argmax) largestWithArgmax(x, y, argmax, to, origin + offset, begin, end, stride, number, ignoreNan);
      else largest(x, y, to, origin + offset, begin, end, stride, ignoreNan);
    });
  });
}

/** dy, argmax -> dx. */
export function scatterOfOne(g: PoolGeometry, dy: Values, argmax: Argmax, dx: Values, writes: boolean): void {
  const { output, stride } = g.width;
  const offsetAt = offsetsOf(g);
  dx.fill(0);
  forEachRow(g, (from, origin, { offsetOf }) => {
    for (let o = 0; o < output; o++) {
      const offset = offsetAt(offsetOf, argmax[from + o]!, o);
      if (offset === NOT_REAL) continue;
      if (writes) dx[origin + o * stride + offset] = dy[from + o]!;
      else dx[origin + o * stride + offset]! += dy[from + o]!;
    }
  });
}

/** x, argmax -> y. */
export function gatherOfOne(g: PoolGeometry, x: Values, argmax: Argmax, y: Values): void {
  const { output, stride } = g.width;
  const offsetAt = offsetsOf(g);
  forEachRow(g, (to, origin, { offsetOf }) => {
    for (let o = 0; o < output; o++) {
      const offset = offsetAt(offsetOf, argmax[to + o]!, o);
      y[to + o] = offset === NOT_REAL ? 0 : x[origin + o * stride + offset]!;
    }
  });
}

/** x -> y: the taps of each window are added up in row-major order, then divided. */
export function averagePoolOfOne(g: PoolGeometry, x: Values, y: Float32Array, divisor: Divisor): void {
  const { output, stride } = g.width;
  const columns = columnsOf(g);
  const cells = divisorTable(g, divisor);
  y.fill(0);
  forEachRow(g, (to, origin, taps) => {
    forEachTap(taps, columns, (_, offset, begin, end) => {
      for (let o = begin, from = origin + offset + o * stride; o < end; o++, from += stride) y[to + o]! += x[from]!;
    });
    for (let o = 0, at = to % cells.length; o < output; o++) y[to + o]! /= cells[at + o]!;
  });
}

/** dy -> dx: the taps of a row of windows come in falling order, so that an element's windows come in rising order. */
export function averageSpreadOfOne(g: PoolGeometry, dy: Values, dx: Float32Array, divisor: Divisor): void {
  const { output, stride } = g.width;
  const columns = columnsOf(g);
  const cells = divisorTable(g, divisor);
  const shares = new Float32Array(output);
  dx.fill(0);
  forEachRow(g, (from, origin, { count, numbers, offsets }) => {
    for (let o = 0, at = from % cells.length; o < output; o++) shares[o] = dy[from + o]! / cells[at + o]!;
    for (let t = count - 1; t >= 0; t--) {
      const [begin, end] = columns[numbers[t]! % columns.length]!;
      for (let o = begin, to = origin + offsets[t]! + o * stride; o < end; o++, to += stride) dx[to]! += shares[o]!;
    }
  });
}

function largestWithArgmax(
  x: Values,
  y: Values,
  argmax: Argmax,
  to: number,
  from: number,
  begin: number,
  end: number,
  stride: number,
  number: number,
  ignoreNan: boolean,
): void {
  for (let o = begin, at = from + o * stride; o < end; o++, at += stride) {
    const value = x[at]!;
    const best = y[to + o]!;
    // The first tap wins ties because of the strict `>`. `value !== value` is the NaN test.
    if (value > best || (ignoreNan ? best !== best && value === value : value !== value && best === best)) {
      y[to + o] = value;
      argmax[to + o] = number;
    }
  }
}

function largest(
  x: Values,
  y: Values,
  to: number,
  from: number,
  begin: number,
  end: number,
  stride: number,
  ignoreNan: boolean,
): void {
  for (let o = begin, at = from + o * stride; o < end; o++, at += stride) {
    const value = x[at]!;
    const best = y[to + o]!;
    if (value > best || (ignoreNan ? best !== best : value !== value)) y[to + o] = value;
  }
}

type Range = readonly [begin: number, end: number];

/** For each column of the window, the outputs along the width for which it is real. */
function columnsOf({ width }: PoolGeometry): Range[] {
  const { input, output, window, stride, dilation, padBefore } = width;
  return Array.from({ length: window }, (_, column): Range => {
    const start = column * dilation - padBefore;
    const begin = Math.max(0, Math.ceil(-start / stride));
    return [begin, Math.max(begin, Math.min(output, Math.ceil((input - start) / stride)))];
  });
}

type VisitTap = (number: number, offset: number, begin: number, end: number) => void;

function forEachTap({ count, numbers, offsets }: Taps, columns: readonly Range[], visit: VisitTap): void {
  for (let t = 0; t < count; t++) {
    const number = numbers[t]!;
    const [begin, end] = columns[number % columns.length]!;
    visit(number, offsets[t]!, begin, end);
  }
}

/** Where the tap of output `o` is, from a row's table; NOT_REAL if it names no real tap. */
function offsetsOf(g: PoolGeometry): (offsetOf: Int32Array, tap: number, o: number) => number {
  const { window } = g.width;
  const columns = columnsOf(g);
  const bounds = (side: 0 | 1) => Int32Array.from({ length: g.taps }, (_, tap) => columns[tap % window]![side]);
  const [begins, ends] = [bounds(0), bounds(1)];
  return (offsetOf, tap, o) =>
    tap >= 0 && tap < offsetOf.length && o >= begins[tap]! && o < ends[tap]! ? offsetOf[tap]! : NOT_REAL;
}
