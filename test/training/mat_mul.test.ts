/** Matrix products on wasm: equal to a plain loop to the last bit, whatever is transposed, broadcast or fused. */
import * as tf from '@tensorflow/tfjs';
import { registerWasmTrainingKernels } from '../../src/training/index';
import { bothWays, jobs, pretendThreads } from './in_chunks';
import { dot, forbidKernels, normal, positions, randomIntegers } from './support';

interface Product {
  a: number[];
  b: number[];
  transposeA: boolean;
  transposeB: boolean;
}

/** Sums of all of the loop's products, in the order of k. */
function plainProduct(
  a: tf.Tensor,
  b: tf.Tensor,
  transposeA: boolean,
  transposeB: boolean,
  bias?: tf.Tensor,
): number[] {
  const [aData, bData, biasData] = [a, b, bias].map((tensor) => tensor?.dataSync());
  const [m, k] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
  const n = b.shape[b.rank - (transposeB ? 2 : 1)];
  const outer = tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const result: number[] = [];
  const [aMatrices, bMatrices] = [a, b].map((tensor) => matricesOf(tensor.shape.slice(0, -2), outer));
  aMatrices.forEach((matrix, index) => {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const places = Array.from({ length: k }, (_, l): [number, number] => [
          matrix * m * k + (transposeA ? l * m + i : i * k + l),
          bMatrices[index] * k * n + (transposeB ? j * k + l : l * n + j),
        ]);
        result.push(dot(biasData ? biasData[j] : 0, aData!, bData!, places));
      }
    }
  });
  return result;
}

/** The number of the matrix, of those of shape `own`, for each place of the broadcast shape `outer`. */
function matricesOf(own: readonly number[], outer: readonly number[]): number[] {
  const missing = outer.length - own.length;
  return Array.from(positions(...outer), (index) =>
    own.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : index[axis + missing]), 0),
  );
}

function randomProducts(count: number): Product[] {
  const random = randomIntegers(1);
  const sizes = [1, 2, 5, 6, 7, 8, 9, 13, 17, 31];
  const size = () => sizes[random(0, sizes.length - 1)];
  return Array.from({ length: count }, () => {
    const [transposeA, transposeB] = [random(0, 1) === 1, random(0, 1) === 1];
    // Products of less than 16 rows, with nothing transposed, are left to tfjs.
    const [m, n, k] = [size() + (transposeA || transposeB ? 0 : 15), size(), size()];
    const outer = Array.from({ length: random(0, 2) }, () => random(1, 3));
    const broadcast = () => outer.map((length) => (random(0, 2) === 0 ? 1 : length)).slice(random(0, outer.length));
    return {
      a: [...outer, ...(transposeA ? [k, m] : [m, k])],
      b: [...broadcast(), ...(transposeB ? [n, k] : [k, n])],
      transposeA,
      transposeB,
    };
  });
}

// Blocks of the kernel end at 256 elements of a sum, 512 columns and 1024 rows.
const LARGE: Product[] = [
  { a: [17, 700], b: [700, 10], transposeA: false, transposeB: false },
  { a: [513, 4], b: [5, 513], transposeA: true, transposeB: true },
  { a: [16, 1], b: [1, 1037], transposeA: false, transposeB: false },
  { a: [2, 1030], b: [2, 3], transposeA: true, transposeB: false },
  // More matrices than fit into the chunks of one job.
  { a: [400, 2, 1], b: [400, 1, 2], transposeA: true, transposeB: true },
];

/** Few rows, but tfjs would repeat the batches in turns. */
const CROSSED: Product[] = [
  { a: [2, 1, 3, 4], b: [3, 4, 5], transposeA: false, transposeB: false },
  { a: [2, 3, 1, 4], b: [2, 1, 4, 5], transposeA: false, transposeB: false },
];

let allow: () => void;
beforeAll(async () => {
  await tf.setBackend('wasm');
  pretendThreads();
  allow = forbidKernels(['BatchMatMul', '_FusedMatMul']);
  registerWasmTrainingKernels();
});
afterEach(() => expect(tf.memory().numTensors).toBe(0));
// A job for nearly each product.
afterAll(() => expect(jobs()).toBeGreaterThan(60));

test.each([
  ['random', randomProducts(60)],
  ['large', LARGE],
  ['crossed', CROSSED],
])('%s products are those of a plain loop, bit for bit', (_, products) => {
  for (const { a: aShape, b: bShape, transposeA, transposeB } of products) {
    tf.tidy(() => {
      const [a, b] = [normal(aShape as [number, number], 1), normal(bShape as [number, number], 2)];
      const product = bothWays(() => Array.from(tf.matMul(a, b, transposeA, transposeB).dataSync()));
      expect(product).toEqual(plainProduct(a, b, transposeA, transposeB));
    });
  }
});

test.each(['linear', 'relu', 'relu6'] as const)('fused with a bias and %s', (activation) => {
  tf.tidy(() => {
    const [a, b, bias] = [
      normal<tf.Rank.R3>([2, 8, 300], 1),
      normal<tf.Rank.R3>([1, 300, 41], 2),
      normal<tf.Rank.R1>([41], 3),
    ];
    const clamp = { linear: [-Infinity, Infinity], relu: [0, Infinity], relu6: [0, 6] }[activation];
    const expected = plainProduct(a, b, false, false, bias).map((y) => Math.min(Math.max(y, clamp[0]), clamp[1]));
    expect(bothWays(() => Array.from(tf.fused.matMul({ a, b, bias, activation }).dataSync()))).toEqual(expected);
    expect(expected.some((y) => y > 6)).toBe(activation !== 'relu6');
  });
});

test('a bias is added to every row of a batch of few rows, where tfjs adds it to the first', () => {
  tf.tidy(() => {
    const [a, b, bias] = [
      normal<tf.Rank.R3>([2, 2, 3], 1),
      normal<tf.Rank.R3>([2, 3, 5], 2),
      normal<tf.Rank.R1>([5], 3),
    ];
    const expected = plainProduct(a, b, false, false, bias);
    expect(Array.from(tf.fused.matMul({ a, b, bias }).dataSync())).toEqual(expected);
  });
});

test('NaN stays NaN, through relu as well', () => {
  tf.tidy(() => {
    const [a, b] = [tf.tensor2d([NaN, 1, 1, 2], [2, 2]), tf.tensor2d([1, -1], [1, 2])];
    const product = tf.fused.matMul({ a, b, transposeB: true, activation: 'relu' });
    expect(Array.from(product.dataSync())).toEqual([NaN, 0]);
  });
});

test('what is not for this kernel goes to the one of tfjs', () => {
  tf.tidy(() => {
    const [a, b] = [tf.ones([16, 3]), tf.ones([3, 2])] as tf.Tensor2D[];
    expect(() => tf.matMul(tf.ones([15, 3]), b)).toThrow('BatchMatMul was left to the kernel before');
    expect(() => tf.fused.matMul({ a, b, activation: 'sigmoid' })).toThrow(
      '_FusedMatMul was left to the kernel before',
    );
    expect(() => tf.matMul(tf.cast(a, 'int32'), tf.cast(b, 'int32'))).toThrow(
      'BatchMatMul was left to the kernel before',
    );
    // Vectors: tfjs complains of their lengths.
    expect(() => tf.matMul(tf.ones([3]), tf.ones([4]), false, true)).toThrow(
      'BatchMatMul was left to the kernel before',
    );
    allow();
    expect(tf.fused.matMul({ a, b, activation: 'sigmoid' }).dataSync()[0]).toBeCloseTo(0.9526, 4);
    expect(tf.matMul(tf.ones([0, 3]), b).shape).toEqual([0, 2]);
  });
});
