/**
 * KernelConfigs for a backend whose memory the host can see: the loops, told where values lie.
 *
 * cpu, wasm and node differ in one function only, {@link HostMemory}. No tensors are made here and
 * no backend package is imported.
 */
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { type PoolGeometry, canonicalXShape, canonicalYShape, columnsShape } from '../geometry';
import {
  COL2IM, GATHER_ARGMAX, IM2COL, type KernelAttrs, type KernelName, MAX_POOL, MAX_POOL_ARGMAX, SCATTER_ARGMAX,
} from './kernel_names';
import {
  type Values, col2imLoop, gatherArgmaxLoop, im2colLoop, maxPoolLoop, scatterArgmaxLoop,
} from './loops';

/** The shape and dtype of an output that is still to be allocated. */
export interface OutputInfo {
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
}

/**
 * Allocates the outputs, lets `body` fill them from the inputs, and hands them to the backend.
 * Outputs may hold garbage when `body` gets them.
 */
export type HostMemory<B> = (
  backend: B, inputs: TensorInfo[], outputs: OutputInfo[], body: (inputs: Values[], outputs: Values[]) => void,
) => TensorInfo[];

type Kernel = (run: Run, inputs: Record<string, TensorInfo>, attrs: KernelAttrs) => TensorInfo[];
type Run = (inputs: TensorInfo[], outputs: OutputInfo[], body: (inputs: Values[], outputs: Values[]) => void) =>
  TensorInfo[];

const KERNELS: Record<KernelName, Kernel> = {
  [MAX_POOL]: (run, { x }, { geometry: g }) =>
    run([x], [yLike(g, x)], ([xs], [ys]) => maxPoolLoop(g, xs, ys)),
  [MAX_POOL_ARGMAX]: (run, { x }, { geometry: g }) =>
    run([x], [yLike(g, x), { shape: canonicalYShape(g), dtype: 'int32' }],
      ([xs], [ys, argmax]) => maxPoolLoop(g, xs, ys, argmax as Int32Array)),
  [SCATTER_ARGMAX]: (run, { dy, argmax }, { geometry: g }) =>
    run([dy, argmax], [xLike(g, dy)], ([dys, as], [dx]) => scatterArgmaxLoop(g, dys, as as Int32Array, dx)),
  [GATHER_ARGMAX]: (run, { x, argmax }, { geometry: g }) =>
    run([x, argmax], [yLike(g, x)], ([xs, as], [ys]) => gatherArgmaxLoop(g, xs, as as Int32Array, ys)),
  [IM2COL]: (run, { x }, { geometry: g, padValue }) =>
    run([x], [{ shape: columnsShape(g), dtype: dtypeOf(x) }], ([xs], [columns]) => im2colLoop(g, xs, columns, padValue)),
  [COL2IM]: (run, { columns }, { geometry: g }) =>
    run([columns], [xLike(g, columns)], ([cs], [dx]) => col2imLoop(g, cs, dx)),
};

/** The six kernels for one backend. */
export function hostKernels<B>(backendName: string, memory: HostMemory<B>): KernelConfig[] {
  return (Object.keys(KERNELS) as KernelName[]).map((kernelName) => {
    const kernelFunc = ({ inputs, attrs, backend }: Parameters<KernelFunc>[0]) => {
      const run: Run = (ins, outs, body) => memory(backend as B, ins, outs, body);
      const outputs = KERNELS[kernelName](run, inputs as Record<string, TensorInfo>, attrs as unknown as KernelAttrs);
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
