/**
 * The webgl backend: shaders over packed textures, four elements a texel. Convolutions and activations
 * hand packed textures over; a tensor that comes unpacked is packed first, where that pays.
 */
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { type PoolGeometry, canonicalXShape, canonicalYShape, columnsShape } from '../../geometry';
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
} from '../kernel_names';
import { averagePass, spreadPasses } from './average';
import { col2imPass, im2colPass } from './columns';
import { maxPoolPass } from './forward';
import { gatherPass } from './gather';
import { packed } from './program';
import { scatterPass } from './scatter';
import { span } from './windows_of';

/** A kernel on packed tensors. */
interface Definition {
  inputs: readonly string[];
  /** The shape of every output, as the dispatch wants it; shaders see fewer axes. */
  outputShape: (g: PoolGeometry) => number[];
  /** Whether it reads unpacked textures faster than it would be to pack them first. */
  readsUnpacked?: (g: PoolGeometry) => boolean;
  run: (backend: MathBackendWebGL, g: PoolGeometry, inputs: TensorInfo[], attrs: KernelAttrs) => TensorInfo[];
}

const KERNELS: Record<KernelName, Definition> = {
  [MAX_POOL]: {
    inputs: ['x'],
    outputShape: canonicalYShape,
    readsUnpacked: readsOnce,
    run: (backend, g, [x]) => [maxPoolPass(backend, g, x, 'values')],
  },
  [MAX_POOL_ARGMAX]: {
    inputs: ['x'],
    outputShape: canonicalYShape,
    run: (backend, g, [x]) => valuesAndArgmax(backend, g, x),
  },
  [SCATTER_ARGMAX]: {
    inputs: ['dy', 'argmax'],
    outputShape: canonicalXShape,
    run: (backend, g, [dy, argmax]) => [scatterPass(backend, g, dy, argmax)],
  },
  [GATHER_ARGMAX]: {
    inputs: ['x', 'argmax'],
    outputShape: canonicalYShape,
    run: (backend, g, [x, argmax]) => [gatherPass(backend, g, x, argmax)],
  },
  [IM2COL]: {
    inputs: ['x'],
    outputShape: columnsShape,
    run: (backend, g, [x], { padValue }) => [im2colPass(backend, g, x, padValue)],
  },
  [COL2IM]: {
    inputs: ['columns'],
    outputShape: canonicalXShape,
    run: (backend, g, [columns]) => [col2imPass(backend, g, columns)],
  },
  [AVERAGE_POOL]: {
    inputs: ['x'],
    outputShape: canonicalYShape,
    readsUnpacked: readsOnce,
    run: (backend, g, [x], { divisor }) => [averagePass(backend, g, x, divisor)],
  },
  [AVERAGE_SPREAD]: {
    inputs: ['dy'],
    outputShape: canonicalXShape,
    run: (backend, g, [dy], { divisor }) => [spreadPasses(backend, g, dy, divisor)],
  },
};

/** Windows that do not overlap read each element once, as packing would. */
function readsOnce({ depth, height, width }: PoolGeometry): boolean {
  return [depth, height, width].every((axis) => span(axis) <= axis.stride);
}

export const webglKernels: KernelConfig[] = (Object.keys(KERNELS) as KernelName[]).map((kernelName) => ({
  kernelName,
  backendName: 'webgl',
  kernelFunc: kernelFunc(KERNELS[kernelName]),
}));

function kernelFunc({ inputs, outputShape, readsUnpacked, run }: Definition): KernelFunc {
  return (call) => {
    const backend = call.backend as MathBackendWebGL;
    const attrs = call.attrs as unknown as KernelAttrs;
    const g = attrs.geometry;
    const given = inputs.map((name) => (call.inputs as Record<string, TensorInfo>)[name]);
    const ready = given.map((tensor) => (readsUnpacked?.(g) ? tensor : packed(backend, tensor)));
    const results = run(backend, g, ready, attrs);
    ready.filter((tensor, i) => tensor !== given[i]).forEach((copy) => backend.disposeIntermediateTensorInfo(copy));
    const outputs = results.map(({ dataId, dtype }) => ({ dataId, dtype, shape: outputShape(g) }));
    return outputs.length === 1 ? outputs[0] : outputs;
  };
}

/**
 * Walking the taps twice is faster than reading what the argmax names, up to about as many taps as this.
 * In 16 bit no integer above 2048 can be trusted to be stored exactly.
 */
const FEW_TAPS = 16;
const EXACT_IN_16_BIT = 2048;

function valuesAndArgmax(backend: MathBackendWebGL, g: PoolGeometry, x: TensorInfo): TensorInfo[] {
  const argmax = maxPoolPass(backend, g, x, 'argmax');
  const canName = g.taps > FEW_TAPS && g.taps <= EXACT_IN_16_BIT;
  return [canName ? gatherPass(backend, g, x, argmax) : maxPoolPass(backend, g, x, 'values'), argmax];
}
