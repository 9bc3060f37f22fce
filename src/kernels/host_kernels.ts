/**
 * KernelConfigs for a backend whose memory the host can see: what an operation needs and makes, told to
 * kernels on typed arrays.
 *
 * cpu, wasm and node differ in their {@link HostBackend} only. No tensors are made here and no backend
 * package is imported.
 */
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { type PoolGeometry, canonicalXShape, canonicalYShape, columnsShape } from '../geometry';
import {
  COL2IM, GATHER_ARGMAX, IM2COL, type KernelAttrs, type KernelName, MAX_POOL, MAX_POOL_ARGMAX, SCATTER_ARGMAX,
} from './kernel_names';
import type { PoolKernels, Values } from './pool_kernels';

/** The shape and dtype of an output that is still to be allocated. */
export interface OutputInfo {
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
}

type Body = (inputs: Values[], outputs: Values[]) => void;

/** A backend as this file needs it. */
export interface HostBackend<B> {
  /** The kernels for arrays of this backend. */
  kernels(backend: B): PoolKernels;
  /**
   * Allocates the outputs, lets `body` fill them from the inputs, and hands them to the backend.
   * Outputs may hold garbage when `body` gets them.
   */
  run(backend: B, inputs: TensorInfo[], outputs: OutputInfo[], body: Body): TensorInfo[];
}

type Kernel = (run: Run, kernels: PoolKernels, inputs: Record<string, TensorInfo>, attrs: KernelAttrs) => TensorInfo[];
type Run = (inputs: TensorInfo[], outputs: OutputInfo[], body: Body) => TensorInfo[];

const KERNELS: Record<KernelName, Kernel> = {
  [MAX_POOL]: (run, kernels, { x }, { geometry: g }) =>
    run([x], [yLike(g, x)], ([xs], [ys]) => kernels.maxPool(g, xs, ys)),
  [MAX_POOL_ARGMAX]: (run, kernels, { x }, { geometry: g }) =>
    run([x], [yLike(g, x), { shape: canonicalYShape(g), dtype: 'int32' }],
      ([xs], [ys, argmax]) => kernels.maxPool(g, xs, ys, argmax as Int32Array)),
  [SCATTER_ARGMAX]: (run, kernels, { dy, argmax }, { geometry: g }) =>
    run([dy, argmax], [xLike(g, dy)], ([dys, as], [dx]) => kernels.scatterArgmax(g, dys, as as Int32Array, dx)),
  [GATHER_ARGMAX]: (run, kernels, { x, argmax }, { geometry: g }) =>
    run([x, argmax], [yLike(g, x)], ([xs, as], [ys]) => kernels.gatherArgmax(g, xs, as as Int32Array, ys)),
  [IM2COL]: (run, kernels, { x }, { geometry: g, padValue }) =>
    run([x], [{ shape: columnsShape(g), dtype: dtypeOf(x) }],
      ([xs], [columns]) => kernels.im2col(g, xs, columns, padValue)),
  [COL2IM]: (run, kernels, { columns }, { geometry: g }) =>
    run([columns], [xLike(g, columns)], ([cs], [dx]) => kernels.col2im(g, cs, dx)),
};

const variants = new Map<string, PoolKernels['variant']>();

/**
 * Which code served the last kernel of this package on a backend: the SIMD module, or the loops where there is
 * no SIMD. Undefined if none has run there.
 */
export function hostKernelVariant(backendName: string): PoolKernels['variant'] | undefined {
  return variants.get(backendName);
}

/** The six kernels for one backend. */
export function hostKernels<B>(backendName: string, host: HostBackend<B>): KernelConfig[] {
  return (Object.keys(KERNELS) as KernelName[]).map((kernelName) => {
    const kernelFunc = ({ inputs, attrs, backend }: Parameters<KernelFunc>[0]) => {
      const kernels = host.kernels(backend as B);
      variants.set(backendName, kernels.variant);
      const run: Run = (ins, outs, body) => host.run(backend as B, ins, outs, body);
      const outputs =
        KERNELS[kernelName](run, kernels, inputs as Record<string, TensorInfo>, attrs as unknown as KernelAttrs);
      return outputs.length === 1 ? outputs[0] : outputs;
    };
    return { kernelName, backendName, kernelFunc };
  });
}

function yLike(g: PoolGeometry, tensor: TensorInfo): OutputInfo {
  return { shape: canonicalYShape(g), dtype: dtypeOf(tensor) };
}

function xLike(g: PoolGeometry, tensor: TensorInfo): OutputInfo {
  return { shape: canonicalXShape(g), dtype: dtypeOf(tensor) };
}

function dtypeOf(tensor: TensorInfo): 'float32' | 'int32' {
  return tensor.dtype === 'int32' ? 'int32' : 'float32';
}
