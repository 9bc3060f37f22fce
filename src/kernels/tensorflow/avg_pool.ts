/** TensorFlow's AvgPool, AvgPool3D and their gradients: which poolings they can say, and how. */
import { type Divisor, axisCounts } from '../../average';
import type { AxisGeometry, PoolGeometry } from '../../geometry';
import { FLOAT32, type Handle, type Session } from './session';

/** A pooling in TensorFlow's words. */
export interface AvgPool {
  readonly operation: 'AvgPool' | 'AvgPool3D';
  readonly padding: 'VALID' | 'SAME';
  /** [batch, height, width, channels], or with a depth. */
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
  readonly axes: readonly AxisGeometry[];
}

/** Poolings without dilation, and with no padding or with that of 'same', if it doesn't count. Else undefined. */
export function avgPoolOf(g: PoolGeometry, divisor: Divisor): AvgPool | undefined {
  const isFlat = g.depth.input * g.depth.window === 1;
  const axes = isFlat ? [g.height, g.width] : [g.depth, g.height, g.width];
  if (divisor === 'one' || axes.some(({ window, dilation }) => window > 1 && dilation > 1)) return undefined;
  const padding = axes.every(isValid) ? 'VALID' : divisor === 'real' && axes.every(isSame) ? 'SAME' : undefined;
  return (
    padding && {
      operation: isFlat ? 'AvgPool' : 'AvgPool3D',
      padding,
      xShape: [g.batch, ...axes.map(({ input }) => input), g.channels],
      yShape: [g.batch, ...axes.map(({ output }) => output), g.channels],
      axes,
    }
  );
}

function isValid({ input, output, window, stride, padBefore }: AxisGeometry): boolean {
  return padBefore === 0 && output === Math.floor((input - window) / stride) + 1;
}

function isSame({ input, output, window, stride, padBefore }: AxisGeometry): boolean {
  const total = Math.max(0, (output - 1) * stride + window - input);
  return output === Math.ceil(input / stride) && padBefore === Math.floor(total / 2);
}

/** Above so many taps, what {@link runSumOfShares} does for the elements between windows is not worth it. */
const MAX_TAPS = 16;

/** TensorFlow's own gradient, or another way through its operations that adds up in our order; undefined without. */
export function gradientOf(pool: AvgPool): 'AvgPoolGrad' | 'AvgPool3DGrad' | 'sum of shares' | undefined {
  const { operation, axes } = pool;
  if (axes.every(isExactBackward)) return `${operation}Grad`;
  const taps = axes.reduce((product, { window }) => product * window, 1);
  return operation === 'AvgPool' && taps <= MAX_TAPS ? 'sum of shares' : undefined;
}

/**
 * Whether there is but one way to compute the gradient: nothing is added up, as no windows overlap, and to divide by a
 * power of two is as exact as to multiply. Else AvgPoolGrad has an order of its own, and multiplies.
 */
function isExactBackward(axis: AxisGeometry): boolean {
  const isPowerOfTwo = (count: number) => (count & (count - 1)) === 0;
  return (axis.output === 1 || axis.stride >= axis.window) && axisCounts(axis, 'real').every(isPowerOfTwo);
}

/** x -> y */
export function runAvgPool(session: Session, pool: AvgPool, x: Handle): Handle {
  return session.run(pool.operation, FLOAT32, attributesOf(pool), [x]);
}

/** dy -> dx, as TensorFlow has it. */
export function runAvgPoolGrad(session: Session, pool: AvgPool, dy: Handle): Handle {
  return session.run(`${pool.operation}Grad`, FLOAT32, attributesOf(pool), [session.ints([...pool.xShape]), dy]);
}

/**
 * dy -> dx: each gradient divided by its window's elements, set apart by the strides with zeros between, and then for
 * each element of x the sum of those in reach, from first to last: a depthwise convolution with ones.
 */
export function runSumOfShares(session: Session, pool: AvgPool, dy: Handle): Handle {
  const [height, width] = pool.axes;
  const channels = pool.xShape[3];
  const shares = session.run('RealDiv', FLOAT32, { T: FLOAT32 }, [dy, countsOf(session, height, width)]);
  const ones = session.share(new Float32Array(height.window * width.window * channels).fill(1), [
    height.window,
    width.window,
    channels,
    1,
  ]);
  const attributes = {
    strides: [1, 1, 1, 1],
    padding: 'EXPLICIT',
    explicit_paddings: [0, 0, ...reachOf(height), ...reachOf(width), 0, 0],
    data_format: 'NHWC',
    dilations: [1, 1, 1, 1],
    T: FLOAT32,
  };
  return session.run('DepthwiseConv2dNative', FLOAT32, attributes, [setApart(session, pool, shares), ones]);
}

/** What windows are divided by: one number, or one for each place. */
function countsOf(session: Session, height: AxisGeometry, width: AxisGeometry): Handle {
  const [rows, columns] = [axisCounts(height, 'real'), axisCounts(width, 'real')];
  const isUniform = [rows, columns].every((counts) => counts.every((count) => count === counts[0]));
  if (isUniform) return session.share(Float32Array.of(rows[0] * columns[0]), []);
  const counts = new Float32Array(rows.length * columns.length);
  rows.forEach((row, i) => {
    columns.forEach((column, j) => {
      counts[i * columns.length + j] = row * column;
    });
  });
  return session.share(counts, [1, rows.length, columns.length, 1]);
}

/** The gradient of windows of one element is the way to spell zeros in between. */
function setApart(session: Session, { xShape, axes: [height, width] }: AvgPool, shares: Handle): Handle {
  if (height.stride * width.stride === 1) return shares;
  const [rows, columns] = [height, width].map(({ output, stride }) => (output - 1) * stride + 1);
  const attributes = {
    ksize: [1, 1, 1, 1],
    strides: [1, height.stride, width.stride, 1],
    padding: 'VALID',
    data_format: 'NHWC',
    T: FLOAT32,
  };
  const shape = session.ints([xShape[0], rows, columns, xShape[3]]);
  return session.run('AvgPoolGrad', FLOAT32, attributes, [shape, shares]);
}

/** How far before the first and behind the last share the elements of x lie that windows reach. */
function reachOf({ input, output, window, stride, padBefore }: AxisGeometry): [before: number, after: number] {
  return [window - 1 - padBefore, input + padBefore - 1 - (output - 1) * stride];
}

function attributesOf({ operation, padding, axes }: AvgPool) {
  return {
    ksize: [1, ...axes.map(({ window }) => window), 1],
    strides: [1, ...axes.map(({ stride }) => stride), 1],
    padding,
    data_format: operation === 'AvgPool' ? 'NHWC' : 'NDHWC',
    T: FLOAT32,
  };
}
