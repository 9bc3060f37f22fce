/** Seeded data for tests: every kind of input that pooling has to get right, the same on every run. */
import type { PlainTensor } from './run_case';

export type DataKind =
  'distinct' | 'negative' | 'ties' | 'relu' | 'zeros' | 'nans' | 'infinities' | 'minusInfinity' | 'special' | 'real';

const PICK_FROM: Partial<Record<DataKind, number[]>> = {
  ties: [-2, -1, 0, 1, 2],
  relu: [0, 0, 0, 1, 2, 3],
  zeros: [0],
  nans: [NaN, -1, 0, 1, 2],
  infinities: [Infinity, -Infinity, -1, 0, 1, 3],
  minusInfinity: [-Infinity, -Infinity, -Infinity, -2],
  special: [NaN, NaN, Infinity, -Infinity, -Infinity, 0, 1],
};

/** All kinds but `real` are exact in half precision, and so are sums of a few of them. */
export function makeX(kind: DataKind, shape: number[], seed: number): PlainTensor {
  const random = randomFrom(seed);
  const values = PICK_FROM[kind];
  if (values) return pickFrom(values, shape, random);
  if (kind === 'real') return filled(shape, () => Math.fround((random() - 0.5) * 10));
  // Distinct eighths around zero, or all below it, in random order.
  const size = shape.reduce((a, b) => a * b, 1);
  const lowest = kind === 'negative' ? -size : -Math.floor(size / 2);
  const { data } = filled(shape, (i) => (lowest + i) / 8);
  return float32(shape, shuffled(data, random));
}

/** Gradients: powers of two, so that products with x stay exact; or any numbers, for `real`. */
export function makeDy(kind: DataKind, shape: number[], seed: number): PlainTensor {
  if (kind === 'real') return makeX('real', shape, seed + 1);
  return pickFrom([-2, -1, -0.5, 0.5, 1, 2], shape, randomFrom(seed + 1));
}

/** Some of these values, float32. */
export function pickFrom(values: readonly number[], shape: number[], random: () => number): PlainTensor {
  return filled(shape, () => values[Math.floor(random() * values.length)]);
}

/** float32: what `make` gives for each element. */
export function filled(shape: number[], make: (i: number) => number): PlainTensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return float32(
    shape,
    Array.from({ length: size }, (_, i) => make(i)),
  );
}

export function float32(shape: number[], data: number[]): PlainTensor {
  return { shape, dtype: 'float32', data };
}

export function int32(shape: number[], data: number[]): PlainTensor {
  return { shape, dtype: 'int32', data };
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled(values: number[], random: () => number): number[] {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j], values[i]];
  }
  return values;
}
