/**
 * Runs one conformance case on the current backend: value, argmax, gradient, second derivative, the
 * kernels that ran and what leaked. The same code runs in Node and, bundled, in the browser; a case
 * and its result are plain data.
 */
import type * as TfCore from '@tensorflow/tfjs-core';
import type * as Plugin from '../../src/base';
import type { PoolOptions } from '../../src/spec';

/** A tensor as plain data; NaN, infinities and -0 survive structured cloning. */
export interface PlainTensor {
  shape: number[];
  dtype: 'float32' | 'int32';
  data: number[];
}

export interface PoolCase {
  name: string;
  rank: 1 | 2 | 3;
  options: PoolOptions;
  x: PlainTensor;
  /** The gradient of y; float32. */
  dy: PlainTensor;
}

export interface PoolResult {
  y: PlainTensor;
  /** Of maxPoolWithArgmax: its values, which must be y, and its argmax. */
  values: PlainTensor;
  argmax: PlainTensor;
  /** The gradient of sum(y * dy). float32 x only. */
  dx?: PlainTensor;
  /** The gradient of sum(values * dy). float32 x only. */
  dxOfValues?: PlainTensor;
  /**
   * With g the gradient of sum(y * y * dy) / 2, the gradient of sum(g * g) / 2 (as the golden data has
   * it). float32 x only, and not of an empty one.
   */
  ddx?: PlainTensor;
  /** Names of all kernels that ran, forward and backward. */
  kernels: string[];
  /** The backend that ran them. */
  backend: string;
  /** Tensors, or data without a tensor, left behind. */
  leaked: number;
}

export type Tf = typeof TfCore;
type Pool = (x: TfCore.Tensor, options: PoolOptions) => TfCore.Tensor;
type PoolWithArgmax = (x: TfCore.Tensor, options: PoolOptions) => { values: TfCore.Tensor; argmax: TfCore.Tensor };

export async function runPoolCase(tf: Tf, plugin: typeof Plugin, c: PoolCase): Promise<PoolResult> {
  const leaks = leakCounter(tf);
  const x = fromPlain(tf, c.x);
  const dy = fromPlain(tf, c.dy);
  const [results, kernels] = traceKernels(tf, () => computeAll(tf, plugin, c, x, dy));
  const plain: Record<string, PlainTensor> = {};
  for (const [key, tensor] of Object.entries(results)) plain[key] = await toPlain(tensor);
  tf.dispose([x, dy, ...Object.values(results)]);
  const { y, values, argmax, dx, dxOfValues, ddx } = plain;
  return { y, values, argmax, dx, dxOfValues, ddx, kernels, backend: tf.getBackend(), leaked: leaks() };
}

function computeAll(
  tf: Tf,
  plugin: typeof Plugin,
  { rank, options }: PoolCase,
  x: TfCore.Tensor,
  dy: TfCore.Tensor,
): Record<string, TfCore.Tensor> {
  const pool = [plugin.maxPool1d, plugin.maxPool2d, plugin.maxPool3d][rank - 1] as Pool;
  const poolWithArgmax = [plugin.maxPoolWithArgmax1d, plugin.maxPoolWithArgmax2d, plugin.maxPoolWithArgmax3d][
    rank - 1
  ] as PoolWithArgmax;
  const forward = { y: pool(x, options), ...poolWithArgmax(x, options) };
  if (x.dtype !== 'float32') return forward;
  return {
    ...forward,
    dx: tf.grad((t) => pool(t, options))(x, dy),
    dxOfValues: tf.grad((t) => poolWithArgmax(t, options).values)(x, dy),
    // tf.sum cannot add up nothing on webgl and webgpu.
    ...(x.size > 0 ? { ddx: secondDerivative(tf, (t) => pool(t, options), x, dy) } : {}),
  };
}

/** With g the gradient of sum(y * y * dy) / 2, the gradient of sum(g * g) / 2. */
export function secondDerivative(
  tf: Tf,
  f: (x: TfCore.Tensor) => TfCore.Tensor,
  x: TfCore.Tensor,
  dy: TfCore.Tensor,
): TfCore.Tensor {
  const first = tf.grad((t) => {
    const y = f(t);
    return tf.mul(tf.sum(tf.mul(tf.mul(y, y), dy)), 0.5);
  });
  return tf.grad((t) => {
    const g = first(t);
    return tf.mul(tf.sum(tf.mul(g, g)), 0.5);
  })(x);
}

/** Runs `f` and names the kernels that ran. `tf.profile` would read every output back, and warn of every NaN. */
export function traceKernels<T>(tf: Tf, f: () => T): [result: T, kernels: string[]] {
  const { names, stop } = watchKernels(tf);
  try {
    return [f(), [...names]];
  } finally {
    stop();
  }
}

/** Fills `names` with those of the kernels that run from now on. One that is asked for and not there has not run. */
export function watchKernels(tf: Tf): { names: ReadonlySet<string>; stop: () => void } {
  const engine = tf.engine();
  const original = engine.runKernel;
  const names = new Set<string>();
  engine.runKernel = function traced(name: string, ...rest: unknown[]) {
    const outputs = (original as (...all: unknown[]) => never).call(engine, name, ...rest);
    names.add(name);
    return outputs;
  };
  return {
    names,
    stop: () => {
      engine.runKernel = original;
    },
  };
}

/** What is there more than now, when the returned function is called: tensors, or data that no tensor holds. */
export function leakCounter(tf: Tf): () => number {
  const count = () => [tf.memory().numTensors, tf.engine().backend.numDataIds()];
  const [tensors, data] = count();
  return () => {
    const [tensorsNow, dataNow] = count();
    return Math.max(tensorsNow - tensors, dataNow - data);
  };
}

export function fromPlain(tf: Tf, { data, shape, dtype }: PlainTensor): TfCore.Tensor {
  return tf.tensor(data, shape, dtype);
}

export async function toPlain(tensor: TfCore.Tensor): Promise<PlainTensor> {
  return { shape: tensor.shape, dtype: tensor.dtype as 'float32', data: Array.from(await tensor.data()) };
}
