/** The proof that the native kernels are there and give what the loops give, before they serve. */
import { loadNative } from '#native';
import { type PoolGeometry, geometryFrom, hasFitted } from '../../geometry';
import { sizeOf } from '../../layout';
import { LOOPS } from '../loops';
import type { Values } from '../pool_kernels';
import { SIGNATURES } from '../signatures';
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
  /** The exponent of norms. */
  readonly p?: number;
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
    NATIVE_KEYS.flatMap((key) => variantsOf(key, geometry).map((variant) => ({ key, geometry, ...variant }))),
  );
}

function variantsOf(key: NativeKey, g: PoolGeometry): Array<Pick<Trial, 'isFloat' | 'p'>> {
  if (key.startsWith('lp')) return hasFitted(g) ? [] : [2, 3].map((p) => ({ isFloat: true, p }));
  return (key.startsWith('average') ? [true] : [true, false]).map((isFloat) => ({ isFloat }));
}

function isRight(backend: NodeBackend, trial: Trial): boolean {
  const { key, geometry: g, isFloat, p } = trial;
  const inputs = inputsOf(trial);
  const expected = expectedOf(trial, inputs);
  return inSession(backend, (session) => {
    const ids = inputs.map((values) => session.share(values, [values.length]).id);
    const geometry = geometryText(g, key.startsWith('average') ? 'real' : undefined)!;
    const made = callNative(backend, { key, isFloat, geometry, p, ids });
    const outputs = made.map(({ id, dtype }) => session.read(session.adopt(id, dtype)));
    return expected.every((values, i) => isSame(values, outputs[i]!));
  });
}

function inputsOf({ key, geometry: g, isFloat }: Trial): Values[] {
  const numbers = (length: number) => (isFloat ? hardNumbers(length) : Int32Array.from(hardNumbers(length)));
  const ofRole = {
    x: () => numbers(sizeOf(g.xShape)),
    y: () => numbers(sizeOf(g.yShape)),
    dy: () => numbers(sizeOf(g.yShape)).reverse(),
    argmax: () => Int32Array.from({ length: sizeOf(g.yShape) }, (_, i) => (i % 7) - 1),
  };
  return SIGNATURES[key].inputs.map((role) => ofRole[role]());
}

function expectedOf({ key, geometry: g, isFloat, p = 2 }: Trial, inputs: Values[]): Values[] {
  const outputs = SIGNATURES[key].outputs.map((role) => {
    const length = sizeOf(role === 'dx' ? g.xShape : g.yShape);
    return isFloat && role !== 'argmax' ? new Float32Array(length) : new Int32Array(length);
  });
  const attribute = { averagePool: 'real', averageSpread: 'real', lpPool: p, lpPoolGradient: p } as const;
  const given = key in attribute ? [attribute[key as keyof typeof attribute]] : [];
  const method = LOOPS[key === 'maxPoolArgmax' ? 'maxPool' : key] as (...args: unknown[]) => void;
  method(g, ...inputs, ...outputs, ...given);
  return outputs;
}

function isSame(a: Values, b: Values): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i] || (value !== value && b[i] !== b[i]));
}

/** Numbers of many magnitudes, in the second half also NaN, infinities, -0 and denormal numbers, which TensorFlow takes for 0. */
function hardNumbers(length: number): Float32Array {
  const rare = [NaN, 1e-45, Infinity, -1e-45, -Infinity, -0, 1e-40];
  return Float32Array.from({ length }, (_, i) =>
    i > length / 2 && i % 5 === 0 ? rare[i % rare.length]! : Math.sin(i * 12.9898) * 10 ** ((i * 7) % 11),
  );
}
