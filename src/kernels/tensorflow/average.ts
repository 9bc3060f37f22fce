/**
 * Average pooling by TensorFlow's own AvgPool and AvgPool3D: no copy of x, and all cores.
 *
 * They add up each window tap by tap in row-major order, in float32, and divide once, so the averages are ours to the
 * last bit; but how they are built differs from machine to machine, so they have to show it before they serve. Only
 * denormal numbers are zero to them, as to all of TensorFlow's arithmetic. Their gradients add up in another order, and
 * are not used.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Divisor } from '../../average';
import { type AxisGeometry, type PoolGeometry, poolGeometry } from '../../geometry';
import { poolSpec } from '../../spec';
import { averagePoolLoop } from '../average_loops';
import { FLOAT32, type Handle, type NodeBackend, type Session, hasSessions, inSession } from './session';

/** AvgPool on [batch, height, width, channels], or AvgPool3D with a depth. */
interface Call {
  readonly operation: 'AvgPool' | 'AvgPool3D';
  readonly padding: 'VALID' | 'SAME';
  readonly xShape: readonly number[];
  readonly axes: readonly AxisGeometry[];
}

/** x -> y of shape `yShape`; undefined where TensorFlow cannot say this pooling, or gives other sums here. */
export function averageByTensorFlow(
  backend: NodeBackend,
  x: TensorInfo,
  g: PoolGeometry,
  divisor: Divisor,
  yShape: readonly number[],
): TensorInfo | undefined {
  const call = x.dtype === 'float32' && hasSessions(backend) ? callOf(g, divisor) : undefined;
  if (!call || !agrees(backend, call.operation)) return undefined;
  return inSession(backend, (session) => {
    const y = run(session, call, inShape(session, session.of(x), x.shape, call.xShape));
    return session.give(inShape(session, y, yShapeOf(call), yShape), [...yShape]);
  });
}

/** How TensorFlow says a pooling: without dilation, and with no padding or with that of 'same', which must not count. */
function callOf(g: PoolGeometry, divisor: Divisor): Call | undefined {
  const isFlat = g.depth.input * g.depth.window === 1;
  const axes = isFlat ? [g.height, g.width] : [g.depth, g.height, g.width];
  if (divisor === 'one' || axes.some(({ window, dilation }) => window > 1 && dilation > 1)) return undefined;
  const padding = axes.every(isValid) ? 'VALID' : divisor === 'real' && axes.every(isSame) ? 'SAME' : undefined;
  const xShape = [g.batch, ...axes.map(({ input }) => input), g.channels];
  return padding && { operation: isFlat ? 'AvgPool' : 'AvgPool3D', padding, xShape, axes };
}

function isValid({ input, output, window, stride, padBefore }: AxisGeometry): boolean {
  return padBefore === 0 && output === Math.floor((input - window) / stride) + 1;
}

function isSame({ input, output, window, stride, padBefore }: AxisGeometry): boolean {
  const total = Math.max(0, (output - 1) * stride + window - input);
  return output === Math.ceil(input / stride) && padBefore === Math.floor(total / 2);
}

function run(session: Session, { operation, padding, axes }: Call, x: Handle): Handle {
  return session.run(
    operation,
    FLOAT32,
    {
      ksize: [1, ...axes.map(({ window }) => window), 1],
      strides: [1, ...axes.map(({ stride }) => stride), 1],
      padding,
      data_format: operation === 'AvgPool' ? 'NHWC' : 'NDHWC',
      T: FLOAT32,
    },
    [x],
  );
}

function yShapeOf({ xShape, axes }: Call): number[] {
  return [xShape[0], ...axes.map(({ output }) => output), xShape[xShape.length - 1]];
}

function inShape(session: Session, tensor: Handle, from: readonly number[], to: readonly number[]): Handle {
  return from.join() === to.join() ? tensor : session.inShape(tensor, [...to]);
}

const verdicts = new WeakMap<NodeBackend, Map<Call['operation'], boolean>>();

/** Whether TensorFlow's averages of hard numbers are those of the loops; found out once. */
function agrees(backend: NodeBackend, operation: Call['operation']): boolean {
  const known = verdicts.get(backend) ?? new Map<Call['operation'], boolean>();
  verdicts.set(backend, known);
  const rank = operation === 'AvgPool' ? 2 : 3;
  const verdict =
    known.get(operation) ??
    // Vectors of eight and sixteen channels, and what is left over.
    [1, 3, 8, 35].every((channels) =>
      (['valid', 'same'] as const).every((padding) =>
        [hardNumber, hardOrNotFinite].every((fill) => agreesOn(backend, rank, channels, padding, fill)),
      ),
    );
  known.set(operation, verdict);
  return verdict;
}

function agreesOn(
  backend: NodeBackend,
  rank: 2 | 3,
  channels: number,
  padding: 'valid' | 'same',
  fill: (i: number) => number,
): boolean {
  const sizes = { poolSize: [2, 3, 3].slice(-rank), strides: [1, 2, 1].slice(-rank) };
  const g = poolGeometry('AvgPool', poolSpec('AvgPool', rank, { ...sizes, padding }), [
    2,
    ...[4, 7, 9].slice(-rank),
    channels,
  ]);
  const call = callOf(g, 'real')!;
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const x = Float32Array.from({ length: size(g.xShape) }, (_, i) => fill(i));
  const expected = new Float32Array(size(g.yShape));
  averagePoolLoop(g, x, expected, 'real');
  try {
    const actual = inSession(backend, (session) => session.read(run(session, call, session.share(x, [...g.xShape]))));
    return expected.every((value, i) => value === actual[i] || (Number.isNaN(value) && Number.isNaN(actual[i])));
  } catch {
    return false;
  }
}

/** Numbers of many magnitudes: another order of additions gives another sum. */
function hardNumber(i: number): number {
  return Math.fround(Math.sin(i * 12.9898) * 10 ** ((i * 7) % 11));
}

/** With some NaN and infinities, and numbers whose sums overflow. */
function hardOrNotFinite(i: number): number {
  const rare = [NaN, Infinity, -Infinity, 3e38, -3e38, -0];
  return i % 13 === 0 ? rare[(i / 13) % rare.length] : hardNumber(i);
}
