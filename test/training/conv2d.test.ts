/** The gradients of conv2d on wasm: equal to plain loops to the last bit. */
import * as tf from '@tensorflow/tfjs';
import { registerWasmTrainingKernels } from '../../src/training/index';
import {
  type Convolution,
  attrsOf,
  plainConvolution,
  plainFilterGradient,
  plainInputGradient,
  randomConvolutions,
} from './convolution';
import { bothWays, jobs, pretendThreads } from './in_chunks';
import { forbidKernels, normal } from './support';

const run = (kernel: string, inputs: object, attrs: object) =>
  tf.engine().runKernel(kernel, inputs as never, attrs as never) as tf.Tensor;

/** A tensor's shape and numbers, which must be the same in chunks. */
const resultOf = (compute: () => tf.Tensor) =>
  bothWays(() => {
    const result = compute();
    return { shape: result.shape, numbers: Array.from(result.dataSync()) };
  });

/** A chunk of the kernel has 512 windows: some images, or some rows of a large one. */
const CHUNKS: Convolution[] = [
  { x: [5, 17, 17, 2], filter: [2, 2, 2, 3], strides: [1, 1], dilations: [1, 1], pad: [[0, 0], [0, 0]], dy: [5, 16, 16, 3] },
  { x: [1, 40, 30, 1], filter: [3, 3, 1, 8], strides: [1, 1], dilations: [1, 1], pad: [[1, 1], [1, 1]], dy: [1, 40, 30, 8] },
  { x: [1, 2, 600, 1], filter: [2, 3, 1, 2], strides: [1, 1], dilations: [1, 1], pad: [[0, 0], [1, 1]], dy: [1, 1, 600, 2] },
]; // prettier-ignore

const CASES = [...randomConvolutions(40, 1, true), ...CHUNKS].map((conv) => [JSON.stringify(conv), conv] as const);
/** Stock tfjs has the others; ours must not leave these cases to it. */
const STOCK = ['Conv2D', 'FusedConv2D', 'Conv2DBackpropInput'];

let allow: () => void;
beforeAll(async () => {
  await tf.setBackend('wasm');
  pretendThreads();
  allow = forbidKernels(STOCK);
  registerWasmTrainingKernels();
});
afterEach(() => expect(tf.memory().numTensors).toBe(0));
// A job for nearly each result.
afterAll(() => expect(jobs()).toBeGreaterThan(3 * CASES.length));

test.each(CASES)('%s', (_, conv) => {
  tf.tidy(() => {
    const [x, filter, dy] = [conv.x, conv.filter, conv.dy].map((shape, i) => normal<tf.Rank.R4>(shape, i + 1));
    const bias = normal<tf.Rank.R1>([conv.filter[3]], 4);
    const [xData, filterData, dyData, biasData] = [x, filter, dy, bias].map((tensor) => tensor.dataSync());
    const attrs = attrsOf(conv);
    const convolve = () => run('Conv2D', { x, filter }, attrs);
    const windows = conv.dy[0] * conv.dy[1] * conv.dy[2];
    if (windows < 32) {
      expect(convolve).toThrow('Conv2D was left to the kernel before');
    } else {
      const y = plainConvolution(conv, xData, filterData);
      expect(resultOf(convolve)).toEqual({ shape: conv.dy, numbers: y });
      const fused = () => run('FusedConv2D', { x, filter, bias }, { ...attrs, activation: 'relu' });
      const sums = plainConvolution(conv, xData, filterData, biasData);
      expect(resultOf(fused).numbers).toEqual(sums.map((sum) => (sum < 0 ? 0 : sum)));
    }
    const dw = () => run('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: conv.filter });
    expect(resultOf(dw)).toEqual({ shape: conv.filter, numbers: plainFilterGradient(conv, xData, dyData) });
    const dx = () => run('Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: conv.x });
    expect(resultOf(dx)).toEqual({ shape: conv.x, numbers: plainInputGradient(conv, dyData, filterData) });
  });
});

// These would be few enough windows for the kernel of tfjs, which gives zeros for the first, and writes past its output for the second.
test.each([
  ['strides that leave out the end of x', 'same', { x: [1, 6, 5, 2], filter: [2, 1, 2, 3], strides: [3, 2], dilations: [1, 1], pad: [[0, 0], [0, 0]], dy: [1, 2, 3, 3] }],
  ['a number as padding of an oblong filter', 1, { x: [1, 3, 3, 3], filter: [1, 2, 3, 2], strides: [1, 1], dilations: [1, 1], pad: [[1, 1], [1, 1]], dy: [1, 5, 5, 2] }],
] satisfies Array<[string, 'same' | number, Convolution]>)('few windows: %s', (_, pad, conv) => {
  tf.tidy(() => {
    const [x, filter] = [conv.x, conv.filter].map((shape, i) => normal<tf.Rank.R4>(shape, i + 1));
    const y = tf.conv2d(x, filter, conv.strides, pad);
    expect(y.shape).toEqual(conv.dy);
    expect(Array.from(y.dataSync())).toEqual(plainConvolution(conv, x.dataSync(), filter.dataSync()));
  });
}); // prettier-ignore

test('what is not for these kernels goes to those of tfjs; wrong shapes are refused by name', () => {
  tf.tidy(() => {
    const [x, filter] = [tf.ones([1, 3, 3, 2]), tf.ones([2, 2, 2, 1])] as tf.Tensor4D[];
    const fused = () => tf.fused.conv2d({ x, filter, strides: 1, pad: 'valid', activation: 'sigmoid' });
    expect(fused).toThrow('FusedConv2D was left to the kernel before');
    const attrs = { strides: 1, pad: 'valid', dataFormat: 'NHWC' };
    const wrong = { dy: tf.ones([2, 2, 2, 1]), filter };
    expect(() => run('Conv2DBackpropInput', wrong, { ...attrs, inputShape: [1, 3, 3, 2] })).toThrow(
      /^Conv2DBackpropInput on wasm: expected dy of shape \[1, outHeight, outWidth, 1\].* got \[2, 2, 2, 1\]/,
    );
    allow();
    expect(fused().dataSync()[0]).toBeCloseTo(1 / (1 + Math.exp(-8)), 5);
    expect(tf.conv2d(tf.ones<tf.Rank.R4>([0, 3, 3, 2]), filter, 1, 'valid').shape).toEqual([0, 2, 2, 1]);
  });
});

test('sums over the outer axes are those of a plain loop; the others are left to tfjs', () => {
  const { fround } = Math;
  tf.tidy(() => {
    for (const columns of [1, 3, 4, 7, 8, 30, 61]) {
      const x = normal<tf.Rank.R3>([5, 9, columns], columns);
      const data = x.dataSync();
      const expected = Array.from({ length: columns }, (_, j) => {
        let sum = 0;
        for (let i = 0; i < 45; i++) sum = fround(sum + data[i * columns + j]);
        return sum;
      });
      expect(resultOf(() => tf.sum(x, [1, 0])).numbers).toEqual(expected);
      expect(tf.sum(x, [0, 1], true).shape).toEqual([1, 1, columns]);
    }
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    expect([tf.sum(x, 1), tf.sum(x), tf.sum(tf.cast(x, 'int32'), 0)].map((y) => Array.from(y.dataSync()))).toEqual([
      [6, 15],
      [21],
      [5, 7, 9],
    ]);
  });
});

test('a row is added to each row as a plain loop does it; other additions are left to tfjs', () => {
  const { fround } = Math;
  registerWasmTrainingKernels().unregister();
  const allowAdd = forbidKernels(['Add']);
  registerWasmTrainingKernels();
  tf.tidy(() => {
    for (const row of [[1], [3], [4], [7], [30], [2, 3], [5, 1]]) {
      const [x, bias] = [normal<tf.Rank>([2, 3, ...row] as never, 1), normal<tf.Rank.R1>(row as never, 2)];
      const [data, added] = [x.dataSync(), bias.dataSync()];
      const expected = Array.from(data, (value, i) => fround(value + added[i % added.length]));
      const sums = [() => tf.add(x, bias), () => tf.add(bias, x)].map((sum) => resultOf(sum).numbers);
      expect(sums).toEqual([expected, expected]);
    }
    allowAdd();
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const others = [
      tf.add(x, 1),
      tf.add(x, x),
      tf.add(x, [[1], [2]]),
      tf.add(tf.cast(x, 'int32'), tf.tensor1d([1, 2], 'int32')),
    ];
    expect(others.map((y) => Array.from(y.dataSync()))).toEqual([
      [2, 3, 4, 5],
      [2, 4, 6, 8],
      [2, 3, 5, 6],
      [2, 4, 4, 6],
    ]);
    expect(tf.add(tf.zeros([0, 2]), [1, 2]).shape).toEqual([0, 2]);
  });
});

test('a copy, and a cast to the type that is there, share memory, which stays until the last of them is disposed', () => {
  const memory = () => tf.engine().backend.numDataIds();
  const before = memory();
  const x = tf.tensor1d([1, -0, NaN]);
  const [copy, same] = [tf.clone(x), run('Cast', { x }, { dtype: 'float32' })];
  expect(memory()).toBe(before + 1);
  x.dispose();
  copy.dispose();
  expect(Array.from(same.dataSync())).toEqual([1, -0, NaN]);
  const integers = tf.cast(same, 'int32');
  expect(memory()).toBe(before + 2);
  tf.dispose([same, integers]);
  expect(memory()).toBe(before);
});
