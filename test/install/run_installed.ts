/**
 * Runs tfjs's own pooling operations on the current backend while our kernels are installed: values, indices, gradients
 * of first and second order, what ran, what was kept and what leaked. Runs in Node and in the page, as run_case.ts does.
 */
import type * as TfCore from '@tensorflow/tfjs-core';
import type * as Plugin from '../../src/base';
import { keptBytes } from '../bench/inspect';
import {
  type PlainTensor,
  type Tf,
  fromPlain,
  leakCounter,
  secondDerivative,
  toPlain,
  traceKernels,
} from '../support/run_case';

/** A call of tf.maxPool, tf.maxPool3d, tf.avgPool or tf.avgPool3d. */
export interface InstalledCase {
  rank: 2 | 3;
  x: PlainTensor;
  dy: PlainTensor;
  filterSize: number | number[];
  strides: number | number[];
  pad: 'valid' | 'same' | number | Array<[number, number]>;
  dimRoundingMode?: 'ceil' | 'round' | 'floor';
}

interface Measured {
  /** Bytes on the tape between forward and backward, for float32. */
  kept: number | undefined;
  kernels: string[];
  leaked: number;
  /** Whether uninstall() put back the very objects that were there. */
  restored: boolean;
}

/** Gradients are there for float32; as {@link PoolResult} has them. */
interface MaxOutputs {
  y: PlainTensor;
  /** Of tf.maxPoolWithArgmax: in 2-D, where no rounding is asked for. */
  values?: PlainTensor;
  indices?: PlainTensor;
  /** With includeBatchInIndex. */
  batchIndices?: PlainTensor;
  dx?: PlainTensor;
  dxOfValues?: PlainTensor;
  ddx?: PlainTensor;
}

interface AverageOutputs {
  y: PlainTensor;
  dx: PlainTensor;
  /** The same dx, by calling tfjs's gradient kernel by name; it is not told of rounding. */
  dxOfKernel: PlainTensor;
  ddx?: PlainTensor;
}

export type InstalledResult = MaxOutputs & Measured;
export type InstalledAverage = AverageOutputs & Measured;

type Pool = (x: TfCore.Tensor) => TfCore.Tensor;
type Tensors<Outputs> = { [Name in keyof Outputs]: TfCore.Tensor };

/** tf.maxPool, tf.maxPool3d and tf.maxPoolWithArgmax. */
export function runInstalled(tf: Tf, plugin: typeof Plugin, c: InstalledCase): Promise<InstalledResult> {
  return whileInstalled<MaxOutputs>(tf, plugin, c, maxPoolOf(tf, c), (x, dy) => maxima(tf, c, x, dy));
}

/** tf.avgPool and tf.avgPool3d. */
export function runInstalledAverage(tf: Tf, plugin: typeof Plugin, c: InstalledCase): Promise<InstalledAverage> {
  const pool = averageOf(tf, c);
  return whileInstalled<AverageOutputs>(tf, plugin, c, pool, (x, dy) => ({
    y: pool(x),
    dx: tf.grad(pool)(x, dy),
    dxOfKernel: gradientKernel(tf, c, x, dy),
    ...(x.size * dy.size > 0 ? { ddx: secondDerivative(tf, pool, x, dy) } : {}),
  }));
}

async function whileInstalled<Outputs extends object>(
  tf: Tf,
  plugin: typeof Plugin,
  c: InstalledCase,
  pool: Pool,
  compute: (x: TfCore.Tensor, dy: TfCore.Tensor) => Tensors<Outputs>,
): Promise<Outputs & Measured> {
  const before = registryOf(tf);
  const { uninstall } = plugin.installPoolingKernels();
  try {
    const leaks = leakCounter(tf);
    const [x, dy] = [fromPlain(tf, c.x), fromPlain(tf, c.dy)];
    const [results, kernels] = traceKernels(tf, () => compute(x, dy));
    const tensors = Object.entries(results) as Array<[string, TfCore.Tensor]>;
    const plain: Record<string, PlainTensor> = {};
    for (const [key, tensor] of tensors) plain[key] = await toPlain(tensor);
    const kept = x.dtype === 'float32' && x.size * dy.size > 0 ? keptBytes(pool, x) : undefined;
    tf.dispose([x, dy, ...tensors.map(([, tensor]) => tensor)]);
    const leaked = leaks();
    uninstall();
    return { ...(plain as Outputs), kept, kernels, leaked, restored: isSame(before, registryOf(tf)) };
  } finally {
    uninstall();
  }
}

function maxima(tf: Tf, c: InstalledCase, x: TfCore.Tensor, dy: TfCore.Tensor): Tensors<MaxOutputs> {
  const pool = maxPoolOf(tf, c);
  const { filterSize, strides, pad } = c;
  const withArgmax = (t: TfCore.Tensor, batch = false) =>
    tf.maxPoolWithArgmax(t as TfCore.Tensor4D, filterSize as 2, strides as 2, pad as 'valid', batch);
  const results: Tensors<MaxOutputs> = { y: pool(x) };
  const hasArgmax = c.rank === 2 && c.dimRoundingMode === undefined;
  if (hasArgmax) {
    const { result, indexes } = withArgmax(x);
    const batched = withArgmax(x, true);
    batched.result.dispose();
    Object.assign(results, { values: result, indices: indexes, batchIndices: batched.indexes });
  }
  if (x.dtype !== 'float32') return results;
  results.dx = tf.grad(pool)(x, dy);
  if (hasArgmax) results.dxOfValues = tf.grad((t) => withArgmax(t).result)(x, dy);
  if (x.size > 0) results.ddx = secondDerivative(tf, pool, x, dy);
  return results;
}

function maxPoolOf(tf: Tf, { rank, filterSize, strides, pad, dimRoundingMode }: InstalledCase): Pool {
  return rank === 2
    ? (x) => tf.maxPool(x as TfCore.Tensor4D, filterSize as 2, strides as 2, pad as 'valid', dimRoundingMode)
    : (x) => tf.maxPool3d(x as TfCore.Tensor5D, filterSize as 2, strides as 2, pad as 'valid', dimRoundingMode);
}

function averageOf(tf: Tf, { rank, filterSize, strides, pad, dimRoundingMode }: InstalledCase): Pool {
  return rank === 2
    ? (x) => tf.avgPool(x as TfCore.Tensor4D, filterSize as 2, strides as 2, pad as 'valid', dimRoundingMode)
    : (x) => tf.avgPool3d(x as TfCore.Tensor5D, filterSize as 2, strides as 2, pad as 'valid', dimRoundingMode);
}

function gradientKernel(
  tf: Tf,
  { rank, filterSize, strides, pad }: InstalledCase,
  x: TfCore.Tensor,
  dy: TfCore.Tensor,
): TfCore.Tensor {
  return tf.tidy(() => {
    const batched = (t: TfCore.Tensor) => (t.rank === rank + 2 ? t : tf.expandDims(t, 0));
    const name = rank === 2 ? 'AvgPoolGrad' : 'AvgPool3DGrad';
    const dx = tf
      .engine()
      .runKernel(name, { dy: batched(dy), input: batched(x) }, { filterSize, strides, pad }) as TfCore.Tensor;
    return tf.reshape(dx, x.shape);
  });
}

/** Indices of tf.maxPoolWithArgmax beyond what floats hold, as they are read. */
export async function farIndices(tf: Tf, plugin: typeof Plugin): Promise<number[]> {
  const { uninstall } = plugin.installPoolingKernels();
  try {
    const { result, indexes } = tf.tidy(() =>
      tf.maxPoolWithArgmax(tf.zeros<TfCore.Rank.R4>([1, 4100, 4100, 1]), 1, 4099, 'valid'),
    );
    const indices = Array.from(await indexes.data());
    tf.dispose([result, indexes]);
    return indices;
  } finally {
    uninstall();
  }
}

const KERNELS = [
  'MaxPool',
  'MaxPoolGrad',
  'MaxPool3D',
  'MaxPool3DGrad',
  'MaxPoolWithArgmax',
  'AvgPool',
  'AvgPoolGrad',
  'AvgPool3D',
  'AvgPool3DGrad',
];
const GRADIENTS = ['MaxPool', 'MaxPool3D', 'MaxPoolWithArgmax', 'AvgPool', 'AvgPool3D'];

/** What tfjs has registered for pooling, on every backend; and the engine's own way to a backend. */
export function registryOf(tf: Tf): unknown[] {
  return [
    ...tf
      .engine()
      .backendNames()
      .flatMap((backend) => KERNELS.map((kernel) => tf.getKernel(kernel, backend))),
    ...GRADIENTS.map((kernel) => tf.getGradient(kernel)),
    Object.prototype.hasOwnProperty.call(tf.engine(), 'setBackend'),
  ];
}

/** Whether two registries hold the same objects. */
export function isSame(a: unknown[], b: unknown[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}
