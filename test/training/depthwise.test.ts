/** The gradients of depthwiseConv2d on wasm: equal to plain loops to the last bit. */
import * as tf from '@tensorflow/tfjs';
import { registerWasmTrainingKernels } from '../../src/training/index';
import { type Convolution, attrsOf, randomConvolutions, seen } from './convolution';
import { bothWays, jobs, pretendThreads } from './in_chunks';
import { normal, positions } from './support';

const { fround } = Math;
const run = (kernel: string, inputs: object, attrs: object) =>
  tf.engine().runKernel(kernel, inputs as never, attrs as never) as tf.Tensor;

/** The same windows, with `filter[3]` filters for each channel. */
function depthwise(conv: Convolution): Convolution {
  const multiplier = 1 + (conv.filter[3] % 3);
  const [batch, height, width] = conv.dy;
  const [h, w, channels] = conv.filter;
  return { ...conv, filter: [h, w, channels, multiplier], dy: [batch, height, width, channels * multiplier] };
}

/** Goes through all products of a window's elements, in the order of (b, oh, tap, ow, c, multiple). */
function* products(conv: Convolution): Generator<{ x: number; dy: number; filter: number; multiple: number }> {
  const [kernelHeight, kernelWidth, channels, multiplier] = conv.filter;
  const [batch, outHeight, outWidth] = conv.dy;
  for (const [b, oh, kh, kw, ow, c, multiple] of positions(
    ...[batch, outHeight, kernelHeight, kernelWidth, outWidth, channels, multiplier],
  )) {
    const x = seen(conv, [b, oh, ow, kh, kw, c]);
    if (x === undefined) continue;
    const channel = c * multiplier + multiple;
    yield {
      x,
      dy: ((b * outHeight + oh) * outWidth + ow) * channels * multiplier + channel,
      filter: (kh * kernelWidth + kw) * channels * multiplier + channel,
      multiple,
    };
  }
}

beforeAll(async () => {
  await tf.setBackend('wasm');
  pretendThreads();
  expect(tf.getKernel('DepthwiseConv2dNativeBackpropFilter', 'wasm')).toBeUndefined();
  registerWasmTrainingKernels();
});
afterEach(() => expect(tf.memory().numTensors).toBe(0));
afterAll(() => expect(jobs()).toBeGreaterThan(CASES.length));

const wide: Convolution = {
  x: [2, 6, 5, 23],
  filter: [3, 3, 23, 3],
  strides: [1, 1],
  dilations: [1, 1],
  pad: [
    [1, 1],
    [1, 1],
  ],
  dy: [2, 6, 5, 23],
};
const CASES = [...randomConvolutions(40, 2, true), wide].map(depthwise);

test.each(CASES.map((conv) => [JSON.stringify(conv), conv] as const))('%s', (_, conv) => {
  tf.tidy(() => {
    const [x, filter, dy] = [conv.x, conv.filter, conv.dy].map((shape, i) => normal<tf.Rank.R4>(shape, i + 1));
    const [xData, filterData, dyData] = [x, filter, dy].map((tensor) => tensor.dataSync());
    const [dw, dxOf] = [new Float32Array(filter.size), new Float32Array(x.size * conv.filter[3])];
    for (const at of products(conv)) {
      dw[at.filter] += fround(xData[at.x] * dyData[at.dy]);
      dxOf[at.x * conv.filter[3] + at.multiple] += fround(dyData[at.dy] * filterData[at.filter]);
    }
    const dx = new Float32Array(x.size);
    dxOf.forEach((value, i) => {
      dx[Math.floor(i / conv.filter[3])] += value;
    });
    const attrs = attrsOf(conv);
    const resultOf = (kernel: string, inputs: object, shape: object) =>
      bothWays(() => {
        const result = run(kernel, inputs, { ...attrs, ...shape });
        return { shape: result.shape, numbers: Array.from(result.dataSync()) };
      });
    const filterGradient = resultOf('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { filterShape: conv.filter });
    const inputGradient = resultOf('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { inputShape: conv.x });
    expect(filterGradient).toEqual({ shape: conv.filter, numbers: Array.from(dw) });
    expect(inputGradient).toEqual({ shape: conv.x, numbers: Array.from(dx) });
  });
});

test('through tf.grads, and wrong shapes are refused by name', () => {
  tf.tidy(() => {
    const [x, filter] = [tf.ones<tf.Rank.R4>([1, 4, 4, 2]), tf.ones<tf.Rank.R4>([3, 3, 2, 1])];
    const [dx, dw] = tf.grads((a: tf.Tensor, b: tf.Tensor) =>
      tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'valid'),
    )([x, filter]);
    expect(Array.from(dw.dataSync())).toEqual(new Array(18).fill(4));
    expect(Array.from(dx.dataSync()).slice(0, 8)).toEqual([1, 1, 2, 2, 2, 2, 1, 1]);
    const attrs = { strides: 1, dilations: 1, pad: 'valid', inputShape: [1, 4, 4, 2] };
    expect(() => run('DepthwiseConv2dNativeBackpropInput', { dy: tf.ones([1, 3, 2, 2]), filter }, attrs)).toThrow(
      /^DepthwiseConv2dNativeBackpropInput on wasm: expected dy of shape \[1, 2, 2, 2\] .* got dy of shape \[1, 3, 2, 2\]/,
    );
  });
});
