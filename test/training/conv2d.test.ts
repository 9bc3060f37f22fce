/** The gradients of conv2d on wasm: equal to plain loops to the last bit. */
import * as tf from '@tensorflow/tfjs';
import { registerWasmTrainingKernels } from '../../src/training/index';
import { type Convolution, attrsOf, plainFilterGradient, randomConvolutions } from './convolution';
import { normal } from './support';

const run = (kernel: string, inputs: object, attrs: object) =>
  tf.engine().runKernel(kernel, inputs as never, attrs as never) as tf.Tensor;

/** A chunk of the kernel has 512 windows: some images, or some rows of a large one. */
const CHUNKS: Convolution[] = [
  { x: [5, 17, 17, 2], filter: [2, 2, 2, 3], strides: [1, 1], dilations: [1, 1], pad: [[0, 0], [0, 0]], dy: [5, 16, 16, 3] },
  { x: [1, 40, 30, 1], filter: [3, 3, 1, 8], strides: [1, 1], dilations: [1, 1], pad: [[1, 1], [1, 1]], dy: [1, 40, 30, 8] },
  { x: [1, 2, 600, 1], filter: [2, 3, 1, 2], strides: [1, 1], dilations: [1, 1], pad: [[0, 0], [1, 1]], dy: [1, 1, 600, 2] },
]; // prettier-ignore

beforeAll(async () => {
  await tf.setBackend('wasm');
  registerWasmTrainingKernels();
});
afterEach(() => expect(tf.memory().numTensors).toBe(0));

test.each([...randomConvolutions(40, 1, true), ...CHUNKS].map((conv) => [JSON.stringify(conv), conv] as const))(
  'filter gradient %s',
  (_, conv) => {
    tf.tidy(() => {
      const [x, dy] = [normal<tf.Rank.R4>(conv.x, 1), normal<tf.Rank.R4>(conv.dy, 2)];
      const dw = run('Conv2DBackpropFilter', { x, dy }, { ...attrsOf(conv), filterShape: conv.filter });
      expect(dw.shape).toEqual(conv.filter);
      expect(Array.from(dw.dataSync())).toEqual(plainFilterGradient(conv, x.dataSync(), dy.dataSync()));
    });
  },
);
