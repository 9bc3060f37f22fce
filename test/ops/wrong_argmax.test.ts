/** Rule 16 on the host: an argmax that the user gives is checked once, ours never, and backward passes check nothing. */
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import {
  gatherArgmax,
  maxPoolWithArgmax1d,
  maxPoolWithArgmax2d,
  maxUnpool1d,
  maxUnpool2d,
  maxUnpool3d,
  maxUnpooling1d,
  maxUnpooling2d,
  maxUnpooling3d,
  scatterArgmax,
} from '../../src/index';
import { traceKernels } from '../support/run_case';

const CHECK = 'Im2ColAreTaps';
const checks = (f: () => unknown) => traceKernels(tf, f)[1].includes(CHECK);

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test("row 4 of the faults: PyTorch's indices in place of taps", () => {
    const values = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const indices = tf.tensor4d([5, 7, 13, 15], [1, 2, 2, 1], 'int32');
    const message =
      'expected argmax to hold tap numbers in [0, 4), as maxPoolWithArgmax gives them; got 5 in argmax[0]';
    expect(() => maxUnpool2d(values, indices, [1, 4, 4, 1])).toThrow(`maxUnpool2d: ${message}`);
    expect(() => scatterArgmax(values, indices, [1, 4, 4, 1])).toThrow(`scatterArgmax: ${message}`);
    expect(() => gatherArgmax(tf.ones([1, 4, 4, 1]), indices)).toThrow(`gatherArgmax: ${message}`);
    expect(() => maxUnpooling2d().apply([values, indices])).toThrow(`maxUnpool2d: ${message}`);
    expect(() => maxUnpool2d(values, indices, [1, 4, 4, 1])).toThrow('indicesToArgmax');
  });

  test.each(['fused', 'im2col'] as const)('in every rank and layout, %s', (implementation) => {
    const wrong = (shape: number[]) => tf.fill(shape, -1, 'int32');
    const dataFormat = 'channelsFirst';
    const cases: Array<() => unknown> = [
      () => maxUnpool1d(tf.ones([1, 2, 1]), wrong([1, 2, 1]), [1, 4, 1], { implementation }),
      () => maxUnpool2d(tf.ones([3, 2, 2]), wrong([3, 2, 2]), [3, 4, 4], { implementation, dataFormat }),
      () => maxUnpool3d(tf.ones([1, 1, 1, 1, 2]), wrong([1, 1, 1, 1, 2]), [1, 2, 2, 2, 2], { implementation }),
      () => maxUnpooling1d({ implementation }).apply([tf.ones([1, 2, 1]), wrong([1, 2, 1])]),
      () => maxUnpooling2d({ implementation }).apply([tf.ones([1, 2, 2, 1]), wrong([1, 2, 2, 1])]),
      () => maxUnpooling3d({ implementation }).apply([tf.ones([1, 2, 2, 2, 1]), wrong([1, 2, 2, 2, 1])]),
    ];
    for (const call of cases) expect(call).toThrow('got -1 in argmax[0]');
  });

  test('a tap on padding is none of these: it routes nothing', () => {
    const options = { poolSize: 2, padding: [[1, 0]] };
    const dx = maxUnpool1d(tf.tensor3d([5, 7], [1, 2, 1]), tf.tensor3d([0, 1], [1, 2, 1], 'int32'), [1, 3, 1], options);
    expect(Array.from(dx.dataSync())).toEqual([0, 0, 7]);
  });

  test('an argmax of our own is not read, nor are its clones and reshapes', () => {
    const x = tf.ones([1, 4, 4, 1]);
    const { values, argmax } = maxPoolWithArgmax2d(x);
    expect(checks(() => maxUnpool2d(values, argmax, x.shape))).toBe(false);
    // A clone on wasm is a copy of the data.
    expect(checks(() => maxUnpool2d(values, argmax.clone(), x.shape))).toBe(backend === 'wasm');
    const flat = tf.reshape(argmax, [2, 2, 1]);
    expect(checks(() => maxUnpool2d(tf.ones([2, 2, 1]), flat, [4, 4, 1]))).toBe(false);
    const recorded = tf.grad((t) => maxUnpool2d(maxPoolWithArgmax2d(t).values, maxPoolWithArgmax2d(t).argmax, x.shape));
    expect(checks(() => recorded(x))).toBe(false);
  });

  test('another one is read once for its number of taps, and again for fewer', () => {
    const argmax = tf.tensor3d([0, 3], [1, 2, 1], 'int32');
    const unpool = (poolSize: number) => () =>
      maxUnpool1d(tf.ones([1, 2, 1]), argmax, [1, 2 * poolSize, 1], { poolSize });
    expect(checks(unpool(4))).toBe(true);
    expect(checks(unpool(4))).toBe(false);
    expect(checks(unpool(5))).toBe(false);
    expect(unpool(3)).toThrow('got 3 in argmax[1], at [0, 1, 0]');
    expect(checks(unpool(4))).toBe(false);
  });

  test('our own argmax with windows of fewer taps', () => {
    const { values, argmax } = maxPoolWithArgmax1d(tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 6, 1]), { poolSize: 3 });
    expect(() => maxUnpool1d(values, argmax, [1, 4, 1])).toThrow('tap numbers in [0, 2)');
  });

  test('a variable that is assigned something else is read again', () => {
    const argmax = tf.variable(tf.tensor3d([0, 1], [1, 2, 1], 'int32'), false);
    const unpool = () => maxUnpool1d(tf.ones([1, 2, 1]), argmax, [1, 4, 1]);
    unpool();
    argmax.assign(tf.tensor3d([0, 2], [1, 2, 1], 'int32'));
    expect(unpool).toThrow('got 2 in argmax[1]');
    argmax.dispose();
  });

  test('backward passes, of any order, check nothing', () => {
    const argmax = tf.tensor3d([0, 1], [1, 2, 1], 'int32');
    const values = tf.ones([1, 2, 1]);
    maxUnpool1d(values, argmax, [1, 4, 1]);
    const unpool = (t: tf.Tensor) => tf.square(maxUnpool1d(t, argmax, [1, 4, 1]));
    const second = tf.grad((t) => tf.sum(tf.grad(unpool)(t)));
    expect(checks(() => second(values))).toBe(false);
  });

  test('a float32 argmax, as it comes from a nested model, is checked as well', () => {
    const layer = maxUnpooling1d();
    const values = tf.ones([1, 2, 1]);
    expect(Array.from((layer.apply([values, tf.tensor3d([0, 1], [1, 2, 1])]) as tf.Tensor).dataSync())).toEqual([
      1, 0, 0, 1,
    ]);
    for (const wrong of [0.5, NaN, -1, 2]) {
      expect(() => layer.apply([values, tf.tensor3d([0, wrong], [1, 2, 1])])).toThrow(
        `MaxUnpooling1D: expected argmax to hold tap numbers in [0, 2), as maxPoolWithArgmax gives them; got ${wrong} in argmax[1]`,
      );
    }
  });

  const INTEGERS = 'hold integers of 32 bit; got ';
  const NUMBERS = 'be a tensor or an array of numbers; got [[[0], ';
  test.each<[unknown, string]>([
    [0.5, INTEGERS],
    [NaN, INTEGERS],
    [2 ** 32, INTEGERS],
    ['1', NUMBERS],
    [undefined, NUMBERS],
    [1n, NUMBERS],
  ])('an array with %p in it', (wrong, expected) => {
    const argmax = [[[0], [wrong]]] as number[][][];
    expect(() => maxUnpool1d([[[1], [2]]], argmax, [1, 4, 1])).toThrow(`maxUnpool1d: expected argmax to ${expected}`);
    expect(() => gatherArgmax([[[1], [2], [3], [4]]], argmax)).toThrow(`gatherArgmax: expected argmax to ${expected}`);
  });

  test('an empty batch', () => {
    const empty = tf.zeros([0, 2, 1], 'int32');
    expect(maxUnpool1d(tf.zeros([0, 2, 1]), empty, [0, 4, 1]).shape).toEqual([0, 4, 1]);
  });
});
