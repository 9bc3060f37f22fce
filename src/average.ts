/**
 * What an average divides by: the options of average pooling, and the number of cells that each window counts.
 *
 * A window counts, axis by axis, the taps on real elements; or with `countIncludePad` those on the padded
 * input, which a last window of ceil mode may leave. No tensors and no tfjs import.
 */
import { type AxisGeometry, type PoolGeometry, realTaps } from './geometry';
import { POOLING_OPTIONS, readOptions } from './options';
import { type OrDefault, type PoolSpec, type SpatialRank, type WindowOptions, propagating } from './spec';

/** The options of average pooling. */
export interface AveragePoolOptions<Rank extends SpatialRank = SpatialRank> extends WindowOptions<Rank> {
  /** True: padding counts in the divisor, as zeros. Default false: the average of what is there. */
  countIncludePad?: boolean;
  /**
   * An integer of 32 bit other than 0 that divides the sum of each window's real elements, whatever `countIncludePad` says.
   * Default null: none.
   */
  divisorOverride?: number | null;
}

/** Options with every default filled in. Frozen. */
export interface AveragePoolSpec extends Omit<PoolSpec, 'nan'> {
  readonly countIncludePad: boolean;
  readonly divisorOverride: number | null;
}

/** What a window is divided by: its real elements, its cells of the padded input, nothing (a sum), or an integer. */
export type Divisor = 'real' | 'padded' | 'one' | number;

/**
 * Checks options and fills in the defaults: as max pooling has them, and what is divided by.
 *
 * @throws Error naming the option, what it expected and what it got
 */
export function averagePoolSpec(
  name: string,
  rank: SpatialRank,
  options?: OrDefault<AveragePoolOptions>,
): { pool: PoolSpec; divisor: Divisor } {
  const spec = readOptions(name, rank, POOLING_OPTIONS.average, options);
  return { pool: propagating(spec), divisor: divisorOf(spec) };
}

/** What these options divide by. */
export function divisorOf({
  countIncludePad,
  divisorOverride,
}: Pick<AveragePoolSpec, 'countIncludePad' | 'divisorOverride'>): Divisor {
  return divisorOverride ?? (countIncludePad ? 'padded' : 'real');
}

/** For each output of an axis, how many cells of it count. */
export function axisCounts(axis: AxisGeometry, divisor: Divisor): number[] {
  return Array.from({ length: axis.output }, (_, output) => axisCount(axis, output, divisor));
}

/** The count that all windows have, or undefined if they differ. */
export function uniformDivisor({ depth, height, width }: PoolGeometry, divisor: Divisor): number | undefined {
  // As float32, which all backends divide by.
  if (typeof divisor === 'number') return Math.fround(divisor);
  const counts = [depth, height, width].map((axis) => uniformCount(axis, divisor));
  return counts.some((count) => count === undefined) ? undefined : (counts as number[]).reduce((a, b) => a * b, 1);
}

/** The count that all windows along an axis have, or undefined if they differ. */
export function uniformCount(axis: AxisGeometry, divisor: Divisor): number | undefined {
  const [first, ...rest] = axisCounts(axis, divisor);
  return rest.every((count) => count === first) ? first : undefined;
}

/** The divisor of each window of an image, row-major. */
export function divisorTable({ depth, height, width }: PoolGeometry, divisor: Divisor): Float64Array {
  const [d, h, w] = [axisCounts(depth, divisor), axisCounts(height, divisor), axisCounts(width, divisor)];
  const table = new Float64Array(d.length * h.length * w.length);
  if (typeof divisor === 'number') return table.fill(Math.fround(divisor));
  let at = 0;
  for (const planes of d) for (const rows of h) for (const columns of w) table[at++] = planes * rows * columns;
  return table;
}

function axisCount(axis: AxisGeometry, output: number, divisor: Divisor): number {
  if (divisor === 'one' || typeof divisor === 'number') return 1;
  if (divisor === 'real') {
    const [first, end] = realTaps(axis, output);
    return end - first;
  }
  const { input, window, stride, dilation, padBefore, padAfter } = axis;
  return Math.min(window, Math.ceil((input + padBefore + padAfter - output * stride) / dilation));
}
