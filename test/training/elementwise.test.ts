/** Elements by themselves on wasm: equal to plain loops to the last bit, on one thread and in chunks. */
import * as tf from '@tensorflow/tfjs';
import { registerWasmTrainingKernels } from '../../src/training/index';
import { bothWays, jobs, pretendThreads } from './in_chunks';
import { forbidKernels, positions } from './support';

const { fround } = Math;

const COMBINED = {
  Add: (a: number, b: number) => a + b,
  Sub: (a: number, b: number) => a - b,
  Multiply: (a: number, b: number) => a * b,
  RealDiv: (a: number, b: number) => a / b,
};
const TRANSFORMED = {
  Relu: (x: number) => (x < 0 ? 0 : x),
  Step: (x: number) => (Number.isNaN(x) ? x : x > 0 ? 1 : 0.25),
  Sqrt: Math.sqrt,
  Square: (x: number) => x * x,
};

/** Each way to broadcast that these kernels know, and equal shapes. */
const SHAPES = [
  [[], []],
  [[19], [19]],
  [[37, 9], [37, 9]],
  [[3, 7], []],
  [[1, 1, 1], [3, 7]],
  [[6, 5], [5]],
  [[4], [7, 4]],
  [[2, 3, 4], [3, 4]],
  [[6, 5], [6, 1]],
  [[6, 1], [6, 9]],
  [[2, 3, 4], [2, 1, 1]],
  [[1, 1, 1, 5], [2, 3, 2, 5]],
  [[1, 5], [3, 1]],
]; // prettier-ignore
/** The last one is left to tfjs. */
const OURS = SHAPES.slice(0, -1);

/** All kinds of numbers, those with fractions among them. */
function numbers(shape: readonly number[], by: number): tf.Tensor {
  const special = [NaN, Infinity, -Infinity, 0, -0, 1e-40, -1e-40, 3.4e38, -3.4e38, 0.1, -2.5];
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) =>
      i % 3 === 0 ? special[(i * by + by) % 11] : ((i * by) % 97) / 7 - 6,
    ),
    [...shape],
  );
}

function plain(name: keyof typeof COMBINED, a: tf.Tensor, b: tf.Tensor): number[] {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const [aData, bData] = [a.dataSync(), b.dataSync()];
  const place = (own: number[], index: number[]) =>
    own.reduce((at, size, axis) => at * size + (size === 1 ? 0 : index[index.length - own.length + axis]), 0);
  return Array.from(positions(...shape), (index) =>
    fround(COMBINED[name](aData[place(a.shape, index)], bData[place(b.shape, index)])),
  );
}

const run = (kernel: string, inputs: object, attrs = {}) =>
  bothWays(() => {
    const result = tf.engine().runKernel(kernel, inputs as never, attrs) as tf.Tensor;
    return { shape: result.shape, numbers: Array.from(result.dataSync()) };
  });

let allow: () => void;
beforeAll(async () => {
  await tf.setBackend('wasm');
  pretendThreads();
  allow = forbidKernels([...Object.keys(COMBINED), ...Object.keys(TRANSFORMED)]);
  registerWasmTrainingKernels();
});
afterEach(() => expect(tf.memory().numTensors).toBe(0));
afterAll(() => expect(jobs()).toBeGreaterThan(40));

test.each(Object.keys(COMBINED) as Array<keyof typeof COMBINED>)('%s', (name) => {
  tf.tidy(() => {
    for (const [aShape, bShape] of OURS) {
      const [a, b] = [numbers(aShape, 5), numbers(bShape, 3)];
      const shape = tf.backend_util.assertAndGetBroadcastShape(aShape, bShape);
      expect(run(name, { a, b })).toEqual({ shape, numbers: plain(name, a, b) });
    }
  });
});

test.each(Object.keys(TRANSFORMED) as Array<keyof typeof TRANSFORMED>)('%s', (name) => {
  tf.tidy(() => {
    for (const shape of [[], [3], [4], [7, 19]]) {
      const x = numbers(shape, 7);
      const expected = Array.from(x.dataSync(), (value) => fround(TRANSFORMED[name](value)));
      expect(run(name, { x }, { alpha: 0.25 })).toEqual({ shape, numbers: expected });
    }
  });
});

test('other types, other ways to broadcast and what is empty are left to tfjs', () => {
  tf.tidy(() => {
    const [a, b] = SHAPES[SHAPES.length - 1].map((shape) => tf.ones(shape));
    const integers = tf.tensor1d([4, 9], 'int32');
    const others = [
      () => tf.add(a, b),
      () => tf.mul(integers, integers),
      () => tf.relu(integers),
      () => tf.sub(tf.zeros([0, 3]), tf.zeros([3])),
    ];
    for (const other of others) expect(other).toThrow(/^(Add|Multiply|Relu|Sub) was left to the kernel before/);
    allow();
    expect(others.map((other) => Array.from(other().dataSync()))).toEqual([Array(15).fill(2), [16, 81], [4, 9], []]);
  });
});
