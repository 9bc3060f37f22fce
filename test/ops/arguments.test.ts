/** What operations take besides a tensor of the right kind, and what they refuse by name. */
import * as tf from '@tensorflow/tfjs';
import {
  gatherArgmax,
  im2col,
  maxPool1d,
  maxPool2d,
  maxPoolWithArgmax1d,
  maxUnpool1d,
  scatterArgmax,
} from '../../src/index';

// No backend is chosen here: the first operation of a program finds one by itself.
test('arrays, nested or typed', () => {
  expect(maxPool1d([[1], [4], [3], [2]]).arraySync()).toEqual([[4], [3]]);
  expect(() => maxPool1d(new Float32Array([1, 2]))).toThrow(
    'expected x of rank 2 or 3 [batch, length, channels]; got rank 1 [2]',
  );
  expect(gatherArgmax([[5], [6]], [[1]], { poolSize: [2] }).arraySync()).toEqual([[6]]);
  expect(scatterArgmax([[5]], [[1]], [2, 1], { poolSize: [2] }).arraySync()).toEqual([[0], [5]]);
  expect(() => maxUnpool1d([[5]], new Int32Array([1]), [2, 1])).toThrow(
    'argmax of shape [1, 1] for this xShape and these options; got [1]',
  );
});

test.each([
  ['bool', () => tf.zeros([1, 4, 1], 'bool')],
  ['complex64', () => tf.complex(tf.zeros([1, 4, 1]), tf.zeros([1, 4, 1]))],
  ['string', () => tf.fill([1, 4, 1], 'a', 'string')],
])('no %s', (dtype, make) => {
  const x = make();
  expect(() => maxPool1d(x)).toThrow(new Error(`maxPool1d: expected x of dtype float32 or int32; got ${dtype}.`));
  expect(() => im2col(x)).toThrow(new Error(`im2col: expected x of dtype float32 or int32; got ${dtype}.`));
});

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [3, '3'],
  [{}, 'an object (Object)'],
])('no %j', (x, got) => {
  expect(() => maxPool2d(x as never)).toThrow(
    new Error(`maxPool2d: expected x to be a tensor or an array of numbers; got ${got}.`),
  );
});

test('a disposed tensor', () => {
  const x = tf.zeros([1, 4, 1]);
  x.dispose();
  expect(() => maxPoolWithArgmax1d(x)).toThrow(
    new Error('maxPoolWithArgmax1d: expected x to be a tensor; got one that is disposed.'),
  );
});

test('the argmax has no gradient, and asking for none is no error', () => {
  const x = tf.tensor3d([1, 4, 3, 2], [1, 4, 1]);
  const dx = tf.grad((t) => maxPoolWithArgmax1d(t).values)(x);
  expect(Array.from(dx.dataSync())).toEqual([0, 1, 1, 0]);
  expect(maxPoolWithArgmax1d(x).argmax.dtype).toBe('int32');
});
