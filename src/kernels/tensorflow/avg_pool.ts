/** TensorFlow's AvgPool, AvgPool3D and their gradients: which poolings they can say, and how. */
import { type Divisor, axisCounts, divisorTable, uniformDivisor } from '../../average';
import { type AxisGeometry, type PoolGeometry, hasFitted, sameAxis } from '../../geometry';
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
  if (
    divisor === 'one' ||
    typeof divisor === 'number' ||
    hasFitted(g) ||
    axes.some(({ window, dilation }) => window > 1 && dilation > 1)
  )
    return undefined;
  const padding = axes.every(isValid) ? 'VALID' : divisor === 'real' && axes.every(isSame) ? 'SAME' : undefined;
  return padding && inWords(isFlat ? 'AvgPool' : 'AvgPool3D', padding, axes, g);
}

function inWords(
  operation: AvgPool['operation'],
  padding: AvgPool['padding'],
  axes: readonly AxisGeometry[],
  geometry: PoolGeometry,
): AvgPool {
  const shape = (sizes: number[]) => [geometry.batch, ...sizes, geometry.channels];
  const xShape = shape(axes.map(({ input }) => input));
  const yShape = shape(axes.map(({ output }) => output));
  return { operation, padding, xShape, yShape, axes, geometry };
}

/** The same pooling of volumes, of one plane if need be. */
function asVolume({ padding, geometry: g }: AvgPool): AvgPool {
  return inWords('AvgPool3D', padding, [g.depth, g.height, g.width], g);
}

function isValid({ input, output, window, stride, padBefore }: AxisGeometry): boolean {
  return padBefore === 0 && output === Math.floor((input - window) / stride) + 1;
}

function isSame({ input, output, window, stride, padBefore }: AxisGeometry): boolean {
  const same = sameAxis(input, stride, window);
  return output === same.output && padBefore === same.padBefore;
}

/** x -> y */
function runAvgPool(session: Session, pool: AvgPool, x: Handle): Handle {
  return session.run(pool.operation, FLOAT32, attributesOf(pool), [x]);
}

/** dy -> dx, as TensorFlow has it. */
function runAvgPoolGrad(session: Session, pool: AvgPool, dy: Handle): Handle {
  return session.run(`${pool.operation}Grad`, FLOAT32, attributesOf(pool), [session.ints([...pool.xShape]), dy]);
}

/**
 * dy -> dx, for strides of 1: each gradient divided by its window's elements, and then for each element of x the sum of
 * those in reach, from first to last: a depthwise convolution with ones.
 */
function runSumOfShares(session: Session, pool: AvgPool, dy: Handle): Handle {
  const { height, width, channels } = pool.geometry;
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
  return session.run('DepthwiseConv2dNative', FLOAT32, attributes, [shares, ones]);
}

/** What windows are divided by: one number, or one for each place. */
function countsOf(session: Session, { geometry, yShape }: AvgPool): Handle {
  const uniform = uniformDivisor(geometry, 'real');
  if (uniform !== undefined) return session.share(Float32Array.of(uniform), []);
  return session.share(new Float32Array(divisorTable(geometry, 'real')), [1, yShape[1]!, yShape[2]!, 1]);
}

/** How far before the first and behind the last share the elements of x lie that windows reach. */
function reachOf({ input, output, window, padBefore }: AxisGeometry): [before: number, after: number] {
  return [window - 1 - padBefore, input + padBefore - output];
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

/** The ways through TensorFlow's operations, forward and backward. */
export const RUN = {
  AvgPool: runAvgPool,
  AvgPool3D: runAvgPool,
  AvgPoolGrad: runAvgPoolGrad,
  AvgPool3DGrad: runAvgPoolGrad,
  'sum of shares': runSumOfShares,
};
export type Way = keyof typeof RUN;

/** A way to a gradient through TensorFlow's operations. */
export interface GradientWay {
  readonly way: Way;
  readonly pool: AvgPool;
  /** Whether it computes all poolings alike, so that one proof will do, or adds up in an order that sizes decide on. */
  readonly proof: 'once' | 'each';
}

/** With more taps the convolution takes longer than the SIMD module. */
const MAX_TAPS = 16;

/**
 * The way that may give our gradient, and is the fastest.
 *
 * Where windows overlap or their number of elements is no power of two, AvgPoolGrad has an order of its own and may
 * multiply. With oneDNN it divides, and adds up in an order that depends on the machine and the sizes: in planes seldom
 * ours, in volumes of one plane often, if there are many channels.
 */
export function gradientWayOf(pool: AvgPool): GradientWay {
  const own = `${pool.operation}Grad` as const;
  if (pool.axes.every(isExactBackward)) return { way: own, pool, proof: 'once' };
  if (pool.axes.every(isApart)) return { way: own, pool, proof: 'each' };
  const isDense = pool.axes.every(({ stride }) => stride === 1);
  if (isDense && pool.operation === 'AvgPool' && pool.geometry.taps <= MAX_TAPS)
    return { way: 'sum of shares', pool, proof: 'once' };
  return { way: 'AvgPool3DGrad', pool: asVolume(pool), proof: 'each' };
}

/** Whether nothing is added up, as no windows overlap. */
function isApart({ output, stride, window }: AxisGeometry): boolean {
  return output === 1 || stride >= window;
}

/** Whether there is but one way to compute the gradient: to divide by a power of two is as exact as to multiply. */
function isExactBackward(axis: AxisGeometry): boolean {
  const isPowerOfTwo = (count: number) => (count & (count - 1)) === 0;
  return isApart(axis) && axisCounts(axis, 'real').every(isPowerOfTwo);
}
