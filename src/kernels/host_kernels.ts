/**
 * KernelConfigs for a backend whose memory the host can see: what an operation needs and makes, told to
 * kernels on typed arrays.
 *
 * cpu, wasm and node differ in their {@link HostBackend} only. No tensors are made here and no backend
 * package is imported.
 */
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { type PoolGeometry, columnsShape } from '../geometry';
import { type Take, takenShape } from '../slices';
import {
  AVERAGE_POOL,
  AVERAGE_SPREAD,
  COL2IM,
  GATHER_ARGMAX,
  IM2COL,
  type KernelAttrs,
  type KernelName,
  MAX_POOL,
  MAX_POOL_ARGMAX,
  SCATTER_ARGMAX,
  TAKE,
} from './kernel_names';
import type { PoolKernels, Values } from './pool_kernels';
import { takeLoop } from './take';

/** The shape and dtype of an output that is still to be allocated. */
export interface OutputInfo {
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
}

type Body = (kernels: PoolKernels, inputs: Values[], outputs: Values[]) => void;

/**
 * A backend as this file needs it: allocates the outputs, gives `body` the arrays of inputs and outputs with the
 * kernels for them, and hands the outputs to the backend. They may hold garbage when `body` gets them.
 */
export type HostBackend<B> = (backend: B, inputs: TensorInfo[], outputs: OutputInfo[], body: Body) => TensorInfo[];

type Run = (inputs: TensorInfo[], outputs: OutputInfo[], body: Body) => TensorInfo[];
type Kernel<Attrs = KernelAttrs> = (run: Run, inputs: Record<string, TensorInfo>, attrs: Attrs) => TensorInfo[];

const KERNELS: Record<KernelName, Kernel> = {
  [MAX_POOL]: (run, { x }, { geometry: g }) =>
    run([x], [yLike(g, x)], (kernels, [xs], [ys]) => kernels.maxPool(g, xs, ys)),
  [MAX_POOL_ARGMAX]: (run, { x }, { geometry: g }) =>
    run([x], [yLike(g, x), { shape: [...g.yShape], dtype: 'int32' }], (kernels, [xs], [ys, argmax]) =>
      kernels.maxPool(g, xs, ys, argmax as Int32Array),
    ),
  [SCATTER_ARGMAX]: (run, { dy, argmax }, { geometry: g }) =>
    run([dy, argmax], [xLike(g, dy)], (kernels, [dys, as], [dx]) =>
      kernels.scatterArgmax(g, dys, as as Int32Array, dx),
    ),
  [GATHER_ARGMAX]: (run, { x, argmax }, { geometry: g }) =>
    run([x, argmax], [yLike(g, x)], (kernels, [xs, as], [ys]) => kernels.gatherArgmax(g, xs, as as Int32Array, ys)),
  [IM2COL]: (run, { x }, { geometry: g, padValue }) =>
    run([x], [{ shape: columnsShape(g), dtype: dtypeOf(x) }], (kernels, [xs], [columns]) =>
      kernels.im2col(g, xs, columns, padValue),
    ),
  [COL2IM]: (run, { columns }, { geometry: g }) =>
    run([columns], [xLike(g, columns)], (kernels, [cs], [dx]) => kernels.col2im(g, cs, dx)),
  [AVERAGE_POOL]: (run, { x }, { geometry: g, divisor }) =>
    run([x], [{ shape: [...g.yShape], dtype: 'float32' }], (kernels, [xs], [ys]) =>
      kernels.averagePool(g, xs, ys as Float32Array, divisor),
    ),
  [AVERAGE_SPREAD]: (run, { dy }, { geometry: g, divisor }) =>
    run([dy], [{ shape: [...g.xShape], dtype: 'float32' }], (kernels, [dys], [dx]) =>
      kernels.averageSpread(g, dys, dx as Float32Array, divisor),
    ),
};

/** The same loops whatever the kernels are: there is nothing to it but copies, and a few sums. */
const take: Kernel<Take> = (run, { x }, attrs) =>
  run([x], [{ shape: takenShape(x.shape, attrs), dtype: dtypeOf(x) }], (_, [xs], [ys]) =>
    takeLoop(attrs, x.shape, xs, ys),
  );

/** The SIMD module, the loops where there is no SIMD, or an operation of TensorFlow's. */
type Variant = PoolKernels['variant'] | 'tensorflow';

const variants = new Map<string, Variant>();

/** Which code served the last kernel of this package on a backend. Undefined if none has run there. */
export function hostKernelVariant(backendName: string): Variant | undefined {
  return variants.get(backendName);
}

export function noteVariant(backendName: string, variant: Variant): void {
  variants.set(backendName, variant);
}

/** The kernels for one backend. */
export function hostKernels<B>(backendName: string, host: HostBackend<B>): KernelConfig[] {
  const config = <Attrs>(kernelName: string, kernel: Kernel<Attrs>): KernelConfig => {
    const kernelFunc = ({ inputs, attrs, backend }: Parameters<KernelFunc>[0]) => {
      const run: Run = (ins, outs, body) =>
        host(backend as B, ins, outs, (kernels, ...arrays) => {
          noteVariant(backendName, kernels.variant);
          body(kernels, ...arrays);
        });
      const outputs = kernel(run, inputs as Record<string, TensorInfo>, attrs as unknown as Attrs);
      return outputs.length === 1 ? outputs[0] : outputs;
    };
    return { kernelName, backendName, kernelFunc };
  };
  return [...(Object.keys(KERNELS) as KernelName[]).map((name) => config(name, KERNELS[name])), config(TAKE, take)];
}

function yLike(g: PoolGeometry, tensor: TensorInfo): OutputInfo {
  return { shape: [...g.yShape], dtype: dtypeOf(tensor) };
}

function xLike(g: PoolGeometry, tensor: TensorInfo): OutputInfo {
  return { shape: [...g.xShape], dtype: dtypeOf(tensor) };
}

function dtypeOf(tensor: TensorInfo): 'float32' | 'int32' {
  return tensor.dtype === 'int32' ? 'int32' : 'float32';
}
