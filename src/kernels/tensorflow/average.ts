/**
 * Average pooling and its gradient by TensorFlow's own operations: no copies, and all cores.
 *
 * They add up each window tap by tap in row-major order, in float32, and divide once, so the averages are ours to the
 * last bit; but how they are built differs from machine to machine, so they have to show it before they serve. Only
 * denormal numbers are zero to them, as to all of TensorFlow's arithmetic. Gradients are in avg_pool.ts.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Divisor } from '../../average';
import { type PoolGeometry, poolGeometry } from '../../geometry';
import { sameShape, sizeOf } from '../../layout';
import { type PoolOptions, type SpatialRank, poolSpec } from '../../spec';
import { averagePoolLoop, averageSpreadLoop } from '../average_loops';
import { avgPoolOf, gradientOf, runAvgPool, runAvgPoolGrad, runSumOfShares } from './avg_pool';
import { type Handle, type NodeBackend, type Session, hasSessions, inSession } from './session';

/** x -> y of shape `shape`; undefined where TensorFlow cannot say this pooling, or gives other sums here. */
export function averageByTensorFlow(
  backend: NodeBackend,
  x: TensorInfo,
  g: PoolGeometry,
  divisor: Divisor,
  shape: readonly number[],
): TensorInfo | undefined {
  const pool = wordsFor(backend, x, g, divisor);
  if (!pool || !agrees(backend, pool.operation)) return undefined;
  return inSession(backend, (session) => {
    const y = runAvgPool(session, pool, inShape(session, session.of(x), x.shape, pool.xShape));
    return session.give(inShape(session, y, pool.yShape, shape), [...shape]);
  });
}

/** dy -> dx of shape `shape`; or undefined, as above. */
export function spreadByTensorFlow(
  backend: NodeBackend,
  dy: TensorInfo,
  g: PoolGeometry,
  divisor: Divisor,
  shape: readonly number[],
): TensorInfo | undefined {
  const pool = wordsFor(backend, dy, g, divisor);
  const way = pool && gradientOf(pool);
  if (!way || !agrees(backend, way)) return undefined;
  return inSession(backend, (session) => {
    const dx = RUN[way](session, pool, inShape(session, session.of(dy), dy.shape, pool.yShape));
    return session.give(inShape(session, dx, pool.xShape, shape), [...shape]);
  });
}

function wordsFor(backend: NodeBackend, { dtype }: TensorInfo, g: PoolGeometry, divisor: Divisor) {
  return dtype === 'float32' && hasSessions(backend) ? avgPoolOf(g, divisor) : undefined;
}

function inShape(session: Session, tensor: Handle, from: readonly number[], to: readonly number[]): Handle {
  return sameShape(from, to) ? tensor : session.inShape(tensor, [...to]);
}

/** The ways through TensorFlow's operations, forward and backward. */
const RUN = {
  AvgPool: runAvgPool,
  AvgPool3D: runAvgPool,
  AvgPoolGrad: runAvgPoolGrad,
  AvgPool3DGrad: runAvgPoolGrad,
  'sum of shares': runSumOfShares,
};
type Way = keyof typeof RUN;

/** Poolings that ask much of each. */
const TRIALS: Record<Way, { poolSize: number[]; strides: number[] }[]> = {
  AvgPool: [{ poolSize: [3, 3], strides: [2, 1] }],
  AvgPool3D: [{ poolSize: [2, 3, 3], strides: [1, 2, 1] }],
  AvgPoolGrad: [{ poolSize: [2, 2], strides: [3, 2] }],
  AvgPool3DGrad: [{ poolSize: [2, 2, 2], strides: [2, 3, 2] }],
  'sum of shares': [
    { poolSize: [3, 3], strides: [1, 1] },
    { poolSize: [3, 3], strides: [2, 2] },
  ],
};

const verdicts = new WeakMap<NodeBackend, Map<Way, boolean>>();

/** Whether TensorFlow gives what the loops give for hard numbers; found out once. */
function agrees(backend: NodeBackend, way: Way): boolean {
  const known = verdicts.get(backend) ?? new Map<Way, boolean>();
  verdicts.set(backend, known);
  const verdict =
    known.get(way) ??
    TRIALS[way].every((sizes) =>
      // Vectors of eight and sixteen channels, and what is left over.
      [1, 3, 8, 35].every((channels) =>
        (['valid', 'same'] as const).every((padding) => agreesOn(backend, way, { ...sizes, padding }, channels)),
      ),
    );
  known.set(way, verdict);
  return verdict;
}

function agreesOn(backend: NodeBackend, way: Way, options: PoolOptions, channels: number): boolean {
  const rank = TRIALS[way][0].poolSize.length as SpatialRank;
  const g = poolGeometry(way, poolSpec(way, rank, options), [2, ...[5, 7, 9].slice(-rank), channels]);
  const pool = avgPoolOf(g, 'real')!;
  const isForward = way === 'AvgPool' || way === 'AvgPool3D';
  const [from, to] = isForward ? [pool.xShape, pool.yShape] : [pool.yShape, pool.xShape];
  return [hardNumber, hardOrNotFinite].every((fill) => {
    const input = Float32Array.from({ length: sizeOf(from) }, (_, i) => fill(i));
    const expected = new Float32Array(sizeOf(to));
    (isForward ? averagePoolLoop : averageSpreadLoop)(g, input, expected, 'real');
    try {
      const actual = inSession(backend, (session) =>
        session.read(RUN[way](session, pool, session.share(input, [...from]))),
      );
      return expected.every((value, i) => value === actual[i] || (Number.isNaN(value) && Number.isNaN(actual[i])));
    } catch {
      return false;
    }
  });
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
