/**
 * Average pooling and its gradient by TensorFlow's own operations: no copies, and all cores.
 *
 * They add up each window tap by tap in row-major order, in float32, and divide once, so the averages are ours to the
 * last bit; but how they are built differs from machine to machine, so they have to show it (proof.ts) before they serve.
 * Only denormal numbers are zero to them, as to all of TensorFlow's arithmetic. Gradients go several ways (avg_pool.ts).
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Divisor } from '../../average';
import type { PoolGeometry } from '../../geometry';
import { sameShape } from '../../layout';
import { RUN, avgPoolOf, gradientWayOf } from './avg_pool';
import { isProved, isProvedFor } from './proof';
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
  if (!pool || !isProved(backend, pool.operation)) return undefined;
  return inSession(backend, (session) => {
    const y = RUN[pool.operation](session, pool, inShape(session, session.of(x), x.shape, pool.xShape));
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
  const said = wordsFor(backend, dy, g, divisor);
  if (!said) return undefined;
  const { way, pool, proof } = gradientWayOf(said);
  if (!(proof === 'once' ? isProved(backend, way) : isProvedFor(backend, way, pool))) return undefined;
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
