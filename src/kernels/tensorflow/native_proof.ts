/** The proof that the native kernels are there and give what the loops give, before they serve. */
import { loadNative } from '#native';
import { type PoolGeometry, geometryFrom } from '../../geometry';
import { sizeOf } from '../../layout';
import { LOOPS } from '../loops';
import { type Values, isFloat32 } from '../pool_kernels';
import { NATIVE_KEYS, type NativeKey, callNative } from './native';
import { geometryText } from './native_attribute';
import { type NodeBackend, hasSessions, inSession } from './session';

/** Why native kernels don't serve a backend; null where they do. */
const verdicts = new WeakMap<NodeBackend, string | null>();

/** Whether native kernels serve. Found out once. */
export function nativeServes(backend: NodeBackend): boolean {
  return whyNotNative(backend) === null;
}

/** The reason why native kernels don't serve this backend; null where they do. */
export function whyNotNative(backend: NodeBackend): string | null {
  let verdict = verdicts.get(backend);
  if (verdict === undefined) verdicts.set(backend, (verdict = tryNative(backend)));
  return verdict;
}

function tryNative(backend: NodeBackend): string | null {
  if (!hasSessions(backend)) return 'this tfjs-node lacks a method';
  try {
    loadNative().register();
    const wrong = trials().find((trial) => !isRight(backend, trial));
    return wrong ? `${wrong.key} gives other numbers than the loops` : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Trial {
  readonly key: NativeKey;
  readonly geometry: PoolGeometry;
  readonly isFloat: boolean;
}

/** Vectors of four and eight channels and what is left over; windows that overlap, with padding, that don't, and fitted ones. */
function trials(): Trial[] {
  const axes = [
    { window: 3, stride: 2, padBefore: 1, padAfter: 1 },
    { window: 2, stride: 2 },
  ];
  const fitted = [7, 22].map((step, i) => {
    const per = [3, 9][i]!;
    return { window: [3, 4][i]!, stride: 0, output: per, fitted: { step, per, offset: 0 } };
  });
  const geometries = [1, 3, 43].flatMap((channels) =>
    (['propagate', 'ignore'] as const).flatMap((nan) =>
      [axes, fitted].map((some) => geometryFrom({ xShape: [1, 7, 22, channels], axes: some, nan })),
    ),
  );
  return geometries.flatMap((geometry) =>
    NATIVE_KEYS.flatMap((key) =>
      (key.startsWith('average') ? [true] : [true, false]).map((isFloat) => ({ key, geometry, isFloat })),
    ),
  );
}

function isRight(backend: NodeBackend, { key, geometry: g, isFloat }: Trial): boolean {
  const isBackward = key === 'scatterArgmax' || key === 'averageSpread';
  const isAverage = key === 'averagePool' || key === 'averageSpread';
  const numbers = (length: number) => (isFloat ? hardNumbers(length) : Int32Array.from(hardNumbers(length)));
  const [x, y] = [numbers(sizeOf(g.xShape)), numbers(sizeOf(g.yShape))];
  const argmax = Int32Array.from(y, (_, i) => (i % 7) - 1);
  const input = isBackward ? y : x;
  const expected = expectedOf(key, g, input, argmax, isBackward ? x.slice() : y.slice());
  return inSession(backend, (session) => {
    const shared = [input, ...(key === 'scatterArgmax' || key === 'gatherArgmax' ? [argmax] : [])];
    const ids = shared.map((values) => session.share(values, [values.length]).id);
    const geometry = geometryText(g, isAverage ? 'real' : undefined)!;
    const made = callNative(backend, { key, isFloat, geometry, ids });
    const outputs = made.map(({ id, dtype }) => session.read(session.adopt(id, dtype)));
    return expected.every((values, i) => isSame(values, outputs[i]!));
  });
}

function expectedOf(key: NativeKey, g: PoolGeometry, input: Values, argmax: Int32Array, output: Values): Values[] {
  const winners = argmax.slice();
  if (key === 'maxPool') LOOPS.maxPool(g, input, output);
  else if (key === 'maxPoolArgmax') LOOPS.maxPool(g, input, output, winners);
  else if (isFloat32(output) && (key === 'averagePool' || key === 'averageSpread'))
    LOOPS[key](g, input, output as Float32Array, 'real');
  else if (key === 'scatterArgmax' || key === 'gatherArgmax') LOOPS[key](g, input, argmax, output);
  return key === 'maxPoolArgmax' ? [output, winners] : [output];
}

function isSame(a: Values, b: Values): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i] || (value !== value && b[i] !== b[i]));
}

/** Of many magnitudes, in the second half with NaN, infinities, -0 and denormal numbers, which TensorFlow takes for 0. */
function hardNumbers(length: number): Float32Array {
  const rare = [NaN, 1e-45, Infinity, -1e-45, -Infinity, -0, 1e-40];
  return Float32Array.from({ length }, (_, i) =>
    i > length / 2 && i % 5 === 0 ? rare[i % rare.length]! : Math.sin(i * 12.9898) * 10 ** ((i * 7) % 11),
  );
}
