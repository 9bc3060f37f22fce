/**
 * `npm run bench -- --matrix`: what the im2col matrix costs, on the current backend. `implementation: 'im2col'` is measured
 * against `'fused'`, the operations im2col and col2im against a copy of their matrix, by the method of measure.ts. Runs in
 * Node and in the page.
 */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { median } from '../../src/compare/statistics';
import { type BenchCase, shapeOf } from './cases';
import { type Pool, contestant, copyStep } from './contestants';
import { alternate, finish, randomTensor } from './measure';

export interface MatrixRequest {
  readonly matrixOf: BenchCase;
  readonly pairs: number;
  readonly calls: number;
}

/** Medians in milliseconds. */
export interface MatrixResult {
  readonly forward: Implementations;
  readonly training: Implementations;
  readonly im2col: number;
  readonly col2im: number;
  /** A copy of the matrix into new memory where results are, as on cpu; else as contestants.ts copies. */
  readonly copy: number;
}

export interface Implementations {
  readonly im2col: number;
  readonly fused: number;
}

export async function measureMatrix({ matrixOf: c, pairs, calls }: MatrixRequest): Promise<MatrixResult> {
  const x = randomTensor(shapeOf(c), 1);
  const pools = (['im2col', 'fused'] as const).map((implementation) => contestant('ours', c, implementation).pool);
  const y = pools[1](x);
  const dy = tf.tidy(() => tf.sub(randomTensor(y.shape, 2), 0.25));
  const options = { poolSize: perAxis(c, c.window), strides: c.stride, padding: c.padding, dataFormat: c.layout };
  const columns = plugin.im2col(x, options);
  const one = tf.relu(tf.ones([1]));
  const copy = tf.getBackend() === 'cpu' ? freshCopy(columns) : copyStep(columns, one);
  for (const tensor of [x, y, dy, columns]) await finish(tensor);

  const both = async (step: (pool: Pool) => tf.Tensor): Promise<Implementations> => {
    const samples = await alternate(
      pools.map((pool) => ({ step: () => step(pool) })),
      { pairs, calls },
    );
    const [im2col, fused] = samples.map(median);
    return { im2col, fused };
  };
  const forward = await both((pool) => pool(x));
  const training = await both((pool) => tf.grad(pool)(x, dy));
  const steps = [
    { step: () => plugin.im2col(x, options) },
    { step: () => plugin.col2im(columns, x.shape, options) },
    { step: copy.step },
  ];
  const [im2col, col2im, copyMs] = (await alternate(steps, { pairs, calls })).map(median);
  copy.dispose();
  tf.dispose([x, y, dy, columns, one]);
  return { forward, training, im2col, col2im, copy: copyMs };
}

/** On cpu every result is a new array, whose pages the operating system clears one by one: any operation pays for that. */
function freshCopy(matrix: tf.Tensor): ReturnType<typeof copyStep> {
  const values = matrix.dataSync<'float32'>();
  return {
    step: () => {
      values.slice();
      return undefined;
    },
    dispose: () => {},
  };
}

/** One number per axis says how many axes are spatial. */
function perAxis({ shape }: BenchCase, size: number): number[] {
  return new Array<number>(shape.length - 2).fill(size);
}
