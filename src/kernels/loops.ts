/**
 * The kernels as plain loops over typed arrays: for a host without WebAssembly SIMD, and for what the
 * SIMD module (./simd) leaves out.
 *
 * Each walks the windows in row-major order and gives one window at a time, with its real taps, to a small
 * function with the channel innermost; so memory is read and written in order, and the engine sees
 * nothing but numbers and typed arrays where the time goes. They allocate nothing but small tables.
 * An argmax that names no real tap of its window routes nothing and reads 0.
 */
import type { PoolGeometry } from '../geometry';
import { gatherOfOne, isRowOfOne, maxPoolOfOne, scatterOfOne } from './one_channel_loops';
import { type Taps, NOT_REAL, forEachWindow } from './each_window';
import type { Overlaps } from '../spec';
import type { Argmax, PoolKernels, Values } from './pool_kernels';
import { averagePoolLoop, averageSpreadLoop } from './average_loops';
import { lpPoolGradientLoop, lpPoolLoop } from './lp_loops';

export const LOOPS: PoolKernels = {
  variant: 'loops',
  maxPool: maxPoolLoop,
  scatterArgmax: scatterArgmaxLoop,
  gatherArgmax: gatherArgmaxLoop,
  areTaps: areTapsLoop,
  im2col: im2colLoop,
  col2im: col2imLoop,
  averagePool: averagePoolLoop,
  averageSpread: averageSpreadLoop,
  lpPool: lpPoolLoop,
  lpPoolGradient: lpPoolGradientLoop,
};

/** x -> y and, where given, argmax. */
function maxPoolLoop(g: PoolGeometry, x: Values, y: Values, argmax?: Argmax): void {
  if (isRowOfOne(g)) return maxPoolOfOne(g, x, y, argmax);
  const { channels } = g;
  const ignoreNan = g.spec.nan === 'ignore';
  forEachWindow(
    g,
    argmax
      ? (to, origin, taps) => maxWithArgmax(x, y, argmax, to, origin, taps, channels, ignoreNan)
      : (to, origin, taps) => maxAlone(x, y, to, origin, taps, channels, ignoreNan),
  );
}

/** dy, argmax -> dx. */
function scatterArgmaxLoop(g: PoolGeometry, dy: Values, argmax: Argmax, dx: Values, overlaps?: Overlaps): void {
  const writes = overlaps === 'write';
  if (isRowOfOne(g)) return scatterOfOne(g, dy, argmax, dx, writes);
  const { channels, taps: limit } = g;
  dx.fill(0);
  forEachWindow(g, (from, origin, { offsetOf }) => {
    for (let c = 0; c < channels; c++) {
      const tap = argmax[from + c]!;
      const offset = tap >= 0 && tap < limit ? offsetOf[tap]! : NOT_REAL;
      if (offset === NOT_REAL) continue;
      if (writes) dx[origin + offset + c] = dy[from + c]!;
      else dx[origin + offset + c]! += dy[from + c]!;
    }
  });
}

/** x, argmax -> y. */
function gatherArgmaxLoop(g: PoolGeometry, x: Values, argmax: Argmax, y: Values): void {
  if (isRowOfOne(g)) return gatherOfOne(g, x, argmax, y);
  const { channels, taps: limit } = g;
  forEachWindow(g, (to, origin, { offsetOf }) => {
    for (let c = 0; c < channels; c++) {
      const tap = argmax[to + c]!;
      const offset = tap >= 0 && tap < limit ? offsetOf[tap]! : NOT_REAL;
      y[to + c] = offset === NOT_REAL ? 0 : x[origin + offset + c]!;
    }
  });
}

/** Whether all of argmax lies in [0, taps). Without a branch: a number below 0, or above the last tap, sets the sign. */
function areTapsLoop(argmax: Int32Array, taps: number): boolean {
  const last = lastTap(taps);
  let signs = 0;
  for (let i = 0; i < argmax.length; i++) signs |= argmax[i]! | (last - argmax[i]!);
  return signs >= 0;
}

/** As int32, which all of an argmax is. */
export function lastTap(taps: number): number {
  return Math.min(taps - 1, 2 ** 31 - 1);
}

/** x -> columns. */
export function im2colLoop(g: PoolGeometry, x: Values, columns: Values, padValue: number): void {
  const { channels, taps: width } = g;
  forEachWindow(g, (y, origin, { count, numbers, offsets }) => {
    const row = y * width;
    if (count < width) columns.fill(padValue, row, row + channels * width);
    for (let t = 0; t < count; t++) {
      const from = origin + offsets[t]!;
      for (let c = 0, to = row + numbers[t]!; c < channels; c++, to += width) columns[to] = x[from + c]!;
    }
  });
}

/** columns -> dx. */
export function col2imLoop(g: PoolGeometry, columns: Values, dx: Values): void {
  const { channels, taps: width } = g;
  dx.fill(0);
  forEachWindow(g, (y, origin, { count, numbers, offsets }) => {
    for (let t = 0; t < count; t++) {
      const to = origin + offsets[t]!;
      for (let c = 0, from = y * width + numbers[t]!; c < channels; c++, from += width) dx[to + c]! += columns[from]!;
    }
  });
}

function maxWithArgmax(
  x: Values,
  y: Values,
  argmax: Argmax,
  to: number,
  origin: number,
  taps: Taps,
  channels: number,
  ignoreNan: boolean,
): void {
  const { count, numbers, offsets } = taps;
  const first = origin + offsets[0]!;
  for (let c = 0; c < channels; c++) {
    y[to + c] = x[first + c]!;
    argmax[to + c] = numbers[0]!;
  }
  for (let t = 1; t < count; t++) {
    const from = origin + offsets[t]!;
    const number = numbers[t]!;
    for (let c = 0; c < channels; c++) {
      const value = x[from + c]!;
      const best = y[to + c]!;
      // The first tap wins ties because of the strict `>`. `value !== value` is the NaN test.
      if (value > best || (ignoreNan ? best !== best && value === value : value !== value && best === best)) {
        y[to + c] = value;
        argmax[to + c] = number;
      }
    }
  }
}

function maxAlone(
  x: Values,
  y: Values,
  to: number,
  origin: number,
  taps: Taps,
  channels: number,
  ignoreNan: boolean,
): void {
  const { count, offsets } = taps;
  const first = origin + offsets[0]!;
  for (let c = 0; c < channels; c++) y[to + c] = x[first + c]!;
  for (let t = 1; t < count; t++) {
    const from = origin + offsets[t]!;
    for (let c = 0; c < channels; c++) {
      const value = x[from + c]!;
      const best = y[to + c]!;
      if (value > best || (ignoreNan ? best !== best : value !== value)) y[to + c] = value;
    }
  }
}
