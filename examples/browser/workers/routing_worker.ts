/** The Routing part's worker: pools one small image with ours and with the built-in, forward and backward. */
import { type Tensor, type Tensor4D, dispose, grad, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { type PoolOptions, maxUnpool2d } from 'tfjs-im2col-pooling';
import { builtinPooling, failureOf } from './builtin_pooling';
import { ourPool, ourPoolWithArgmax } from './our_pooling';
import { routesOf } from './routes';
import type {
  DyChoice,
  Failure,
  PoolingCall,
  RoutingRequest,
  RoutingResult,
  RoutingWorker,
  Side,
} from './routing_protocol';
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
    const { x, height, width } = request;
    const image = tensor4d(x, [1, height, width, 1]);
    try {
      return await route(image, request);
    } finally {
      dispose(image);
    }
  },
};

async function route(x: Tensor4D, { backend, call, overlaps, dy: dyChoice }: RoutingRequest): Promise<RoutingResult> {
  const forward = tidy(() => traced(() => ourPoolWithArgmax(x, call) as unknown as Record<string, Tensor>));
  const { values, argmax } = forward.result;
  const [, outHeight, outWidth] = values.shape;
  const dy = dyOf(dyChoice, outHeight * outWidth);
  const ours = await finish(values, forward.kernels, x, dy, (t) => ourPool(t, call));
  const taps = argmax ? [...(await argmax.data())] : null;
  const unpooled = call.pooling === 'max' ? await unpool(x, call.options, forward.result, overlaps) : null;
  dispose(forward.result);
  const routes = await routesOf(x, call, taps);
  return { ...routes, backend, outHeight, outWidth, dy, ours, unpooled, builtin: await builtin(x, call, dy, ours) };
}

async function unpool(
  x: Tensor4D,
  options: PoolOptions,
  { values, argmax }: Record<string, Tensor>,
  overlaps: RoutingRequest['overlaps'],
): Promise<Float32Array> {
  const placed = maxUnpool2d(values as Tensor4D, argmax as Tensor4D, x.shape, { ...options, overlaps });
  const data = (await placed.data()) as Float32Array;
  dispose(placed);
  return data;
}

async function builtin(x: Tensor4D, call: PoolingCall, dy: Float32Array, ours: Side): Promise<Side> {
  const failed = (failure: Failure): Side => {
    return { y: null, dx: null, shape: null, failure, gradientError: failure.reason, kernels: [] };
  };
  const pooling = builtinPooling(call, x.shape);
  if ('how' in pooling) return failed(pooling);
  try {
    const { result, kernels } = traced(() => tidy(() => pooling.run(x)));
    const shape = [...result.shape];
    if (shape.join() === ours.shape!.join()) {
      const side = await finish(result, kernels, x, dy, (t) => pooling.run(t));
      dispose(result);
      return side;
    }
    const y = (await result.data()) as Float32Array;
    dispose(result);
    return { y, dx: null, shape, failure: null, gradientError: 'its output has another shape', kernels };
  } catch (error) {
    return failed(failureOf(messageOf(error)));
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
  const base = { y: values, shape: [...y.shape], failure: null };
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
