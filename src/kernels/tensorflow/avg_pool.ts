/** TensorFlow's AvgPool, AvgPool3D and their gradients: which poolings they can say, and how. */
import { type Divisor, axisCounts, divisorTable, uniformDivisor } from '../../average';
import { type AxisGeometry, type PoolGeometry, sameAxis } from '../../geometry';
import { FLOAT32, type Handle, type Session } from './session';

/** A pooling in TensorFlow's words. */
export interface AvgPool {
  readonly operation: 'AvgPool' | 'AvgPool3D';
  readonly padding: 'VALID' | 'SAME';
  /** [batch, height, width, channels], or with a depth. */
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
  readonly axes: readonly AxisGeometry[];
  readonly geometry: PoolGeometry;
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
      geometry: g,
    }
  );
}

function isValid({ input, output, window, stride, padBefore }: AxisGeometry): boolean {
  return padBefore === 0 && output === Math.floor((input - window) / stride) + 1;
}

function isSame({ input, output, window, stride, padBefore }: AxisGeometry): boolean {
  const same = sameAxis(input, stride, window);
  return output === same.output && padBefore === same.padBefore;
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
  const shares = session.run('RealDiv', FLOAT32, { T: FLOAT32 }, [dy, countsOf(session, pool)]);
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
function countsOf(session: Session, { geometry, yShape }: AvgPool): Handle {
  const uniform = uniformDivisor(geometry, 'real');
  if (uniform !== undefined) return session.share(Float32Array.of(uniform), []);
  return session.share(new Float32Array(divisorTable(geometry, 'real')), [1, yShape[1], yShape[2], 1]);
}

/** The gradient of windows of one element is the way to spell zeros in between. */
function setApart(session: Session, pool: AvgPool, shares: Handle): Handle {
  if (pool.axes.every(({ stride }) => stride === 1)) return shares;
  const [rows, columns] = pool.axes.map(({ output, stride }) => (output - 1) * stride + 1);
  const single: AvgPool = {
    ...pool,
    padding: 'VALID',
    xShape: [pool.xShape[0], rows, columns, pool.xShape[3]],
    axes: pool.axes.map((axis) => ({ ...axis, window: 1 })),
  };
  return runAvgPoolGrad(session, single, shares);
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
