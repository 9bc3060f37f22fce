/** What registering does to tfjs's registry, and that the kernels outlive a backend and its memory. */
import * as tf from '@tensorflow/tfjs';
import { registerWasmTrainingKernels } from '../../src/training/index';
import { forbidKernels, normal } from './support';

const NAMES = ['BatchMatMul', '_FusedMatMul', 'Conv2D', 'FusedConv2D', 'Conv2DBackpropInput', 'Sum'];
const registered = () => NAMES.map((name) => tf.getKernel(name, 'wasm'));
const product = () =>
  tf.tidy(() => Array.from(tf.matMul(normal<tf.Rank.R2>([9, 5], 1), normal<tf.Rank.R2>([9, 7], 2), true).dataSync()));

beforeAll(() => tf.setBackend('wasm'));

test('without the kernels of the wasm backend: an error that says what to import', () => {
  const config = tf.getKernel('BatchMatMul', 'wasm');
  tf.unregisterKernel('BatchMatMul', 'wasm');
  expect(registerWasmTrainingKernels).toThrow(
    'registerWasmTrainingKernels: expected @tensorflow/tfjs-backend-wasm to be imported before this call; ' +
      "got no kernels for the backend 'wasm'.",
  );
  tf.registerKernel(config);
});

test('idempotent, also from a second copy of this package; unregister puts back what was there', () => {
  const before = registered();
  const first = registerWasmTrainingKernels();
  const ours = registered();
  ours.forEach((config, i) => expect(config).not.toBe(before[i]));
  registerWasmTrainingKernels();
  jest.isolateModules(() => {
    jest.doMock('@tensorflow/tfjs-core', () => tf);
    const copy = require('../../src/training/index') as typeof import('../../src/training/index');
    expect(copy.registerWasmTrainingKernels).not.toBe(registerWasmTrainingKernels);
    copy.registerWasmTrainingKernels();
  });
  expect(registered()).toEqual(ours);
  registered().forEach((config, i) => expect(config).toBe(ours[i]));
  first.unregister();
  registered().forEach((config, i) => expect(config).toBe(before[i]));
  first.unregister();
  registered().forEach((config, i) => expect(config).toBe(before[i]));
});

test('serves a memory that has grown, and a backend that was removed and made again', async () => {
  const stock = product();
  const allow = forbidKernels(['BatchMatMul']);
  const { unregister } = registerWasmTrainingKernels();
  const expected = product();
  expected.forEach((value, i) => expect(value).toBeCloseTo(stock[i], 5));
  const { buffer } = (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8;
  const large = tf.zeros([buffer.byteLength / 4]);
  expect((tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.buffer).not.toBe(buffer);
  expect(product()).toEqual(expected);
  large.dispose();
  const factory = tf.findBackendFactory('wasm');
  await tf.setBackend('cpu');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', factory);
  await tf.setBackend('wasm');
  expect(product()).toEqual(expected);
  allow();
  // What is left to tfjs's own kernel works in the new backend, too.
  const sigmoid = tf.tidy(() =>
    tf.fused
      .matMul({ a: tf.ones<tf.Rank.R2>([1, 1]), b: tf.ones<tf.Rank.R2>([1, 1]), activation: 'sigmoid' })
      .dataSync(),
  );
  expect(sigmoid[0]).toBeCloseTo(0.7311, 4);
  unregister();
  product().forEach((value, i) => expect(value).toBeCloseTo(stock[i], 5));
});

test('leaks nothing, in tensors or in the backend, also when a kernel throws', () => {
  const { unregister } = registerWasmTrainingKernels();
  const memory = () => [tf.memory().numTensors, tf.engine().backend.numDataIds()];
  product();
  const before = memory();
  product();
  const wasm = (tf.backend() as unknown as { wasm: { _malloc(bytes: number): number } }).wasm;
  const { _malloc } = wasm;
  let calls = 0;
  const [a, b] = [tf.ones<tf.Rank.R2>([9, 5]), tf.ones<tf.Rank.R2>([9, 7])];
  // The output still gets its memory, the scratch after it does not.
  wasm._malloc = (bytes) => (++calls === 2 ? 0 : _malloc(bytes));
  expect(() => tf.matMul(a, b, true)).toThrow(
    /^wasm: expected \d+ bytes of scratch memory; the backend has none left\.$/,
  );
  wasm._malloc = _malloc;
  tf.dispose([a, b]);
  expect(memory()).toEqual(before);
  unregister();
});
