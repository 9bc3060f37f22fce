/**
 * Peers may be tfjs 4.0: its `fill` hands an undefined dtype on, at which wasm throws `Unknown dtype undefined`, and its wasm
 * backend has fewer kernels.
 */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { runOp, type OpCall } from '../support/run_op';
import { float32 } from '../support/data';

require('@tensorflow/tfjs-backend-wasm');

jest.mock('@tensorflow/tfjs-core', () => {
  const core = jest.requireActual<typeof tf>('@tensorflow/tfjs-core');
  const strict: typeof tf.fill = (shape, value, dtype) => {
    if (dtype === undefined) throw new Error('Unknown dtype undefined');
    return core.fill(shape, value, dtype);
  };
  return { ...core, fill: strict };
});

const SHAPES = [
  [1, 5, 2],
  [1, 5, 4, 2],
  [1, 3, 5, 4, 2],
];
const KINDS: Array<[kind: string, options: object]> = [
  ['maxPool', { poolSize: 2, padding: 1 }],
  ['averagePool', { poolSize: 2, padding: 1 }],
  ['globalMaxPool', {}],
  ['globalAveragePool', {}],
  ['adaptiveMaxPool', { outputSize: 2 }],
  ['adaptiveAveragePool', { outputSize: 2 }],
  ...[1, 1.5, 2, 3, Infinity].map((p): [string, object] => ['lpPool', { p, poolSize: 2, padding: 1 }]),
];

/** The kernels that tfjs-backend-wasm 4.0.0 has. */
const KERNELS_OF_4_0 = (
  'Abs Add AddN All Any ArgMax AvgPool BatchMatMul BatchToSpaceND Cast Ceil ClipByValue Concat Conv2D ' +
  'Conv2DBackpropInput Cos Cosh CropAndResize Cumprod Cumsum DepthToSpace DepthwiseConv2dNative Elu ' +
  'Equal Exp ExpandDims Fill FlipLeftRight Floor FloorDiv FusedBatchNorm FusedConv2D ' +
  'FusedDepthwiseConv2D GatherNd GatherV2 Greater GreaterEqual Identity LeakyRelu Less LessEqual Log ' +
  'LogicalAnd LogicalNot LogicalOr LogicalXor Max MaxPool Maximum Mean Min Minimum MirrorPad Multiply ' +
  'Neg NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5 NotEqual OneHot OnesLike Pack PadV2 ' +
  'Pow Prelu Prod Range RealDiv Relu Relu6 Reshape ResizeBilinear ResizeNearestNeighbor Reverse ' +
  'RotateWithOffset Round Rsqrt ScatterNd Select Sigmoid Sin Slice Softmax SpaceToBatchND ' +
  'SparseFillEmptyRows SparseReshape SparseSegmentMean SparseSegmentSum SplitV Sqrt Square ' +
  'SquaredDifference Step StridedSlice StringNGrams StringSplit StringToHashBucketFast Sub Sum Tan Tanh ' +
  'Tile TopK Transform Transpose Unpack ZerosLike _FusedMatMul'
).split(' ');

const isOfOldWasm = (name: string) => KERNELS_OF_4_0.includes(name) || name.startsWith('Im2Col');

describe.each(['fused', 'im2col'])('%s', (implementation) => {
  beforeAll(() => tf.setBackend('wasm'));

  test.each(KINDS)('%s %j: result, gradient, second derivative', async (kind, options) => {
    for (const [i, shape] of SHAPES.entries()) {
      const size = tf.util.sizeFromShape(shape);
      const x = float32(
        shape,
        Array.from({ length: size }, (_, at) => 1 + at / 8),
      );
      const op = `${kind}${i + 1}d` as OpCall['op'];
      const args = [{ tensor: x }, { plain: { ...options, implementation } }];
      const { result } = await runOp(tf, plugin, { op, args });
      const dResult = { ...result, data: result.data.map(() => 1) };
      const { kernels } = await runOp(tf, plugin, { op, args, dResult, second: true });
      expect(kernels.filter((name) => !isOfOldWasm(name))).toEqual([]);
    }
  });
});
