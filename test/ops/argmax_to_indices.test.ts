/** What argmaxToIndices refuses: taps that lie on padding or in no window, and indices that no Int32Array holds. */
import * as tf from '@tensorflow/tfjs';
import { argmaxToIndices } from '../../src/index';

const argmaxOf = (taps: number[]) => tf.tensor3d(taps, [1, taps.length, 1], 'int32');
const message = (got: string) => `argmaxToIndices: expected ${got}.`;

test.each([
  ['a tap on padding before', [0, 1], 0, 'tap 0 of 2'],
  ['a tap past the window', [1, 2], 1, 'tap 2 of 2'],
  ['a negative tap', [1, -1], 1, 'tap -1 of 2'],
])('%s', async (_, taps, at, got) => {
  const argmax = argmaxOf(taps);
  await expect(argmaxToIndices(argmax, [1, 3, 1], { poolSize: 2, padding: [[1, 0]] })).rejects.toThrow(
    new Error(
      message(`argmax[${at}] to be a tap on a real element of its window, with an index below 2^31; got ${got}`),
    ),
  );
  argmax.dispose();
});

test('an index above 2^31 - 1', async () => {
  // One window over an axis of 2^31 + 1 elements: the geometry is a description, nothing of that size is made.
  const argmax = argmaxOf([1]);
  const options = { poolSize: 2, dilationRate: 2 ** 31 };
  await expect(argmaxToIndices(argmax, [1, 2 ** 31 + 1, 1], options)).rejects.toThrow(
    'with an index below 2^31; got tap 1 of 2.',
  );
  const below = await argmaxToIndices(argmax, [1, 2 ** 31, 1], { poolSize: 2, dilationRate: 2 ** 31 - 1 });
  expect(Array.from(below)).toEqual([2 ** 31 - 1]);
  argmax.dispose();
});
