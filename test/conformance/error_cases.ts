/** Calls that throw, each in its own way, with the whole message. None may leave a tensor behind, on any device. */
import type { OpCall } from '../support/run_op';

type Argument = OpCall['args'][number];

const tensor = (shape: number[], dtype = 'float32'): Argument => ({
  tensor: { shape, dtype, data: new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0) },
});
const plain = (value: unknown): Argument => ({ plain: value });

export const ERROR_CASES: ReadonlyArray<OpCall & { message: string }> = [
  {
    op: 'maxPool2d',
    args: [tensor([1, 4, 4, 1]), plain({ poolSize: 0 })],
    message: 'maxPool2d: expected poolSize to be a positive integer or an array of 2, one per spatial axis; got 0.',
  },
  {
    op: 'maxPool2d',
    args: [tensor([5, 5])],
    message: 'maxPool2d: expected x of rank 3 or 4 [batch, height, width, channels]; got rank 2 [5, 5].',
  },
  {
    op: 'maxPool1d',
    args: [tensor([1, 4, 1], 'bool')],
    message: 'maxPool1d: expected x of dtype float32 or int32; got bool.',
  },
  {
    op: 'maxPoolWithArgmax3d',
    args: [tensor([1, 2, 2, 2, 1]), plain({ poolSize: 3 })],
    message:
      'maxPoolWithArgmax3d: expected at least one window to fit into the depth of x; ' +
      'got input 2, padding [0, 0], window 3, dilation 1 (span 3), stride 3.',
  },
  {
    op: 'maxPool2d',
    args: [plain('x')],
    message: "maxPool2d: expected x to be a tensor or an array of numbers; got 'x'.",
  },
  {
    op: 'im2col',
    args: [tensor([1, 4, 4, 1]), plain({ padValue: 'zero' })],
    message: "im2col: expected padValue to be a number; got 'zero'.",
  },
  {
    op: 'col2im',
    args: [tensor([4, 5]), plain([1, 4, 4, 1])],
    message: 'col2im: expected columns of shape [4, 4] for this xShape and these options; got [4, 5].',
  },
  {
    op: 'scatterArgmax',
    args: [tensor([1, 2, 2, 1]), tensor([1, 2, 2, 1]), plain([1, 4, 4, 1])],
    message: 'scatterArgmax: expected argmax of dtype int32; got float32.',
  },
  {
    op: 'scatterArgmax',
    args: [tensor([1, 2, 2, 1]), tensor([1, 2, 3, 1], 'int32'), plain([1, 4, 4, 1])],
    message:
      'scatterArgmax: expected argmax of shape [1, 2, 2, 1] for this xShape and these options; got [1, 2, 3, 1].',
  },
  {
    op: 'gatherArgmax',
    args: [tensor([1, 4, 4, 1]), tensor([1, 4, 4, 1], 'int32')],
    message: 'gatherArgmax: expected argmax of shape [1, 2, 2, 1] for this x and these options; got [1, 4, 4, 1].',
  },
  {
    op: 'maxUnpool2d',
    args: [tensor([1, 2, 2, 2]), tensor([1, 2, 2, 1], 'int32'), plain([1, 4, 4, 1])],
    message: 'maxUnpool2d: expected values of shape [1, 2, 2, 1] for this xShape and these options; got [1, 2, 2, 2].',
  },
  {
    op: 'maxUnpool2d',
    args: [plain([[[0]]]), plain([[[0, 0]]]), plain([2, 2, 1])],
    message: 'maxUnpool2d: expected argmax of shape [1, 1, 1] for this xShape and these options; got [1, 1, 2].',
  },
  {
    op: 'argmaxToIndices',
    args: [tensor([1, 2, 2, 1], 'int32'), plain([1, 4, 4, 1]), plain({}), plain('jax')],
    message: "argmaxToIndices: expected format to be 'tensorflow', 'pytorch', 'onnx'; got 'jax'.",
  },
  {
    op: 'indicesToArgmax',
    args: [tensor([1, 2, 2, 1], 'int32'), plain([1, 4, 4, 1]), plain({}), plain('pytorch')],
    message:
      "indicesToArgmax: expected indices[1], at [0, 0, 1, 0], to be the 'pytorch' index of an element under its window " +
      '(2, 3, 6, 7); got 0.',
  },
];
