/** Calls of max pooling's siblings that throw, with the whole message. None may leave a tensor behind. */
import type { OpCall } from '../support/run_op';

type Argument = OpCall['args'][number];

const tensor = (shape: number[], dtype = 'float32'): Argument =>
  ({ tensor: { shape, dtype, data: new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0) } });
const plain = (value: unknown): Argument => ({ plain: value });

export const ERRORS: ReadonlyArray<OpCall & { message: string }> = [
  {
    op: 'globalMaxPool2d', args: [tensor([5, 5])],
    message: 'globalMaxPool2d: expected x of rank 3 or 4 [batch, height, width, channels]; got rank 2 [5, 5].',
  }, {
    op: 'globalMaxPool1d', args: [tensor([2, 3, 0]), plain({ dataFormat: 'channelsFirst' })],
    message: 'globalMaxPool1d: expected an image of at least one element; got spatial size [0].',
  }, {
    op: 'globalMaxPool3d', args: [tensor([1, 2, 2, 2, 1]), plain({ keepDims: 1 })],
    message: 'globalMaxPool3d: expected keepDims to be true or false; got 1.',
  }, {
    op: 'globalMaxPool2d', args: [tensor([1, 2, 2, 1]), plain({ poolSize: 2 })],
    message: "globalMaxPool2d: unknown option 'poolSize'; expected one of dataFormat, keepDims, implementation, nan.",
  }, {
    op: 'globalMaxPool2d', args: [tensor([1, 2, 2, 1], 'bool')],
    message: 'globalMaxPool2d: expected x of dtype float32 or int32; got bool.',
  },
];
