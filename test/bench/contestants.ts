/**
 * Who is measured: our pooling, tfjs's own, and a plain copy of the same bytes. Runs in Node and in the page.
 */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as plugin from '../../src/index';
import { type BenchCase, rankOf } from './cases';

type Implementation = NonNullable<plugin.PoolOptions['implementation']>;
export type Pool = (x: tf.Tensor) => tf.Tensor;

/** One run of something: what it returns is read back and disposed by who measures. */
export type Step = () => tf.Tensor | undefined;

/** Our pooling of this case. */
function oursFor(c: BenchCase, implementation: Implementation): Pool {
  if (c.pooling === 'average') return ourAverageFor(c, implementation);
  const pool = { 1: plugin.maxPool1d, 2: plugin.maxPool2d, 3: plugin.maxPool3d }[rankOf(c)] as (
    x: tf.Tensor,
    options: plugin.PoolOptions,
  ) => tf.Tensor;
  const options: plugin.PoolOptions = { ...windowOf(c), implementation };
  return (x) => pool(x, options);
}

/** tfjs's own: `tf.maxPool`, `tf.maxPool3d`, and in 1-D what `tf.layers.maxPooling1d` does with `tf.maxPool`. */
function builtinFor(c: BenchCase): Pool {
  const pool = builtinChannelsLast(c);
  if (c.layout !== 'channelsFirst') return pool;
  // As tf.layers does it.
  const axes = c.shape.map((_, axis) => axis);
  const toLast = [0, ...axes.slice(2), 1];
  const toFirst = [0, axes.length - 1, ...axes.slice(1, -1)];
  return (x) => tf.tidy(() => tf.transpose(pool(tf.transpose(x, toLast)), toFirst));
}

function builtinChannelsLast(c: BenchCase): Pool {
  const { window, stride } = c;
  // tfjs-node has no numeric padding; 0 is 'valid' on every backend.
  const padding = c.padding === 0 ? 'valid' : c.padding;
  if (c.pooling === 'average') return builtinAverageFor(c, padding);
  switch (rankOf(c)) {
    case 1:
      return (x) =>
        tf.tidy(() => tf.squeeze(tf.maxPool(tf.expandDims<tf.Tensor4D>(x, 2), [window, 1], [stride, 1], padding), [2]));
    case 2:
      return (x) => tf.maxPool(x as tf.Tensor4D, window, stride, padding);
    default:
      if (typeof padding === 'number')
        throw new Error('tf.maxPool3d takes numeric padding for cubes only: no case has it');
      return (x) => tf.maxPool3d(x as tf.Tensor5D, window, stride, padding);
  }
}

/** Our operations; the built-in on our kernels (`--installed`); or the built-in itself (`--self-check`). */
export type ContestantName = 'ours' | 'installed' | 'builtin';

export interface Contestant {
  readonly pool: Pool;
  /** Called before a run of it, and what it returns after the run; neither is timed. */
  readonly enter: () => () => void;
}

/** Puts our kernels in the place of tfjs's, until what it returns is called. */
export const installed: Contestant['enter'] = () => plugin.installPoolingKernels().uninstall;

export function contestant(name: ContestantName, c: BenchCase, implementation: Implementation = 'fused'): Contestant {
  const pool = name === 'ours' ? oursFor(c, implementation) : builtinFor(c);
  return { pool, enter: name === 'installed' ? installed : () => () => {} };
}

/** A run with what comes before and after. */
export function entered({ enter }: Contestant, step: Step): Step {
  return () => {
    const leave = enter();
    try {
      return step();
    } finally {
      leave();
    }
  };
}

function ourAverageFor(c: BenchCase, implementation: Implementation): Pool {
  const pool = { 1: plugin.averagePool1d, 2: plugin.averagePool2d, 3: plugin.averagePool3d }[rankOf(c)] as (
    x: tf.Tensor,
    options: plugin.AveragePoolOptions,
  ) => tf.Tensor;
  const options: plugin.AveragePoolOptions = { ...windowOf(c), implementation };
  return (x) => pool(x, options);
}

function windowOf(c: BenchCase) {
  return { poolSize: c.window, strides: c.stride, padding: c.padding, dataFormat: c.layout ?? 'channelsLast' };
}

function builtinAverageFor(c: BenchCase, padding: 'valid' | 'same' | number): Pool {
  const { window, stride } = c;
  switch (rankOf(c)) {
    case 1:
      return (x) =>
        tf.tidy(() => tf.squeeze(tf.avgPool(tf.expandDims<tf.Tensor4D>(x, 2), [window, 1], [stride, 1], padding), [2]));
    case 2:
      return (x) => tf.avgPool(x as tf.Tensor4D, window, stride, padding);
    default:
      if (typeof padding === 'number')
        throw new Error('tf.avgPool3d takes numeric padding for cubes only: no case has it');
      return (x) => tf.avgPool3d(x as tf.Tensor5D, window, stride, padding);
  }
}

/** How {@link copyStep} copies, for the report. */
export const COPY_METHODS: Record<string, string> = {
  cpu: 'TypedArray.set of x and of y into arrays that exist',
  wasm: 'TypedArray.set of x and of y within the heap, into tensors that exist',
  webgl: 'tf.relu of x and of y (one packed texel read, one written)',
  webgpu: 'tf.relu of x and of y (one vec4 read, one written)',
  tensorflow: 'tf.relu of x and of y (one element read, one written, on all cores)',
};

/**
 * The copy floor: every byte of x is read and written once, and every byte of y. Where memory is in sight nothing is
 * allocated; elsewhere relu is the cheapest elementwise operation that no backend skips.
 */
export function copyStep(x: tf.Tensor, y: tf.Tensor): { step: Step; dispose(): void } {
  switch (tf.getBackend()) {
    case 'cpu': {
      const from = [x.dataSync<'float32'>(), y.dataSync<'float32'>()];
      const to = from.map((values) => new Float32Array(values.length).fill(1));
      return {
        step: () => {
          from.forEach((values, i) => to[i].set(values));
          return undefined;
        },
        dispose: () => {},
      };
    }
    case 'wasm': {
      const backend = tf.backend() as BackendWasm;
      const to = [tf.relu(x), tf.relu(y)];
      // Views are taken anew each time: growing the heap detaches them.
      const copy = (target: tf.Tensor, source: tf.Tensor) =>
        backend.typedArrayFromHeap(target).set(backend.typedArrayFromHeap(source));
      return {
        step: () => {
          copy(to[0], x);
          copy(to[1], y);
          return undefined;
        },
        dispose: () => tf.dispose(to),
      };
    }
    default:
      return {
        step: () => {
          tf.dispose(tf.relu(x));
          return tf.relu(y);
        },
        dispose: () => {},
      };
  }
}
