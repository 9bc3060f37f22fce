/** Plain loops in float32, the sums added in the order that the documentation gives, and random cases for them. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

const { fround } = Math;

/** A small seeded generator of integers in [min, max]. */
export function randomIntegers(seed: number): (min: number, max: number) => number {
  let state = seed;
  return (min, max) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return min + Math.floor((state / 2 ** 32) * (max - min + 1));
  };
}

/** Normal numbers, the same for the same seed. */
export function normal<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  return tf.randomNormal(shape as never, 0, 1, 'float32', seed);
}

/** `kernels` of the wasm backend, as they are now, throw: whoever passes a call on to them fails. */
export function forbidKernels(names: readonly string[]): () => void {
  const configs = names.map((name) => tf.getKernel(name, 'wasm'));
  const before = configs.map(({ kernelFunc }) => kernelFunc);
  configs.forEach((config, i) => {
    config.kernelFunc = () => {
      throw new Error(`${names[i]} was left to the kernel before`);
    };
  });
  return () =>
    configs.forEach((config, i) => {
      config.kernelFunc = before[i];
    });
}

/** `sum` plus the products of `a` and `b` at the given places, added one by one in float32. */
export function dot(
  sum: number,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  places: Iterable<readonly [number, number]>,
): number {
  for (const [i, j] of places) sum = fround(sum + fround(a[i] * b[j]));
  return sum;
}

/** All positions of a box, row-major. */
export function* positions(...sizes: number[]): Generator<number[]> {
  const at = sizes.map(() => 0);
  if (sizes.includes(0)) return;
  for (;;) {
    yield at.slice();
    let axis = sizes.length - 1;
    while (axis >= 0 && ++at[axis] === sizes[axis]) at[axis--] = 0;
    if (axis < 0) return;
  }
}
