/** Steps that leak on purpose, for `--self-check`. */
import * as tf from '@tensorflow/tfjs';
import { maxPool2d } from '../../src/index';

const LENGTH = 2048;

const kept: object[] = [];
const cache = new Map<string, Float32Array>();

export const LEAK_STEPS: Record<string, (i: number) => tf.Tensor[]> = {
  'leaks a tensor': () => {
    maxPool2d(tf.ones([1, 32, 32, 2]));
    return [];
  },
  'leaks in a cache': (i) => {
    cache.set(`${i}`, new Float32Array(LENGTH).fill(i));
    return [];
  },
  // Data that the backend has and tf.memory() does not know.
  'leaks outside of JavaScript': (i) => {
    kept.push(tf.backend().write(new Float32Array(LENGTH).fill(i), [LENGTH], 'float32'));
    return [];
  },
};
