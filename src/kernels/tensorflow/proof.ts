/**
 * The proof that a way through TensorFlow's operations gives what the loops give, to the last bit: it is tried on hard
 * numbers before it serves.
 */
import { geometryFrom, sameAxis } from '../../geometry';
import { sizeOf } from '../../layout';
import { averagePoolLoop, averageSpreadLoop } from '../average_loops';
import { type AvgPool, RUN, type Way, avgPoolOf } from './avg_pool';
import { type NodeBackend, inSession } from './session';

/** Whether a way is right; or how often it was asked for, as long as nobody has looked. */
const verdicts = new WeakMap<NodeBackend, Map<string, boolean | number>>();

/** So many poolings are remembered, the last ones asked for: sizes may change with every call. */
export const MAX_REMEMBERED = 256;

function verdictOf(backend: NodeBackend, key: string, afterCalls: number, find: () => boolean): boolean {
  const known = verdicts.get(backend) ?? new Map<string, boolean | number>();
  verdicts.set(backend, known);
  const verdict = known.get(key) ?? 0;
  const next = typeof verdict === 'boolean' ? verdict : verdict < afterCalls ? verdict + 1 : find();
  // A map keeps the order of insertion: the key goes to its end, the first one was not asked for the longest.
  known.delete(key);
  known.set(key, next);
  if (known.size > MAX_REMEMBERED) known.delete(known.keys().next().value!);
  return next === true;
}

/** Whether a way is right on poolings that ask much of it. Found out once. */
export function isProved(backend: NodeBackend, way: Way): boolean {
  return verdictOf(backend, way, 0, () => trialsOf(way).every((pool) => isRight(backend, way, pool)));
}

/** Larger gradients are not proved: that would take as much memory again, three times. */
const MAX_PROVED = 2 ** 24;

/** To prove a pooling takes as long as a hundred gradients. So it has to come often, as those of a training do. */
export const CALLS_BEFORE_PROOF = 20;

/** Whether a way is right on this very pooling, of these sizes. Found out once it has been asked for some times. */
export function isProvedFor(backend: NodeBackend, way: Way, pool: AvgPool): boolean {
  if (sizeOf(pool.xShape) > MAX_PROVED) return false;
  const axes = pool.axes.map(({ window, stride }) => `${window}/${stride}`);
  const key = [way, pool.padding, ...pool.xShape, ...axes].join();
  return verdictOf(backend, key, CALLS_BEFORE_PROOF, () => isRight(backend, way, pool));
}

/** Whether TensorFlow gives what the loops give for hard numbers. */
function isRight(backend: NodeBackend, way: Way, pool: AvgPool): boolean {
  const isForward = way === 'AvgPool' || way === 'AvgPool3D';
  const [from, to] = isForward ? [pool.xShape, pool.yShape] : [pool.yShape, pool.xShape];
  const input = hardNumbers(sizeOf(from));
  const expected = new Float32Array(sizeOf(to));
  (isForward ? averagePoolLoop : averageSpreadLoop)(pool.geometry, input, expected, 'real');
  try {
    const actual = inSession(backend, (session) =>
      session.read(RUN[way](session, pool, session.share(input, [...from]))),
    );
    return expected.every((value, i) => value === actual[i] || (Number.isNaN(value) && Number.isNaN(actual[i])));
  } catch {
    return false;
  }
}

/** Poolings that ask much of each way: window and stride of each axis. */
const SIZES: Record<Way, ReadonlyArray<readonly [window: number, stride: number]>> = {
  AvgPool: [
    [3, 2],
    [3, 1],
  ],
  AvgPool3D: [
    [2, 1],
    [3, 2],
    [3, 1],
  ],
  AvgPoolGrad: [
    [2, 3],
    [2, 2],
  ],
  AvgPool3DGrad: [
    [2, 2],
    [2, 3],
    [2, 2],
  ],
  'sum of shares': [
    [3, 1],
    [3, 1],
  ],
};

/** Vectors of eight and sixteen channels, and what is left over. */
const CHANNELS = [1, 3, 8, 35];

function trialsOf(way: Way): AvgPool[] {
  const sizes = [5, 7, 9].slice(-SIZES[way].length);
  const axes = SIZES[way].map(([window, stride]) => ({ window, stride }));
  const paddings = [axes, axes.map((axis, i) => ({ ...axis, ...sameAxis(sizes[i]!, axis.stride, axis.window) }))];
  return CHANNELS.flatMap((channels) =>
    paddings.map((padded) => avgPoolOf(geometryFrom({ xShape: [2, ...sizes, channels], axes: padded }), 'real')!),
  );
}

/** So many numbers, over and over: a prime, which no size falls in with. */
const PERIOD = 4099;
const RARE = [NaN, Infinity, -Infinity, 3e38, -3e38, -0];

/**
 * Numbers of many magnitudes: another order of additions gives another sum. In the second half some are NaN, infinite, or
 * so large that sums overflow.
 */
function hardNumbers(length: number): Float32Array {
  const period = Float32Array.from({ length: PERIOD }, (_, i) => Math.sin(i * 12.9898) * 10 ** ((i * 7) % 11));
  const numbers = Float32Array.from({ length }, (_, i) => period[i % PERIOD]!);
  for (let i = length >> 1, n = 0; i < length; i += 13) numbers[i] = RARE[n++ % RARE.length]!;
  return numbers;
}
