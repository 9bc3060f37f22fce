/**
 * The webgl backend: shaders over packed textures, four elements a texel. Convolutions and activations
 * hand packed textures over; a tensor that comes unpacked is packed first, where that pays.
 */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { PoolGeometry } from '../../geometry';
import { sameShape } from '../../layout';
import { KERNEL_KEYS, type KernelKey, type Kernels, ROLES, SIGNATURES, kernelConfigs } from '../signatures';
import { averagePass, spreadPass } from './average';
import { col2imPass, im2colPass } from './columns';
import { maxPoolPass } from './forward';
import { gatherPass } from './gather';
import { withPlanes } from './layout';
import { lpPoolGradientPass, lpPoolPass } from './lp';
import { packed } from './program';
import { scatterPass } from './scatter';

/** On packed tensors, but for those that read unpacked ones. Outputs have the shapes that shaders see. */
const PASSES: Kernels<MathBackendWebGL> = {
  maxPool: (backend, [x], { geometry: g }) => [maxPoolPass(backend, g, x, 'values')],
  maxPoolArgmax: (backend, [x], { geometry: g }) => valuesAndArgmax(backend, g, x),
  scatterArgmax: (backend, [dy, argmax], { geometry: g, overlaps }) => [scatterPass(backend, g, dy, argmax, overlaps)],
  gatherArgmax: (backend, [x, argmax], { geometry: g }) => [gatherPass(backend, g, x, argmax)],
  im2col: (backend, [x], { geometry: g, padValue }) => [im2colPass(backend, g, x, padValue)],
  col2im: (backend, [columns], { geometry: g }) => [col2imPass(backend, g, columns)],
  averagePool: (backend, [x], { geometry: g, divisor }) => [averagePass(backend, g, x, divisor)],
  averageSpread: (backend, [dy], { geometry: g, divisor }) => [spreadPass(backend, g, dy, divisor)],
  lpPool: (backend, [x], { geometry: g, p }) => [lpPoolPass(backend, g, x, p)],
  lpPoolGradient: (backend, inputs, { geometry: g, p }) => [lpPoolGradientPass(backend, g, inputs, p)],
};

/** Kernels that read unpacked textures faster than it would be to pack them first, where windows allow it. */
const READ_UNPACKED: readonly KernelKey[] = ['maxPool', 'averagePool'];

/** Windows that do not overlap read each element once, as packing would. */
function readsOnce({ depth, height, width }: PoolGeometry): boolean {
  return [depth, height, width].every((axis) => axis.span <= axis.stride);
}

export const webglKernels: KernelConfig[] = kernelConfigs<MathBackendWebGL>(
  'webgl',
  Object.fromEntries(KERNEL_KEYS.map((key) => [key, kernelOf(key)])) as unknown as Kernels<MathBackendWebGL>,
);

type AnyKernel = (backend: MathBackendWebGL, inputs: TensorInfo[], attrs: { geometry: PoolGeometry }) => TensorInfo[];

function kernelOf(key: KernelKey): AnyKernel {
  const pass = PASSES[key] as unknown as AnyKernel;
  return (backend, given, attrs) => {
    const g = withPlanes(attrs.geometry);
    const staysUnpacked = READ_UNPACKED.includes(key) && readsOnce(g);
    const ready = given.map((tensor) => (staysUnpacked ? tensor : packed(backend, tensor)));
    const results = pass(backend, ready, { ...attrs, geometry: g });
    ready.filter((tensor, i) => tensor !== given[i]).forEach((copy) => backend.disposeIntermediateTensorInfo(copy));
    return results.map((result, i) => inShape(result, ROLES[SIGNATURES[key].outputs[i]!].users(g)));
  };
}

/** The same texture as a tensor of another shape, if that packs alike; else the tensor as it is, to be reshaped. */
function inShape(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
  const packsAlike = sameShape(tensor.shape.slice(-2), shape.slice(-2));
  return packsAlike ? { dataId: tensor.dataId, dtype: tensor.dtype, shape: [...shape] } : tensor;
}

/**
 * Walking the taps twice is faster than reading what the argmax names, up to about as many taps as this.
 * In 16 bit no integer above 2048 can be trusted to be stored exactly.
 */
const FEW_TAPS = 16;
const EXACT_IN_16_BIT = 2048;

function valuesAndArgmax(backend: MathBackendWebGL, g: PoolGeometry, x: TensorInfo): [TensorInfo, TensorInfo] {
  const argmax = maxPoolPass(backend, g, x, 'argmax');
  const canName = g.taps > FEW_TAPS && g.taps <= EXACT_IN_16_BIT;
  return [canName ? gatherPass(backend, g, x, argmax) : maxPoolPass(backend, g, x, 'values'), argmax];
}
