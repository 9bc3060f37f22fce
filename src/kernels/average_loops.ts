/**
 * Average pooling and its adjoint as plain loops on typed arrays, channel innermost. Every addition and
 * division is rounded to float32 by itself, as the other backends do.
 */
import { type Divisor, divisorTable, uniformDivisor } from '../average';
import type { PoolGeometry } from '../geometry';
import { forEachWindow } from './each_window';
import { averagePoolOfOne, averageSpreadOfOne, isRowOfOne } from './one_channel_loops';
import type { Values } from './pool_kernels';

/** x -> y: the taps of each window are added up in row-major order, then divided. */
export function averagePoolLoop(g: PoolGeometry, x: Values, y: Float32Array, divisor: Divisor): void {
  if (isRowOfOne(g)) return averagePoolOfOne(g, x, y, divisor);
  const { channels } = g;
  const divisorOf = divisorsOf(g, divisor);
  forEachWindow(g, (to, origin, { count, offsets }) => {
    const first = origin + offsets[0]!;
    for (let c = 0; c < channels; c++) y[to + c] = x[first + c]!;
    for (let t = 1; t < count; t++) {
      const from = origin + offsets[t]!;
      for (let c = 0; c < channels; c++) y[to + c]! += x[from + c]!;
    }
    const cells = divisorOf(to);
    if (cells !== 1) for (let c = 0; c < channels; c++) y[to + c]! /= cells;
  });
}

/** dy -> dx: what each window was divided by divides its gradient, which then goes to all of its elements. */
export function averageSpreadLoop(g: PoolGeometry, dy: Values, dx: Float32Array, divisor: Divisor): void {
  if (isRowOfOne(g)) return averageSpreadOfOne(g, dy, dx, divisor);
  const { channels } = g;
  const divisorOf = divisorsOf(g, divisor);
  const shares = new Float32Array(channels);
  dx.fill(0);
  forEachWindow(g, (from, origin, { count, offsets }) => {
    const cells = divisorOf(from);
    for (let c = 0; c < channels; c++) shares[c] = dy[from + c]! / cells;
    for (let t = 0; t < count; t++) {
      const to = origin + offsets[t]!;
      for (let c = 0; c < channels; c++) dx[to + c]! += shares[c]!;
    }
  });
}

/** The divisor of the window whose outputs start at `y`. */
function divisorsOf(g: PoolGeometry, divisor: Divisor): (y: number) => number {
  const uniform = uniformDivisor(g, divisor);
  if (uniform !== undefined) return () => uniform;
  const table = divisorTable(g, divisor);
  return (y) => table[(y / g.channels) % table.length]!;
}
