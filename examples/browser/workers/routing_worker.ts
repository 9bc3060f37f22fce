/** The Routing part's worker: pools one small image with ours and with the built-in, forward and backward. */
import { type Tensor, type Tensor4D, dispose, grad, range, reshape, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { type PoolOptions, im2col, maxPool2d, maxPoolWithArgmax2d } from 'tfjs-im2col-pooling';
import { builtinMaxPool } from './builtin_pooling';
import type { DyChoice, RoutingRequest, RoutingResult, RoutingWorker, Side } from './routing_protocol';
import { traced } from './trace';
import { describeBackends, prepareBackends, useBackend } from './use_backend';

export const routingWorker: RoutingWorker = {
  async start(base) {
    prepareBackends(base);
    await useBackend('cpu');
  },
  backends: describeBackends,
  async route(request) {
    await useBackend(request.backend);
    const { x, height, width, options } = request;
    const image = tensor4d(x, [1, height, width, 1]);
    try {
      return await route(image, options, request);
    } finally {
      dispose(image);
    }
  },
};

async function route(
  x: Tensor4D,
  options: PoolOptions,
  { backend, dy: dyChoice }: RoutingRequest,
): Promise<RoutingResult> {
  const forward = tidy(() => traced(() => maxPoolWithArgmax2d(x, options) as unknown as Record<string, Tensor4D>));
  const { values, argmax } = forward.result;
  const map = indexMap(x, options);
  const [, outHeight, outWidth] = values.shape;
  const dy = dyOf(dyChoice, outHeight * outWidth);
  const ours = await finish(values, forward.kernels, x, dy, (t) => maxPool2d(t, options));
  const result: RoutingResult = {
    backend,
    outHeight,
    outWidth,
    taps: map.shape[1]!,
    dy,
    ours,
    indexMap: minusOne(await map.data()),
    argmax: (await argmax.data()) as Int32Array,
    builtin: await builtin(x, options, dy, values.shape),
  };
  dispose([values, argmax, map]);
  return result;
}

/** im2col of the numbers 1, 2, 3, ... says which input each tap reads: 0 is padding. */
function indexMap(x: Tensor4D, options: PoolOptions): Tensor {
  return tidy(() => im2col(reshape(range(1, x.size + 1), x.shape), options));
}

function minusOne(values: ArrayLike<number>): Int32Array {
  return Int32Array.from(values, (value) => Math.round(value) - 1);
}

async function builtin(x: Tensor4D, options: PoolOptions, dy: Float32Array, ourShape: number[]): Promise<Side> {
  try {
    const { result, kernels } = traced(() => tidy(() => builtinMaxPool(x, options)));
    const shape = [...result.shape];
    if (shape.join() === ourShape.join()) {
      const side = await finish(result, kernels, x, dy, (t) => builtinMaxPool(t, options));
      dispose(result);
      return side;
    }
    const y = (await result.data()) as Float32Array;
    dispose(result);
    return { y, dx: null, shape, error: null, gradientError: 'its output has another shape', kernels };
  } catch (error) {
    const reason = messageOf(error);
    return { y: null, dx: null, shape: null, error: reason, gradientError: reason, kernels: [] };
  }
}

/** Reads y, then sends dy back through `f`. */
async function finish(
  y: Tensor,
  forwardKernels: readonly string[],
  x: Tensor4D,
  dy: Float32Array,
  f: (t: Tensor4D) => Tensor,
): Promise<Side> {
  const values = (await y.data()) as Float32Array;
  const base = { y: values, shape: [...y.shape], error: null };
  try {
    const { result, kernels } = traced(() =>
      tidy(() => grad(f as (t: Tensor) => Tensor)(x, tensor4d(dy, y.shape as [number, number, number, number]))),
    );
    const dx = (await result.data()) as Float32Array;
    dispose(result);
    return { ...base, dx, gradientError: null, kernels: [...new Set([...forwardKernels, ...kernels])] };
  } catch (error) {
    return { ...base, dx: null, gradientError: messageOf(error), kernels: forwardKernels };
  }
}

function dyOf(choice: DyChoice, size: number): Float32Array {
  const at: (index: number) => number =
    choice === 'ones'
      ? () => 1
      : choice === 'ramp'
        ? (i) => i + 1
        : choice === 'signs'
          ? (i) => (i % 2 === 0 ? 1 : -1)
          : (i) => (i === Math.min(choice.only, size - 1) ? 1 : 0);
  return Float32Array.from({ length: size }, (_, i) => at(i));
}

/** wasm throws pages of text; the first line says it. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0].slice(0, 300);
}
