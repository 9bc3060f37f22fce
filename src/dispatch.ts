/**
 * From an operation to the code that computes it: our kernel on the current backend, or else the
 * reference path. The only caller of kernels.
 *
 * Operations give tensors in channels-last order, of any shape, and get such; here they take the shape that the kernel
 * needs, which on some backends is any.
 */
import {
  type Tensor,
  type TensorInfo,
  add,
  cast,
  engine,
  getKernel,
  reshape,
  tidy,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Divisor } from './average';
import { type PoolGeometry, canonicalXShape, canonicalYShape, columnsShape, poolGeometry } from './geometry';
import {
  AVERAGE_POOL,
  AVERAGE_SPREAD,
  COL2IM,
  GATHER_ARGMAX,
  IM2COL,
  type KernelAttrs,
  type KernelInput,
  type KernelName,
  MAX_POOL,
  MAX_POOL_ARGMAX,
  SCATTER_ARGMAX,
  TAKE,
  takesAnyShape,
} from './kernels/kernel_names';
import { REFERENCE } from './kernels/reference';
import { takeByCore } from './kernels/take_reference';
import { sameShape } from './layout';
import { type Take, takenShape } from './slices';
import { type Implementation, poolSpec } from './spec';

/** x -> y */
export function runMaxPool(x: Tensor, g: PoolGeometry): Tensor {
  return run(MAX_POOL, { x }, g)[0];
}

/** x -> [y, argmax] */
export function runMaxPoolArgmax(x: Tensor, g: PoolGeometry): [Tensor, Tensor] {
  const [y, argmax] = run(MAX_POOL_ARGMAX, { x }, g);
  return [y, argmax];
}

/** dy, argmax -> dx */
export function runScatterArgmax(dy: Tensor, argmax: Tensor, g: PoolGeometry): Tensor {
  return run(SCATTER_ARGMAX, { dy, argmax }, g)[0];
}

/** x, argmax -> y */
export function runGatherArgmax(x: Tensor, argmax: Tensor, g: PoolGeometry): Tensor {
  return run(GATHER_ARGMAX, { x, argmax }, g)[0];
}

/** x -> columns */
export function runIm2Col(x: Tensor, g: PoolGeometry, padValue: number): Tensor {
  return run(IM2COL, { x }, g, { padValue })[0];
}

/** columns -> x */
export function runCol2Im(columns: Tensor, g: PoolGeometry): Tensor {
  return run(COL2IM, { columns }, g)[0];
}

/** x -> y: averages, or sums */
export function runAveragePool(x: Tensor, g: PoolGeometry, divisor: Divisor): Tensor {
  return run(AVERAGE_POOL, { x }, g, { divisor })[0];
}

/** dy -> dx */
export function runAverageSpread(dy: Tensor, g: PoolGeometry, divisor: Divisor): Tensor {
  return run(AVERAGE_SPREAD, { dy }, g, { divisor })[0];
}

/** x -> y: slices along an axis, as `take` says */
export function runTake(x: Tensor, take: Take, implementation: Implementation): Tensor {
  // As below; and slices of nothing fail.
  if (x.size === 0) return zeros(takenShape(x.shape, take), x.dtype as 'float32');
  return tidy(TAKE, () =>
    hasKernel(TAKE, implementation) ? engine().runKernel(TAKE, { x }, take as never) : takeByCore(x, take),
  );
}

/**
 * [outer, rows, columns] -> [outer, columns, rows]. Core's transpose does not compile for int32 on
 * WebGPU; there im2col stands in, whose matrix for a window of all rows is the transpose.
 */
export function runSwap(t: Tensor, g: PoolGeometry): Tensor {
  if (t.dtype !== 'int32' || engine().backendName !== 'webgpu') return transpose(t, [0, 2, 1]);
  // The reference path computes in float32 on WebGPU, so it loses nothing by this. A cast alone would only relabel.
  if (!usesKernel(IM2COL, g)) return cast(transpose(add(cast(t, 'float32'), 0), [0, 2, 1]), 'int32');
  const [outer, rows, columns] = t.shape as [number, number, number];
  const swap = poolGeometry('transpose', poolSpec('transpose', 1, { poolSize: rows }), [outer, rows, columns]);
  return reshape(runIm2Col(reshape(t, canonicalXShape(swap)), swap, 0), [outer, columns, rows]);
}

function run(name: KernelName, inputs: Inputs, geometry: PoolGeometry, own: Partial<KernelAttrs> = {}): Tensor[] {
  const attrs: KernelAttrs = { geometry, padValue: 0, divisor: 'one', ...own };
  // Nothing to compute, and no backend agrees with another on empty buffers.
  if (geometry.batch * geometry.channels === 0) return emptyOutputs(name, inputs, geometry);
  return tidy(name, () => {
    if (!usesKernel(name, geometry)) return REFERENCE[name](canonical(inputs, geometry), attrs);
    const shaped = takesAnyShape(engine().backendName) ? inputs : canonical(inputs, geometry);
    const outputs = engine().runKernel(name, shaped, attrs as never) as TensorInfo | TensorInfo[];
    return (Array.isArray(outputs) ? outputs : [outputs]) as Tensor[];
  });
}

/** Whether a kernel of ours computes this, on the current backend. */
function usesKernel(name: KernelName, { spec }: PoolGeometry): boolean {
  return hasKernel(name, spec.implementation);
}

function hasKernel(name: string, implementation: Implementation): boolean {
  // Kernels find their backend by name, so the name must be there: `backend` initializes it.
  const backendReady = engine().backend !== undefined;
  return backendReady && implementation === 'fused' && getKernel(name, engine().backendName) != null;
}

/** A tensor in another shape, or itself. A reshape costs as much as a small kernel. Call inside a tidy. */
export function inShape(t: Tensor, shape: readonly number[]): Tensor {
  return sameShape(t.shape, shape) ? t : reshape(t, [...shape]);
}

type Inputs = Partial<Record<KernelInput, Tensor>>;

function canonical(inputs: Inputs, g: PoolGeometry): Record<string, Tensor> {
  const [xShape, yShape] = [canonicalXShape(g), canonicalYShape(g)];
  const shapes = { x: xShape, dy: yShape, argmax: yShape, columns: columnsShape(g) };
  return Object.fromEntries(
    Object.entries(inputs).map(([input, t]) => [input, inShape(t, shapes[input as KernelInput])]),
  );
}

function emptyOutputs(name: KernelName, inputs: Inputs, g: PoolGeometry): Tensor[] {
  const { dtype } = Object.values(inputs)[0];
  const empty = (shape: number[], type = dtype) => zeros(shape, type as 'float32');
  switch (name) {
    case MAX_POOL_ARGMAX:
      return [empty(canonicalYShape(g)), empty(canonicalYShape(g), 'int32')];
    case MAX_POOL:
    case GATHER_ARGMAX:
    case AVERAGE_POOL:
      return [empty(canonicalYShape(g))];
    case IM2COL:
      return [empty(columnsShape(g))];
    default:
      return [empty(canonicalXShape(g))];
  }
}
