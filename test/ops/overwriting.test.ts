/** Unpooling whose windows write over each other: values, first and second derivatives. */
import * as tf from '@tensorflow/tfjs';
import { maxUnpool2d } from '../../src/index';
import type { UnpoolOptions } from '../../src/spec';
import { type OracleTensor, poolOracle, readWrittenOracle, scatterOracle } from '../oracle/pooling';
import { makeX } from '../support/data';
import { describeDevice } from '../support/devices';
import { leakCounter } from '../support/run_case';

const SHAPE = [2, 7, 6, 3];
const WINDOWS: UnpoolOptions = { poolSize: 3, strides: 1, padding: 1 };

for (const key of ['cpu', 'wasm', 'node'] as const) {
  describeDevice(key, 'overlaps: write', () => {
    test.each(['fused', 'im2col'] as const)(
      'the last window writes, and it alone gets the gradient: %s',
      (implementation) => {
        const { y, argmax } = poolOracle(2, WINDOWS, makeX('ties', SHAPE, 1));
        const scale = makeX('real', SHAPE, 2);
        const write = (t: OracleTensor) => scatterOracle(2, WINDOWS, t, argmax, SHAPE, 'write');
        const read = (t: OracleTensor) => readWrittenOracle(2, WINDOWS, t, argmax);
        const times = (a: OracleTensor, b: OracleTensor) => ({
          ...a,
          data: a.data.map((value, i) => Math.fround(value * b.data[i])),
        });
        const tensorOf = (t: OracleTensor) => tf.tensor(t.data, t.shape, t.dtype as 'float32');
        const leaks = leakCounter(tf);
        tf.tidy(() => {
          const [values, taps, scales] = [y, argmax, scale].map(tensorOf);
          const options = { ...WINDOWS, implementation, overlaps: 'write' as const };
          const unpool = (t: tf.Tensor) => maxUnpool2d(t, taps, SHAPE, options);
          expect([...unpool(values).dataSync()]).toEqual(write(y).data);
          // Of sum(scale * unpooled^2) / 2 the gradient is W*(scale * W y); of half its square, W*(scale * W gradient).
          const gradient = tf.grad((t) => tf.sum(tf.mul(scales, tf.square(unpool(t)))).div(2));
          const first = read(times(scale, write(y)));
          expectNear(gradient(values), first.data);
          expectNear(
            tf.grad((t) => tf.sum(tf.square(gradient(t))).div(2))(values),
            read(times(scale, write(first))).data,
          );
        });
        expect(leaks()).toBe(0);
      },
    );

    test('infinite and missing values stay where they are', () => {
      tf.tidy(() => {
        const values = tf.tensor3d([Infinity, NaN, 3], [1, 3, 1]);
        const taps = tf.tensor3d([2, 1, 0], [1, 3, 1], 'int32');
        // All three windows name element 2; the last one writes it.
        const options = { poolSize: [3], strides: 1, overlaps: 'write' as const };
        const unpool = (t: tf.Tensor) =>
          maxUnpool2d(t.reshape([1, 3, 1, 1]), taps.reshape([1, 3, 1, 1]), [1, 5, 1, 1], {
            ...options,
            poolSize: [3, 1],
          });
        expect([...unpool(values).dataSync()]).toEqual([0, 0, 3, 0, 0]);
        const [dy] = tf.grads((t: tf.Tensor) => unpool(t))([values], tf.tensor4d([0, 0, Infinity, 0, 0], [1, 5, 1, 1]));
        expect([...dy.dataSync()]).toEqual([0, 0, Infinity]);
      });
    });
  });
}

function expectNear(actual: tf.Tensor, expected: readonly number[]): void {
  const values = actual.dataSync();
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(values[i] - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -20));
}
