/** Calls of max pooling's siblings that throw, with the whole message. None may leave a tensor behind. */
import type { OpCall } from '../support/run_op';

type Argument = OpCall['args'][number];

const tensor = (shape: number[], dtype = 'float32'): Argument => ({
  tensor: { shape, dtype, data: new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0) },
});
const plain = (value: unknown): Argument => ({ plain: value });

export const ERRORS: ReadonlyArray<OpCall & { message: string }> = [
  {
    op: 'globalAveragePool2d',
    args: [tensor([1, 4, 4, 1]), plain({ nan: 'ignore' })],
    message: "globalAveragePool2d: unknown option 'nan'; expected one of dataFormat, keepDims, implementation.",
  },
  {
    op: 'adaptiveMaxPool2d',
    args: [tensor([1, 4, 4, 1]), plain({})],
    message:
      'adaptiveMaxPool2d: expected outputSize to be a positive integer or an array of 2, one per spatial axis ' +
      "(null keeps the input's size); got undefined.",
  },
  {
    op: 'adaptiveMaxPoolWithArgmax1d',
    args: [tensor([1, 4, 1]), plain({ outputSize: 0 })],
    message:
      'adaptiveMaxPoolWithArgmax1d: expected outputSize to be a positive integer or an array of 1, one per spatial axis ' +
      "(null keeps the input's size); got 0.",
  },
  {
    op: 'adaptiveAveragePool2d',
    args: [tensor([4, 4]), plain({ outputSize: 2 })],
    message: 'adaptiveAveragePool2d: expected x of rank 3 or 4 [batch, height, width, channels]; got rank 2 [4, 4].',
  },
  {
    op: 'adaptiveAveragePool1d',
    args: [tensor([1, 0, 2]), plain({ outputSize: 2 })],
    message: 'adaptiveAveragePool1d: expected an image of at least one element; got spatial size [0].',
  },
  {
    op: 'adaptiveAveragePool2d',
    args: [tensor([1, 4, 4, 2]), plain({ outputSize: [30_001, 20_000] })],
    message:
      'adaptiveAveragePool2d: expected an output of at most 1073741823 elements; ' +
      'got 1200040000 for shape [1, 30001, 20000, 2].',
  },
  {
    op: 'lpPool2d',
    args: [tensor([1, 4, 4, 1]), plain({ p: 0 })],
    message: 'lpPool2d: expected p to be a positive number; got 0.',
  },
  {
    op: 'lpPool1d',
    args: [tensor([1, 4, 1], 'bool')],
    message: 'lpPool1d: expected x of dtype float32 or int32; got bool.',
  },
  {
    op: 'averagePool2d',
    args: [tensor([1, 4, 4, 1]), plain({ countIncludePad: 'no' })],
    message: "averagePool2d: expected countIncludePad to be true or false; got 'no'.",
  },
  {
    op: 'averagePool2d',
    args: [tensor([1, 4, 4, 1]), plain({ nan: 'ignore' })],
    message:
      "averagePool2d: unknown option 'nan'; expected one of poolSize, strides, padding, dilationRate, ceilMode, " +
      'dataFormat, implementation, countIncludePad, divisorOverride.',
  },
  {
    op: 'averagePool1d',
    args: [tensor([1, 2, 1]), plain({ padding: 2 })],
    message:
      'averagePool1d: expected every window to hold at least one real element; window 0 along the length of x holds only ' +
      'padding: got input 2, padding [2, 2], window 2, dilation 1 (span 2), stride 2.',
  },
  {
    op: 'averagePool3d',
    args: [tensor([2, 2, 2])],
    message: 'averagePool3d: expected x of rank 4 or 5 [batch, depth, height, width, channels]; got rank 3 [2, 2, 2].',
  },
  {
    op: 'globalMaxPool2d',
    args: [tensor([5, 5])],
    message: 'globalMaxPool2d: expected x of rank 3 or 4 [batch, height, width, channels]; got rank 2 [5, 5].',
  },
  {
    op: 'globalMaxPool1d',
    args: [tensor([2, 3, 0]), plain({ dataFormat: 'channelsFirst' })],
    message: 'globalMaxPool1d: expected an image of at least one element; got spatial size [0].',
  },
  {
    op: 'globalMaxPool3d',
    args: [tensor([1, 2, 2, 2, 1]), plain({ keepDims: 1 })],
    message: 'globalMaxPool3d: expected keepDims to be true or false; got 1.',
  },
  {
    op: 'globalMaxPool2d',
    args: [tensor([1, 2, 2, 1]), plain({ poolSize: 2 })],
    message: "globalMaxPool2d: unknown option 'poolSize'; expected one of dataFormat, keepDims, implementation, nan.",
  },
  {
    op: 'globalMaxPool2d',
    args: [tensor([1, 2, 2, 1], 'bool')],
    message: 'globalMaxPool2d: expected x of dtype float32 or int32; got bool.',
  },
];
