/** Where windows reach beyond the image, by the package's own geometry. */
import { type AxisGeometry, poolGeometry, windowStart } from '../../../src/geometry';
import { poolSpec } from '../../../src/spec';
import type { OrNull, PoolOptions } from 'tfjs-im2col-pooling';
import { numbersIn } from '../shared/frame';
import type { Routes } from './routing_protocol';

/** The padding around an image of this shape, [1, height, width, 1], and the cells of every window, those of padding included. */
export function framedWindows(
  shape: readonly number[],
  options: OrNull<PoolOptions>,
): Pick<Routes, 'frame' | 'overhang' | 'cells'> {
  const { height, width } = poolGeometry('padding', poolSpec('padding', 2, options), shape);
  const [rows, columns] = [alongAxis(height), alongAxis(width)];
  const frame = { top: height.padBefore, left: width.padBefore, bottom: rows.after, right: columns.after };
  const numbers = numbersIn(frame, height.input, width.input);
  const cells = rows.windows.flatMap((lines) =>
    columns.windows.map((places) =>
      lines.flatMap((row) => places.map((column) => numbers[row + frame.top][column + frame.left])),
    ),
  );
  return { frame, overhang: [rows.after - height.padAfter, columns.after - width.padAfter], cells };
}

/** The positions of each window's taps, and how far after the image padding or windows end. */
function alongAxis(axis: AxisGeometry): { windows: number[][]; after: number } {
  const windows = Array.from({ length: axis.output }, (_, output) =>
    Array.from({ length: axis.window }, (__, tap) => windowStart(axis, output) + tap * axis.dilation),
  );
  const last = Math.max(...windows.flat());
  return { windows, after: Math.max(axis.padAfter, last + 1 - axis.input) };
}
