/** A case as TensorFlow.js itself computes it: tf.maxPool, tf.maxPool3d, and tf.pool where there is dilation. */
import {
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  expandDims,
  maxPool,
  maxPool3d,
  pool,
  squeeze,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { PoolSpec } from '../spec';

type Padding2D = Parameters<typeof maxPool>[3];

/** @throws Error where there is no way to say this to the built-in, or whatever it throws itself */
export function builtinPooling(x: Tensor, spec: PoolSpec): Tensor {
  return tidy(() => {
    if (spec.dataFormat === 'channelsLast') return channelsLast(x, spec);
    // As tf.layers does it.
    const axes = x.shape.map((_, i) => i);
    const [batch, channels, ...spatial] = axes;
    const y = channelsLast(transpose(x, [batch, ...spatial, channels]), spec);
    return transpose(y, [batch, axes.length - 1, ...axes.slice(1, -1)]);
  });
}

function channelsLast(x: Tensor, spec: PoolSpec): Tensor {
  switch (spec.rank) {
    // As tf.layers.maxPooling1d does it.
    case 1:
      return squeeze(pool2d(expandDims(x as Tensor3D, 2), withUnitAxis(spec)), [2]);
    case 2:
      return pool2d(x as Tensor4D, spec);
    case 3:
      return pool3d(x as Tensor5D, spec);
  }
}

function pool2d(x: Tensor4D, spec: PoolSpec): Tensor {
  const [window, strides] = [pair(spec.poolSize), pair(spec.strides)];
  const rounding = spec.ceilMode ? 'ceil' : undefined;
  if (spec.dilationRate.some((rate) => rate > 1)) {
    return pool(x, window, 'max', paddingOf(spec), pair(spec.dilationRate), strides, rounding);
  }
  return maxPool(x, window, strides, paddingOf(spec), rounding);
}

function pool3d(x: Tensor5D, spec: PoolSpec): Tensor {
  if (spec.dilationRate.some((rate) => rate > 1)) throw new Error('tf.maxPool3d has no dilation');
  const padding = paddingOf(spec);
  if (typeof padding === 'object') throw new Error('tf.maxPool3d has one padding for all sides');
  const triple = (values: readonly number[]) => [...values] as [number, number, number];
  return maxPool3d(x, triple(spec.poolSize), triple(spec.strides), padding, spec.ceilMode ? 'ceil' : undefined);
}

/** One number where all sides have the same: the form that the built-in knows best. */
function paddingOf({ padding, ceilMode }: PoolSpec): Padding2D {
  // With a rounding mode tfjs insists on numbers.
  if (typeof padding === 'string') return padding === 'valid' && ceilMode ? 0 : padding;
  const [[first]] = padding;
  if (padding.every((sides) => sides.every((side) => side === first))) return first;
  const sides = padding.map(([before, after]) => [before, after] as [number, number]);
  return [[0, 0], ...sides, [0, 0]] as Padding2D;
}

function withUnitAxis(spec: PoolSpec): PoolSpec {
  const padding = typeof spec.padding === 'string' ? spec.padding : [...spec.padding, [0, 0] as const];
  return {
    ...spec,
    padding,
    rank: 2,
    poolSize: [...spec.poolSize, 1],
    strides: [...spec.strides, 1],
    dilationRate: [...spec.dilationRate, 1],
  };
}

function pair(values: readonly number[]): [number, number] {
  return [values[0], values[1]];
}
