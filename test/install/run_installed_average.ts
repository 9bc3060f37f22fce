/** Runs tf.avgPool and tf.avgPool3d on the current backend while our kernels are installed; see run_installed.ts. */
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
import { type InstalledCase, type InstalledResult, isSame, registryOf } from './run_installed';

export type InstalledAverage = Pick<
  InstalledResult,
  'y' | 'dx' | 'ddx' | 'kept' | 'kernels' | 'leaked' | 'restored'
> & {
  /** The same dx, by calling tfjs's gradient kernel by name; it is not told of rounding. */
  dxOfKernel: PlainTensor;
};

export async function runInstalledAverage(tf: Tf, plugin: typeof Plugin, c: InstalledCase): Promise<InstalledAverage> {
  const before = registryOf(tf);
  const { uninstall } = plugin.installPoolingKernels();
  try {
    const leaks = leakCounter(tf);
    const [x, dy] = [fromPlain(tf, c.x), fromPlain(tf, c.dy)];
    const pool = averageOf(tf, c);
    const [results, kernels] = traceKernels(tf, () => ({
      y: pool(x),
      dx: tf.grad(pool)(x, dy),
      dxOfKernel: gradientKernel(tf, c, x, dy),
      ...(x.size * dy.size > 0 ? { ddx: secondDerivative(tf, pool, x, dy) } : {}),
    }));
    const plain = {} as Record<'y' | 'dx' | 'ddx' | 'dxOfKernel', PlainTensor>;
    for (const [key, tensor] of Object.entries(results)) plain[key as 'y'] = await toPlain(tensor);
    const kept = x.size * dy.size > 0 ? keptBytes(pool, x) : undefined;
    tf.dispose([x, dy, ...Object.values(results)]);
    const leaked = leaks();
    uninstall();
    return { ...plain, kept, kernels, leaked, restored: isSame(before, registryOf(tf)) };
  } finally {
    uninstall();
  }
}

/** The average itself, with whatever is installed. */
function averageOf(
  tf: Tf,
  { rank, filterSize, strides, pad, dimRoundingMode }: InstalledCase,
): (x: TfCore.Tensor) => TfCore.Tensor {
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
