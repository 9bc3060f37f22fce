/**
 * PyTorch's and ONNX's settings, turned into options: the pooling with these gives what PyTorch and ONNX Runtime
 * gave (golden/elsewhere.json, made by golden/make_elsewhere.py). And what cannot be expressed is refused by name.
 */
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pooling from '../../src/index';
import { poolOptionsFromOnnx, poolOptionsFromTorch } from '../../src/index';

interface Numbers {
  readonly shape: number[];
  readonly values: number[];
}
interface Case {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly indices?: number[];
}
interface Recorded {
  readonly torch: Array<Case & { module: string; settings: pooling.TorchPoolSettings; values?: Numbers }>;
  readonly onnx: Array<Case & { operator: pooling.OnnxPoolOperator; attributes: pooling.OnnxPoolAttributes }>;
}
const RECORDED = JSON.parse(readFileSync(join(__dirname, '../golden/elsewhere.json'), 'utf8')) as Recorded;
const OPERATIONS: Record<string, string> = {
  MaxPool: 'maxPool',
  AvgPool: 'averagePool',
  AveragePool: 'averagePool',
  LPPool: 'lpPool',
  LpPool: 'lpPool',
  AdaptiveMaxPool: 'adaptiveMaxPool',
  AdaptiveAvgPool: 'adaptiveAveragePool',
  GlobalMaxPool: 'globalMaxPool',
  GlobalAveragePool: 'globalAveragePool',
};

type Operation = (x: tf.Tensor, options: object) => tf.Tensor;
const operation = (kind: string, rank: number) =>
  (pooling as unknown as Record<string, Operation>)[`${OPERATIONS[kind]}${rank}d`];
const tensor = ({ values, shape }: Numbers) => tf.tensor(values, shape);
const expectEqual = (got: tf.Tensor, { values, shape }: Numbers) => {
  expect(got.shape).toEqual(shape);
  const differences = Array.from(got.dataSync(), (value, i) => (Object.is(value, values[i]) ? 0 : value - values[i]));
  expect(Math.max(...differences.map(Math.abs))).toBeLessThanOrEqual(1e-6);
};

beforeAll(() => tf.setBackend('cpu'));

describe('poolOptionsFromTorch', () => {
  const poolings = RECORDED.torch.filter(({ module }) => module !== 'MaxUnpool2d');
  test.each(poolings.map((one) => [`${one.module} ${JSON.stringify(one.settings)}`, one] as const))(
    '%s',
    async (_, { module, settings, x, y, indices }) => {
      const { returnArgmax, ...options } = poolOptionsFromTorch(settings, module);
      expect(options.dataFormat).toBe('channelsFirst');
      expectEqual(operation(module.slice(0, -2), x.shape.length - 2)(tensor(x), options), y);
      expect(returnArgmax).toBe(indices && true);
      if (indices === undefined) return;
      const { argmax } = pooling.maxPoolWithArgmax2d(tensor(x), options);
      expect(Array.from(await pooling.argmaxToIndices(argmax, x.shape, options, 'pytorch'))).toEqual(indices);
    },
  );

  test.each([
    [{ kernel_size: 3 }, undefined, { poolSize: 3 }],
    [{ kernel_size: [3], stride: [], padding: 0 }, 'nn.MaxPool2d', { poolSize: 3 }],
    [{ kernel_size: 3, padding: 1 }, undefined, { poolSize: 3, padding: 1, countIncludePad: true }],
    [{ kernel_size: 3, padding: 1 }, 'F.max_pool2d', { poolSize: 3, padding: 1 }],
    [{ kernel_size: 3, padding: 1, dilation: 2 }, undefined, { poolSize: 3, padding: 1, dilationRate: 2 }],
    [{ kernel_size: 2 }, 'avg_pool1d', { poolSize: 2, countIncludePad: true }],
    [{ kernel_size: 2, count_include_pad: false }, undefined, { poolSize: 2, countIncludePad: false }],
    [{ kernel_size: 2, divisor_override: 3 }, undefined, { poolSize: 2, countIncludePad: true, divisorOverride: 3 }],
    [{ kernel_size: 2, norm_type: Infinity, stride: [2, 1] }, undefined, { poolSize: 2, p: Infinity, strides: [2, 1] }],
    [{ output_size: [3, null] }, 'AdaptiveAvgPool2d', { outputSize: [3, null] }],
    [{ output_size: 4, return_indices: true }, undefined, { outputSize: 4, returnArgmax: true }],
    [
      { kernel_size: 2, output_size: [1, 8, 5, 5] },
      'MaxUnpool2d',
      { poolSize: 2, outputSize: [5, 5], overlaps: 'write' },
    ],
    // Everything that the functions may be given, as they have it by default.
    [
      {
        kernel_size: 2,
        stride: null,
        padding: 0,
        dilation: 1,
        ceil_mode: false,
        return_indices: false,
        norm_type: null,
      },
      'MaxPool2d',
      { poolSize: 2 },
    ],
  ] as const)('%j of %s', (settings, module, options) => {
    expect(poolOptionsFromTorch(settings, module)).toEqual({ dataFormat: 'channelsFirst', ...options });
  });

  test.each([
    [{}, undefined, 'expected kernel_size; got nothing.'],
    [{ kernel_size: 0 }, undefined, 'expected kernel_size to be a positive integer, or one per spatial axis; got 0.'],
    [
      { kernel_size: [2, 2] },
      'MaxPool3d',
      'expected kernel_size to be a positive integer, or one per spatial axis (3); got [2, 2].',
    ],
    [
      { kernel_size: 2, padding: -1 },
      undefined,
      'expected padding to be a non-negative integer, or one per spatial axis; got -1.',
    ],
    [
      { kernelSize: 2 },
      undefined,
      "unknown option 'kernelSize'; expected one of kernel_size, stride, padding, dilation, ceil_mode, return_indices, count_include_pad, divisor_override, norm_type, output_size; did you mean kernel_size?",
    ],
    [
      { kernel_size: 2, output_ratio: 0.5 },
      undefined,
      "unknown option 'output_ratio'; expected one of kernel_size, stride, padding, dilation, ceil_mode, return_indices, count_include_pad, divisor_override, norm_type, output_size.",
    ],
    [
      { kernel_size: 2 },
      'FractionalMaxPool2d',
      "expected a pooling module of PyTorch (MaxPool2d, AvgPool2d, LPPool2d, AdaptiveMaxPool2d, AdaptiveAvgPool2d, MaxUnpool2d, or in 1d and 3d); got 'FractionalMaxPool2d'.",
    ],
    [
      { kernel_size: 2, divisor_override: 3 },
      'MaxPool2d',
      'expected settings that MaxPool2d has (kernel_size, stride, padding, dilation, ceil_mode, return_indices); got divisor_override.',
    ],
    [{ kernel_size: 2, divisor_override: 0 }, undefined, 'expected divisor_override to be a positive number; got 0.'],
    [
      { kernel_size: 2, divisor_override: 3, dilation: 2 },
      undefined,
      'expected settings of one kind of pooling; got kernel_size, dilation, divisor_override.',
    ],
    [
      { kernel_size: 2, norm_type: 2, ceil_mode: true },
      undefined,
      'expected ceil_mode false with norm_type; got true, for which PyTorch enlarges the sums of partial windows.',
    ],
    [{ kernel_size: 2 }, 'LPPool2d', 'expected kernel_size and norm_type; got kernel_size.'],
    [
      { output_size: [3, 0] },
      'AdaptiveMaxPool2d',
      'expected output_size to be a positive integer, or one (or null) per spatial axis; got [3, 0].',
    ],
    [{ kernel_size: 2, ceil_mode: 2 }, undefined, 'expected ceil_mode to be true or false; got 2.'],
  ] as const)('%j of %s is refused', (settings, module, message) => {
    const got = () => poolOptionsFromTorch(settings as object, module);
    expect(got).toThrow(new Error(`poolOptionsFromTorch: ${message}`));
  });
});

test.each(
  RECORDED.torch
    .filter(({ module }) => module === 'MaxUnpool2d')
    .map((one) => [JSON.stringify(one.settings), one] as const),
)('unpooling: %s', async (_, { settings, values, indices, y }) => {
  const { outputSize, ...options } = poolOptionsFromTorch(settings, 'MaxUnpool2d') as pooling.SizedForeignPoolOptions;
  expect(outputSize).toEqual(y.shape.slice(2));
  const { overlaps, ...windows } = options;
  expect(overlaps).toBe('write');
  const flat = tf.tensor(indices!, values!.shape, 'int32');
  const argmax = await pooling.indicesToArgmax(flat, y.shape, windows, 'pytorch');
  expectEqual(pooling.maxUnpool2d(tensor(values!), argmax, y.shape, options), y);
});

describe('poolOptionsFromOnnx', () => {
  test.each(RECORDED.onnx.map((one) => [`${one.operator} ${JSON.stringify(one.attributes)}`, one] as const))(
    '%s',
    (_, { operator, attributes, x, y }) => {
      const options = poolOptionsFromOnnx(attributes, operator, x.shape);
      expectEqual(operation(operator, x.shape.length - 2)(tensor(x), options), y);
    },
  );

  test.each([
    [{ kernel_shape: [2, 2], auto_pad: 'VALID' }, undefined, { poolSize: [2, 2], strides: [1, 1], padding: 'valid' }],
    [{ kernel_shape: [2], p: 3 }, undefined, { poolSize: [2], strides: [1], padding: 'valid', p: 3, absolute: true }],
    [
      { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 0, 0, 1] },
      'MaxUnpool',
      {
        poolSize: [2, 2],
        strides: [2, 2],
        padding: [
          [1, 0],
          [0, 1],
        ],
        overlaps: 'write',
      },
    ],
  ] as const)('%j of %s', (attributes, operator, options) => {
    expect(poolOptionsFromOnnx(attributes, operator)).toEqual({ dataFormat: 'channelsFirst', ...options });
  });

  test.each([
    [{}, undefined, 'expected kernel_shape to have one size per spatial axis, 1 to 3; got undefined.'],
    [
      { kernel_shape: [2, 2], storage_order: 1 },
      undefined,
      'expected storage_order 0, indices in row-major order; got 1.',
    ],
    [
      { kernel_shape: [2, 2], pads: [1, 1] },
      undefined,
      'expected pads to have 4 non-negative integers, those before each axis first; got [1, 1].',
    ],
    [
      { kernel_shape: [2, 2], strides: [2, 2], auto_pad: 'SAME_LOWER' },
      undefined,
      'expected inputShape [batch, channels, ...spatial] as well, on which SAME_LOWER with strides [2, 2] depends; got undefined.',
    ],
    [
      { kernel_shape: [2, 2], auto_pad: 'SAME' },
      undefined,
      "expected auto_pad to be NOTSET, VALID, SAME_UPPER, SAME_LOWER; got 'SAME'.",
    ],
    [
      { kernel_shape: [2, 2], p: 2 },
      'MaxPool',
      'expected attributes that MaxPool has (kernel_shape, strides, pads, dilations, auto_pad, ceil_mode, storage_order); got p.',
    ],
    [
      { p: 2 },
      'GlobalLpPool',
      "expected operator to be one of MaxPool, AveragePool, LpPool, GlobalMaxPool, GlobalAveragePool, MaxUnpool; got 'GlobalLpPool'.",
    ],
  ] as const)('%j of %s is refused', (attributes, operator, message) => {
    const got = () => poolOptionsFromOnnx(attributes as object, operator as 'MaxPool');
    expect(got).toThrow(new Error(`poolOptionsFromOnnx: ${message}`));
  });
});
