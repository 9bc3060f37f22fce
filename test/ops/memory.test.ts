/** What a pooling keeps between forward and backward, and what becomes of tensors that leave a gradient. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { type PoolOptions, gatherArgmax, maxPool2d, maxPoolWithArgmax2d, scatterArgmax } from '../../src/index';

const SHAPE: [number, number, number, number] = [2, 8, 6, 3];
const OUTPUTS = 2 * 4 * 3 * 3;

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  /** Bytes and tensors that are there when the backward pass begins, beyond those before the forward pass. */
  function keptBy(f: (x: tf.Tensor) => tf.Tensor, shape: number[] = SHAPE): { bytes: number; tensors: number } {
    let kept = { bytes: 0, tensors: 0 };
    tf.tidy(() => {
      const x = tf.randomUniform(shape, -1, 1, 'float32', 7);
      const count = () => ({ bytes: tf.memory().numBytes, tensors: tf.memory().numTensors });
      const before = count();
      // The value is a new scalar, so that f's result is free to go; its gradient is where backward begins.
      const probe = tf.customGrad((y) => ({
        value: tf.scalar(0),
        gradFunc: () => {
          const now = count();
          kept = { bytes: now.bytes - before.bytes, tensors: now.tensors - before.tensors };
          return tf.ones((y as tf.Tensor).shape);
        },
      }));
      tf.grad((t) => probe(f(t)))(x);
    });
    return kept;
  }

  test.each<[string, number, PoolOptions, number[]?]>([
    ['a byte each', 1, {}],
    ['channels first, a byte each', 1, { dataFormat: 'channelsFirst', poolSize: [2, 1] }],
    ['of 256 taps, a byte each', 1, { poolSize: 16 }, [1, 16, 16, 5]],
    ['of 272 taps, an int32 each', 4, { poolSize: [17, 16] }, [1, 17, 16, 5]],
    ['im2col, an int32 each', 4, { implementation: 'im2col' }],
  ])('the argmax alone is kept for the backward pass: %s', (_, bytes, options, shape: number[] = SHAPE) => {
    const nothing = keptBy((x) => tf.neg(x), shape);
    const pooling = keptBy((x) => maxPool2d(x, options), shape);
    const outputs = maxPool2d(tf.zeros(shape), options).size;
    expect(pooling).toEqual({ bytes: nothing.bytes + bytes * outputs, tensors: nothing.tensors + 1 });
    // The user's argmax is the one that is kept.
    const withArgmax = keptBy((x) => maxPoolWithArgmax2d(x, options).values, shape);
    expect(withArgmax.bytes).toBe(nothing.bytes + 4 * outputs);
  });

  test('a user gets an int32 argmax, on the tape and off it', () => {
    const dtypes: string[] = [];
    const pool = (x: tf.Tensor) => {
      const { values, argmax } = maxPoolWithArgmax2d(x);
      dtypes.push(argmax.dtype);
      return values;
    };
    tf.tidy(() => {
      pool(tf.ones(SHAPE));
      tf.grad(pool)(tf.ones(SHAPE));
    });
    expect(dtypes).toEqual(['int32', 'int32']);
  });

  test('an argmax taken inside a gradient ends with it, or stays if kept', () => {
    const x = tf.zeros(SHAPE);
    const before = tf.memory().numTensors;
    const escaped: tf.Tensor[] = [];
    const pool = (t: tf.Tensor, keep: boolean) => {
      const { values, argmax } = maxPoolWithArgmax2d(t);
      escaped.push(keep ? tf.keep(argmax) : argmax);
      return values;
    };
    tf.grad((t) => pool(t, false))(x).dispose();
    expect(escaped[0].isDisposed).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    tf.grad((t) => pool(t, true))(x).dispose();
    expect(escaped[1].dataSync()).toEqual(new Int32Array(OUTPUTS));
    tf.dispose([escaped[1], x]);
    expect(tf.memory().numTensors).toBe(before - 1);
  });

  test('arrays are taken as tensors are', () => {
    const before = tf.memory().numTensors;
    const y = maxPool2d([
      [[1], [2]],
      [[4], [3]],
    ]);
    expect(y.shape).toEqual([1, 1, 1]);
    expect(y.dataSync()).toEqual(new Float32Array([4]));
    y.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a training step through several poolings leaves nothing', () => {
    const before = tf.memory().numTensors;
    const x = tf.ones(SHAPE);
    const scale = tf.tidy(() => tf.variable(tf.ones([3])));
    const optimizer = tf.train.sgd(0.1);
    optimizer.minimize(() => tf.sum(maxPool2d(maxPool2d(tf.mul(x, scale)))));
    expect(scale.dataSync()).not.toEqual(new Float32Array([1, 1, 1]));
    tf.dispose([scale, x]);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test.each([
  ['cpu', 'wasm'],
  ['wasm', 'cpu'],
])('from %s to %s between forward and backward: the same gradients, of every order', async (from, to) => {
  await Promise.all([from, to].map((name) => tf.setBackend(name)));
  await tf.setBackend(from);
  const before = tf.memory().numTensors;
  const [x, v] = [7, 8].map((seed) => tf.randomUniform(SHAPE, -1, 1, 'float32', seed));
  const argmax = tf.tidy(() => maxPoolWithArgmax2d(x).argmax);
  const dy = tf.randomUniform(argmax.shape, -1, 1, 'float32', 9);
  const expected = [scatterArgmax(dy, argmax, x.shape), gatherArgmax(v, argmax)];
  // Its gradient is where backward begins.
  const changing = tf.customGrad((y) => ({
    value: tf.clone(y as tf.Tensor),
    gradFunc: (d) => {
      void tf.setBackend(to);
      return d as tf.Tensor;
    },
  }));
  const dxOf = (d: tf.Tensor) => tf.grad((t: tf.Tensor) => changing(maxPool2d(t)))(x, d);
  const found = [dxOf(dy)];
  await tf.setBackend(from);
  found.push(tf.grad((d: tf.Tensor) => dxOf(d))(dy, v));
  expect(tf.getBackend()).toBe(to);
  found.forEach((t, i) => {
    expect(t.dataSync()).toEqual(expected[i].dataSync());
  });
  tf.dispose([x, v, argmax, dy, expected, found]);
  expect(tf.memory().numTensors).toBe(before);
});
