/**
 * A case as TensorFlow.js itself computes it: tf.maxPool and tf.avgPool, their 3-D forms, tf.pool where there is dilation; and
 * tf.max and tf.mean for the whole image, as tf.layers does it. It has nothing for adaptive and Lp pooling.
 */
import {
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  avgPool,
  avgPool3d,
  expandDims,
  getBackend,
  max,
  maxPool,
  maxPool3d,
  mean,
  pad,
  pool,
  squeeze,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { alongAxis } from '../along_axis';
import type { Divisor } from '../average';
import { sameAxis } from '../geometry';
import type { GlobalPoolSpec } from '../global';
import type { PoolingKind } from '../kinds';
import type { PoolSpec } from '../spec';

/** What TensorFlow.js has for a pooling. */
export interface Builtin {
  /** As users call it. */
  readonly name: string;
  /** @throws Error where there is no way to say this to the built-in, or whatever it throws itself */
  run(x: Tensor): Tensor;
}

type Padding2D = Parameters<typeof maxPool>[3];
/** What differs between maxima and averages. */
interface Operations {
  readonly type: 'max' | 'avg';
  readonly name: string;
  readonly pool2d: typeof maxPool;
  readonly pool3d: typeof maxPool3d;
}

const MAX: Operations = { type: 'max', name: 'tf.maxPool', pool2d: maxPool, pool3d: maxPool3d };
const AVERAGE: Operations = { type: 'avg', name: 'tf.avgPool', pool2d: avgPool, pool3d: avgPool3d };

/** What TensorFlow.js has for a kind of pooling with these options, or the reason why there is nothing. */
export function builtinOf(kind: PoolingKind, spec: PoolSpec & GlobalPoolSpec): Builtin | string {
  switch (kind.builtin?.operation) {
    case 'tf.maxPool':
      return builtinMaxPooling(spec);
    case 'tf.avgPool':
      return builtinAveragePooling(spec, kind.divisor?.(spec));
    case 'tf.max':
    case 'tf.mean':
      return builtinGlobalPooling(spec, kind.builtin.operation);
    default:
      return `TensorFlow.js has no ${kind.windows.rule === 'adaptive' ? 'adaptive' : kind.label} pooling`;
  }
}

function builtinMaxPooling(spec: PoolSpec): Builtin {
  return { name: nameOf(MAX, spec), run: (x) => inChannelsLast(x, spec, (last) => windowed(MAX, last, spec)) };
}

/** Padding that counts is written out as zeros, beside which there is no other padding. */
function builtinAveragePooling(spec: PoolSpec, divisor: Divisor | undefined): Builtin | string {
  if (typeof divisor === 'number') return `${AVERAGE.name} has no divisorOverride`;
  const run = (x: Tensor) =>
    divisor === 'padded'
      ? windowed(AVERAGE, withZeros(x, spec), { ...spec, padding: 'valid' })
      : windowed(AVERAGE, x, spec);
  return { name: nameOf(AVERAGE, spec), run: (x) => inChannelsLast(x, spec, run) };
}

/** As tf.layers.globalMaxPooling and globalAveragePooling do it. */
function builtinGlobalPooling({ rank, dataFormat, keepDims }: GlobalPoolSpec, name: 'tf.max' | 'tf.mean'): Builtin {
  const first = dataFormat === 'channelsFirst' ? 2 : 1;
  const axes = Array.from({ length: rank }, (_, i) => first + i);
  const reduce = name === 'tf.max' ? max : mean;
  return { name, run: (x) => reduce(x, axes, keepDims) };
}

function nameOf({ name }: Operations, spec: PoolSpec): string {
  return spec.rank === 3 ? `${name}3d` : isDilated(spec) ? 'tf.pool' : name;
}

/** As tf.layers does it. */
function inChannelsLast(x: Tensor, { dataFormat }: PoolSpec, run: (x: Tensor) => Tensor): Tensor {
  return tidy(() => {
    if (dataFormat === 'channelsLast') return run(x);
    const axes = x.shape.map((_, i) => i);
    const y = run(transpose(x, [0, ...axes.slice(2), 1]));
    return transpose(y, [0, axes.length - 1, ...axes.slice(1, -1)]);
  });
}

function windowed(operations: Operations, x: Tensor, spec: PoolSpec): Tensor {
  switch (spec.rank) {
    // As tf.layers.maxPooling1d does it.
    case 1:
      return squeeze(pool2d(operations, expandDims(x as Tensor3D, 2), withUnitAxis(spec)), [2]);
    case 2:
      return pool2d(operations, x as Tensor4D, spec);
    case 3:
      return pool3d(operations, x as Tensor5D, spec);
  }
}

function pool2d(operations: Operations, x: Tensor4D, spec: PoolSpec): Tensor {
  const [window, strides] = [pair(spec.poolSize), pair(spec.strides)];
  const [padding, rounding] = [paddingOf(spec), roundingOf(spec)];
  if (isDilated(spec)) return pool(x, window, operations.type, padding, pair(spec.dilationRate), strides, rounding);
  if (typeof padding === 'number' && getBackend() === 'wasm') checkWidth(x.shape[2], window, strides, padding, spec);
  return operations.pool2d(x, window, strides, padding, rounding);
}

/**
 * With one number as padding, tfjs computes the output's width by the window's height and the stride along it. The wasm
 * kernel writes as many columns as there are windows: beyond the end of an output that is too narrow.
 *
 * @throws Error there, since running it would break whatever comes after it
 */
function checkWidth(
  width: number,
  [windowHeight, windowWidth]: readonly [number, number],
  [strideHeight, strideWidth]: readonly [number, number],
  padding: number,
  { ceilMode }: PoolSpec,
): void {
  const made = (width + 2 * padding - windowHeight) / strideHeight;
  const written = Math.floor((width + 2 * padding - windowWidth) / strideWidth);
  if (written > (ceilMode ? Math.ceil(made) : Math.floor(made))) {
    throw new Error('not run: on wasm it writes out of bounds, beyond an output that it computes too narrow');
  }
}

function pool3d({ name, ...operations }: Operations, x: Tensor5D, spec: PoolSpec): Tensor {
  if (isDilated(spec)) throw new Error(`${name}3d has no dilation`);
  const padding = paddingOf(spec);
  if (typeof padding === 'object') throw new Error(`${name}3d has one padding for all sides`);
  const triple = (values: readonly number[]) => [...values] as [number, number, number];
  return operations.pool3d(x, triple(spec.poolSize), triple(spec.strides), padding, roundingOf(spec));
}

/** With 'same' there is nothing to round, and tfjs takes no rounding mode. */
function roundingOf({ padding, ceilMode }: PoolSpec): 'ceil' | undefined {
  return ceilMode && padding !== 'same' ? 'ceil' : undefined;
}

/** One number where all sides have the same: the form that the built-in knows best. */
function paddingOf({ padding, ceilMode }: PoolSpec): Padding2D {
  // With a rounding mode tfjs insists on numbers.
  if (typeof padding === 'string') return padding === 'valid' && ceilMode ? 0 : padding;
  const first = padding[0]![0];
  if (padding.every((sides) => sides.every((side) => side === first))) return first;
  const sides = padding.map(([before, after]) => [before, after] as [number, number]);
  return [[0, 0], ...sides, [0, 0]] as Padding2D;
}

/** x, channels last, with its padding as zeros. */
function withZeros(x: Tensor, spec: PoolSpec): Tensor {
  if (spec.padding === 'valid') return x;
  const { padding } = spec;
  const sides = x.shape.slice(1, -1).map((input, i): [number, number] => {
    if (padding !== 'same') return [...padding[i]!];
    const [stride, span] = [spec.strides[i]!, (spec.poolSize[i]! - 1) * spec.dilationRate[i]! + 1];
    const { padBefore, padAfter } = sameAxis(input, stride, span);
    return [padBefore, padAfter];
  });
  if (x.rank < 5) return pad(x, [[0, 0], ...sides, [0, 0]]);
  // WebGPU's pad does not compile for rank 5: one axis at a time.
  const none: [number, number] = [0, 0];
  return sides.reduce((padded, side, i) => alongAxis(padded, i + 1, (x3) => pad(x3, [none, side, none])), x);
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

function isDilated({ dilationRate }: PoolSpec): boolean {
  return dilationRate.some((rate) => rate > 1);
}

function pair(values: readonly number[]): [number, number] {
  return [values[0]!, values[1]!];
}
