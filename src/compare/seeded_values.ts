/** Seeded numbers: the inputs and the gradients of comparisons, the same everywhere and on every run. */
import type { CaseFill } from './report';

/** A case's input. Every number but those that a user gave is exact in half precision. */
export function inputValues(values: ArrayLike<number> | CaseFill, size: number, seed: number): ArrayLike<number> {
  if (typeof values !== 'string') return values;
  const random = randomFrom(seed);
  if (values === 'relu')
    return Float32Array.from({ length: size }, () => Math.max(0, Math.floor(random() * 2048 - 1024) / 256));
  // Eighths in random order: all different as long as half precision has that many.
  const count = Math.min(size, 2048);
  const lowest = values === 'negative' ? -count : -Math.floor(count / 2);
  const numbers = Float32Array.from({ length: size }, (_, i) => (lowest + (i % count)) / 8);
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [numbers[i], numbers[j]] = [numbers[j]!, numbers[i]!];
  }
  return numbers;
}

/** Gradients: positive, so that none cancels another; powers of two, so that their sums are exact in any order. */
export function gradientValues(size: number, seed: number): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from({ length: size }, () => 2 ** (Math.floor(random() * 3) - 1));
}

/** Numbers in [0, 1). */
export function uniformValues(size: number, seed: number): Float32Array {
  return Float32Array.from({ length: size }, randomFrom(seed));
}

/** Marsaglia's xorshift of 32 bits, scaled to [0, 1). */
function randomFrom(seed: number): () => number {
  // Any state but 0; neighbouring seeds far apart.
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
