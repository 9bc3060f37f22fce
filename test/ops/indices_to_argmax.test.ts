/** What indicesToArgmax takes, and which indices it refuses: those that are none of an element under their own window. */
import * as tf from '@tensorflow/tfjs';
import { argmaxToIndices, indicesToArgmax, maxPoolWithArgmax2d, maxUnpool2d, maxUnpooling2d } from '../../src/index';
import type { IndexFormat, PoolOptions } from '../../src/index';

beforeAll(() => tf.setBackend('cpu'));

const SHAPE = [1, 4, 4, 1];
const PYTORCH = [5, 7, 13, 15];

async function dataOf(made: Promise<tf.Tensor>): Promise<unknown> {
  const argmax = await made;
  const found = { shape: argmax.shape, dtype: argmax.dtype, data: Array.from(argmax.dataSync()) };
  argmax.dispose();
  return found;
}

describe('indices come as', () => {
  const expected = { shape: [1, 2, 2, 1], dtype: 'int32', data: [3, 3, 3, 3] };
  test.each<[string, () => unknown]>([
    ['an array', () => PYTORCH],
    ['an Int32Array', () => Int32Array.from(PYTORCH)],
    ['a BigInt64Array', () => BigInt64Array.from(PYTORCH.map(BigInt))],
    ['a Float64Array', () => Float64Array.from(PYTORCH)],
    ['a Float32Array', () => Float32Array.from(PYTORCH)],
    ['bigints', () => PYTORCH.map(BigInt)],
    [
      'nested arrays',
      () => [
        [
          [[5], [7]],
          [[13], [15]],
        ],
      ],
    ],
    ['nested arrays that end in typed ones', () => [[[5, 7].map((i) => Int32Array.of(i)), [[13], [15]]]]],
    ['an int32 tensor', () => tf.tensor4d(PYTORCH, [1, 2, 2, 1], 'int32')],
    ['a float32 tensor', () => tf.tensor4d(PYTORCH, [1, 2, 2, 1])],
    ['a flat tensor', () => tf.tensor1d(PYTORCH, 'int32')],
  ])('%s', async (_, make) => {
    const indices = make();
    const before = tf.memory().numTensors;
    expect(await dataOf(indicesToArgmax(indices as number[], SHAPE, {}, 'pytorch'))).toEqual(expected);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(indices as tf.Tensor);
  });
});

test("row 4 of the faults: PyTorch's indices, unpooled", async () => {
  const values = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const argmax = await indicesToArgmax(PYTORCH, SHAPE, { poolSize: 2 }, 'pytorch');
  const expected = [0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 3, 0, 4];
  expect(Array.from(maxUnpool2d(values, argmax, SHAPE).dataSync())).toEqual(expected);
  const layer = maxUnpooling2d({ outputSize: 4 });
  expect(Array.from((layer.apply([values, argmax]) as tf.Tensor).dataSync())).toEqual(expected);
});

test('elements that several windows see: each output gets its own tap', async () => {
  const x = tf.tensor4d([0, 0, 0, 0, 9, 0, 0, 0, 0], [1, 3, 3, 1]);
  const options = { poolSize: 2, strides: 1 };
  const { argmax } = maxPoolWithArgmax2d(x, options);
  const indices = await argmaxToIndices(argmax, x.shape, options, 'onnx');
  expect(Array.from(indices)).toEqual([4, 4, 4, 4]);
  const back = await indicesToArgmax(indices, x.shape, options, 'onnx');
  expect(Array.from(back.dataSync())).toEqual([3, 2, 1, 0]);
});

test('indices beyond 2^53 in batch, and above 2^31', async () => {
  const shape = [3, 2 ** 31 + 1, 2, 1];
  const options: PoolOptions = { poolSize: [2, 1], dilationRate: [2 ** 31, 1], strides: 1 };
  const plane = 2 ** 32 + 2;
  const indices = [0, 2 ** 32 + 1, plane, plane + 1, 2 * plane + 2 ** 32, 2 * plane + 1];
  const expected = { shape: [3, 1, 2, 1], dtype: 'int32', data: [0, 1, 0, 0, 1, 0] };
  expect(await dataOf(indicesToArgmax(indices, shape, options, 'onnx'))).toEqual(expected);
  expect(await dataOf(indicesToArgmax(indices.map(BigInt), shape, options, 'onnx'))).toEqual(expected);
});

const ONE = 'indicesToArgmax: expected indices[';
describe('refused', () => {
  test.each<[string, unknown, number[], PoolOptions, IndexFormat, string]>([
    [
      'outside of the window',
      [5, 7, 12, 5],
      SHAPE,
      {},
      'pytorch',
      "3], at [0, 1, 1, 0], to be the 'pytorch' index of an element under its window (10, 11, 14, 15); got 5.",
    ],
    ['beyond the plane', [5, 7, 13, 31], SHAPE, {}, 'pytorch', '3], at [0, 1, 1, 0],'],
    ['negative', [5, -1, 13, 15], SHAPE, {}, 'pytorch', '1], at [0, 0, 1, 0],'],
    ['not an integer', [5, 7.5, 13, 15], SHAPE, {}, 'pytorch', '1], at [0, 0, 1, 0],'],
    ['NaN', [NaN, 7, 13, 15], SHAPE, {}, 'pytorch', '0], at [0, 0, 0, 0],'],
    ['Infinity', [Infinity, 7, 13, 15], SHAPE, {}, 'pytorch', '0], at [0, 0, 0, 0],'],
    ['a string', ['5', 7, 13, 15], SHAPE, {}, 'pytorch', '0], at [0, 0, 0, 0],'],
    ['undefined', new Array<number>(4), SHAPE, {}, 'pytorch', '0], at [0, 0, 0, 0],'],
    ['a bigint beyond 2^53', [2n ** 64n + 5n, 7n, 13n, 15n], SHAPE, {}, 'pytorch', '0], at [0, 0, 0, 0],'],
    [
      'between dilated taps',
      [1],
      [1, 3, 1],
      { poolSize: [2], dilationRate: 2 },
      'pytorch',
      "0], at [0, 0, 0], to be the 'pytorch' index of an element under its window (0, 2); got 1.",
    ],
    [
      'of another channel',
      [0, 0],
      [1, 2, 2],
      { poolSize: [2] },
      'tensorflow',
      "1], at [0, 0, 1], to be the 'tensorflow' index of an element under its window (1, 3); got 0. It fits 'pytorch'.",
    ],
    [
      'of another batch',
      [0, 1],
      [2, 2, 1],
      { poolSize: [2] },
      'onnx',
      "1], at [1, 0, 0], to be the 'onnx' index of an element under its window (2, 3); got 1. It fits 'tensorflow' and 'pytorch'.",
    ],
    [
      'with the batch in it',
      [0, 3],
      [2, 2, 1],
      { poolSize: [2] },
      'tensorflow',
      "1], at [1, 0, 0], to be the 'tensorflow' index of an element under its window (0, 1); got 3. It fits 'onnx' and TensorFlow's include_batch_in_index: true.",
    ],
    [
      'left of the image, on padding',
      [3, 4],
      [1, 2, 4, 1],
      { poolSize: [2, 3], padding: [0, 1], strides: 3 },
      'pytorch',
      "0], at [0, 0, 0, 0], to be the 'pytorch' index of an element under its window (0, 1, 4, 5); got 3.",
    ],
    [
      'of a large window',
      [100],
      [100, 1],
      { poolSize: [100] },
      'pytorch',
      "0], at [0, 0], to be the 'pytorch' index of an element under its window (0, 1, 2, 3, 4, 5, 6, 7, 8 ...); got 100.",
    ],
    [
      'rounded by float32',
      Float32Array.of(0, 2 ** 24),
      [1, 2 ** 24 + 2, 1],
      { poolSize: [2 ** 24 + 1], strides: 1 },
      'tensorflow',
      '1], at [0, 1, 0], to be below 2^24, as float32 rounds beyond: give int32 or an array; got 16777216.',
    ],
  ])('%s', async (_, indices, shape, options, format, message) => {
    const before = tf.memory().numTensors;
    const failing = indicesToArgmax(indices as number[], shape, options, format);
    await expect(failing).rejects.toThrow(ONE + message);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'to be a tensor or an array of numbers; got undefined.'],
    ['null', null, 'to be a tensor or an array of numbers; got null.'],
    ['a number', 5, 'to be a tensor or an array of numbers; got 5.'],
    ['too few', [5, 7, 13], 'of shape [1, 2, 2, 1] for this xShape and these options; got [3].'],
    ['none', [], 'of shape [1, 2, 2, 1] for this xShape and these options; got [0].'],
    [
      'arrays of another shape',
      [
        [5, 7],
        [13, 15],
      ],
      'of shape [1, 2, 2, 1] for this xShape and these options; got [2, 2].',
    ],
    [
      'arrays of different lengths',
      [[[[5], [7]], [[13]]]],
      'of shape [1, 2, 2, 1] for this xShape and these options; got arrays of different lengths.',
    ],
    ['a bool tensor', () => tf.zeros([1, 2, 2, 1], 'bool'), 'of dtype int32 or float32; got bool.'],
    [
      'a tensor of another shape',
      () => tf.zeros([2, 2], 'int32'),
      'of shape [1, 2, 2, 1] for this xShape and these options; got [2, 2].',
    ],
  ])('%s', async (_, given, message) => {
    const indices = (typeof given === 'function' ? (given as () => unknown)() : given) as number[];
    await expect(indicesToArgmax(indices, SHAPE, {}, 'pytorch')).rejects.toThrow(
      new Error(`indicesToArgmax: expected indices ${message}`),
    );
  });

  test('no longer than 400 characters, whatever comes', async () => {
    const wild = ['x'.repeat(5000), 0, 0, 0] as unknown as number[];
    const error = await indicesToArgmax(wild, SHAPE, {}, 'pytorch').catch((e: Error) => e);
    expect((error as Error).message.length).toBeLessThanOrEqual(400);
  });
});
