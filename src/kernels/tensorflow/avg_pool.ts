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

/**
 * Whether there is but one way to compute the gradient: nothing is added up, as no windows overlap, and to divide by a
 * power of two is as exact as to multiply. In all else TensorFlow has an order of its own.
 */
export function hasExactGradient({ axes }: AvgPool): boolean {
  const isPowerOfTwo = (count: number) => (count & (count - 1)) === 0;
  return axes.every(
    (axis) => (axis.output === 1 || axis.stride >= axis.window) && axisCounts(axis, 'real').every(isPowerOfTwo),
  );
}

/** x -> y */
export function runAvgPool(session: Session, pool: AvgPool, x: Handle): Handle {
  return session.run(pool.operation, FLOAT32, attributesOf(pool), [x]);
}

/** dy -> dx */
export function runAvgPoolGrad(session: Session, pool: AvgPool, dy: Handle): Handle {
  return session.run(`${pool.operation}Grad`, FLOAT32, attributesOf(pool), [session.ints([...pool.xShape]), dy]);
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
