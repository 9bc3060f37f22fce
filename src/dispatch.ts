/**
 * From an operation to the code that computes it: our kernel on the current backend, or else the
 * reference path. The only caller of kernels.
 *
 * Operations give and get tensors of the user's shapes; here they take the shapes that the kernel needs, which on some
 * backends are any.
 */
import { type Tensor, type TensorInfo, engine, getKernel, reshape, tidy, zeros } from '@tensorflow/tfjs-core';
import type { Divisor } from './average';
import { type PoolGeometry, canonicalXShape, canonicalYShape, columnsShape } from './geometry';
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
import type { Implementation } from './spec';

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

function run(name: KernelName, inputs: Inputs, geometry: PoolGeometry, own: Partial<KernelAttrs> = {}): Tensor[] {
  const attrs: KernelAttrs = { geometry, padValue: 0, divisor: 'one', ...own };
  // Nothing to compute, and no backend agrees with another on empty buffers.
  if (geometry.batch * geometry.channels === 0) return emptyOutputs(name, inputs, geometry);
  return tidy(name, () => {
    const outputs = hasKernel(name, geometry.spec.implementation)
      ? runKernel(name, inputs, attrs)
      : REFERENCE[name](canonical(inputs, geometry), attrs);
    const shapes = outputShapes(name, geometry);
    return outputs.map((output, i) => inShape(output, shapes[i]));
  });
}

function runKernel(name: KernelName, inputs: Inputs, attrs: KernelAttrs): Tensor[] {
  const shaped = takesAnyShape(engine().backendName) ? inputs : canonical(inputs, attrs.geometry);
  const outputs = engine().runKernel(name, shaped, attrs as never) as TensorInfo | TensorInfo[];
  return (Array.isArray(outputs) ? outputs : [outputs]) as Tensor[];
}

function hasKernel(name: string, implementation: Implementation): boolean {
  // Kernels find their backend by name, so the name must be there: `backend` initializes it.
  const backendReady = engine().backend !== undefined;
  return backendReady && implementation === 'fused' && getKernel(name, engine().backendName) != null;
}

/** A tensor in another shape, or itself. A reshape costs as much as a small kernel. Call inside a tidy. */
function inShape(t: Tensor, shape: readonly number[]): Tensor {
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
  return outputShapes(name, g).map((shape, i) => zeros([...shape], (i === 0 ? dtype : 'int32') as 'float32'));
}

/** The user's shapes. */
function outputShapes(name: KernelName, g: PoolGeometry): Array<readonly number[]> {
  switch (name) {
    case MAX_POOL_ARGMAX:
      return [g.yShape, g.yShape];
    case MAX_POOL:
    case GATHER_ARGMAX:
    case AVERAGE_POOL:
      return [g.yShape];
    case IM2COL:
      return [columnsShape(g)];
    default:
      return [g.xShape];
  }
}
