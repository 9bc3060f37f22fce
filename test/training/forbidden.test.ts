/** Where WebAssembly must not be compiled (a page's policy), all goes to the kernels before: training works, slowly. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

// tfjs compiles its own asynchronously; a class that throws is what a policy makes of this one.
WebAssembly.Module = class {
  constructor() {
    throw new WebAssembly.CompileError('forbidden');
  }
} as never;

test('the gradients of a convolution and of a dense layer', async () => {
  const { registerWasmTrainingKernels } = await import('../../src/training/index');
  registerWasmTrainingKernels();
  await tf.setBackend('wasm');
  const { kernelNames } = await tf.profile(() =>
    tf.tidy(() => {
      const [x, filter] = [tf.ones<tf.Rank.R4>([1, 4, 4, 1]), tf.ones<tf.Rank.R4>([2, 2, 1, 3])];
      const dw = tf.grad((f: tf.Tensor) => tf.conv2d(x, f as tf.Tensor4D, 1, 'valid'))(filter);
      expect(Array.from(dw.dataSync())).toEqual(new Array(12).fill(9));
      const db = tf.grad((b: tf.Tensor) => tf.matMul(tf.ones([2, 3]), b))(tf.ones([3, 4]));
      expect(Array.from(db.dataSync())).toEqual(new Array(12).fill(2));
      return dw;
    }),
  );
  // The path of core operations: the matrix itself.
  expect(kernelNames).toContain('Im2ColColumns');
});
