/**
 * The node backend (tfjs-node): native kernels, as operations in TensorFlow, where the native module loads and proves right.
 *
 * Where it does not, TensorFlow's own averages serve where they are ours, and else the SIMD module, on copies that TensorFlow
 * makes. Where these are not to be had, and for tensors too large or small, `readSync` and `write` serve.
 *
 * TensorFlow's own max pooling cannot stand in: it takes denormal numbers for zero, loses NaN, and makes -3.4e38 of
 * -Infinity. Read as int32, the bits of an x proved free of negative numbers would be pooled rightly, but the proof (one
 * more pass) and that pooling take from .7 to 2.2 times as long as the copies do (test/bench/README.md).
 */
import type { KernelConfig, KernelFunc, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../layout';
import { readWriteBackend } from './cpu';
import { type HostBackend, type OutputInfo, hostKernels, noteVariant } from './host_kernels';
import { type AttrsOf, type KernelKey, SIGNATURES } from './signatures';
import { Scratch } from './simd/scratch';
import { averageByTensorFlow, spreadByTensorFlow } from './tensorflow/average';
import { copyIn, copyOf } from './tensorflow/copies';
import { type NativeAttributes, type NativeKey, isNativeKey, runNative } from './tensorflow/native';
import { nativeServes } from './tensorflow/native_proof';
import { restoreIsNullOrUndefined } from './tensorflow/node_util';
import { type NodeBackend, hasSessions, inSession } from './tensorflow/session';

/** A memory grows to what the largest pooling needed, up to this, and stays. */
const KEPT_BYTES = 2 ** 28;
/** A second one grows up to this, and stays until the garbage collector takes it. */
const MAX_BYTES = 2 ** 31;

/**
 * So few elements, of inputs and outputs together, are read into fresh arrays in less time than the operations take that
 * copy without a fresh array: two calls into the binding in place of a dozen.
 */
const FEW_ELEMENTS = 2 ** 17;

/**
 * Poolings of more elements than `few` run on memories of their own: those whose inputs and outputs fit into `keptBytes` on one
 * that stays, those that fit into `maxBytes` on one that does not.
 */
export function nodeHost(keptBytes: number, maxBytes: number, few = FEW_ELEMENTS): HostBackend<NodeBackend> {
  let kept: Scratch | null | undefined;
  let large: WeakRef<Scratch> | undefined;
  const makeLarge = () => {
    const made = Scratch.make(maxBytes);
    large = made && new WeakRef(made);
    return made;
  };
  return (backend, inputs, outputs, body) => {
    const infos = [...inputs, ...outputs];
    if (infos.reduce((sum, { shape }) => sum + sizeOf(shape), 0) <= few) {
      return readWriteBackend(backend, inputs, outputs, body);
    }
    kept ??= makeScratch(backend, keptBytes);
    const lengths = infos.map(({ shape }) => sizeOf(shape));
    const dtypes = infos.map(dtypeOf);
    let scratch = kept ?? undefined;
    let arrays = scratch?.arrays(lengths, dtypes);
    if (scratch && !arrays) {
      scratch = large?.deref() ?? makeLarge();
      arrays = scratch?.arrays(lengths, dtypes);
    }
    if (!scratch || !arrays) return readWriteBackend(backend, inputs, outputs, body);
    const { kernels } = scratch;
    return inSession(backend, (session) => {
      inputs.forEach((info, i) => copyIn(session, info, arrays[i]!));
      const results = arrays.slice(inputs.length);
      body(kernels, arrays.slice(0, inputs.length), results);
      const copies = outputs.map((info, i) => copyOf(session, results[i]!, info.shape));
      return copies.map((copy, i) => session.give(copy, outputs[i]!.shape));
    });
  };
}

/** Null where copies don't arrive (on a GPU, say), or where there is no SIMD. */
function makeScratch(backend: NodeBackend, maxBytes: number): Scratch | null {
  const made = hasSessions(backend) ? Scratch.make(maxBytes) : undefined;
  const [array] = made?.arrays([2], ['float32']) ?? [];
  if (!made || !array) return null;
  const dataId = backend.write(Float32Array.of(1, 2), [2], 'float32');
  try {
    array.fill(0);
    return inSession(backend, (session) => {
      copyIn(session, { dataId, shape: [2], dtype: 'float32' }, array);
      const back = session.read(copyOf(session, array, [2]));
      return [...array, ...back].join() === '1,2,1,2' ? made : null;
    });
  } catch {
    return null;
  } finally {
    backend.disposeData(dataId);
  }
}

function dtypeOf({ dtype }: TensorInfo | OutputInfo): 'float32' | 'int32' {
  return dtype === 'int32' ? 'int32' : 'float32';
}

const BACKEND = 'tensorflow';

type ByTensorFlow = (
  backend: NodeBackend,
  inputs: NamedTensorInfoMap,
  attrs: AttrsOf<'averagePool'>,
) => TensorInfo | undefined;

const BY_TENSORFLOW: Partial<Record<KernelKey, ByTensorFlow>> = {
  averagePool: (backend, { x }, { geometry: g, divisor }) => averageByTensorFlow(backend, x!, g, divisor, g.yShape),
  averageSpread: (backend, { dy }, { geometry: g, divisor }) => spreadByTensorFlow(backend, dy!, g, divisor, g.xShape),
};

function tensorFlowFirst(byTensorFlow: ByTensorFlow, copying: KernelFunc): KernelFunc {
  return (params) => {
    const { inputs, attrs, backend } = params;
    const output = byTensorFlow(backend as NodeBackend, inputs, attrs as unknown as AttrsOf<'averagePool'>);
    if (!output) return copying(params);
    noteVariant(BACKEND, 'tensorflow');
    return output;
  };
}

/** Those of any native kernel. */
type NativeAttrs = AttrsOf<'maxPool'> & NativeAttributes & Partial<AttrsOf<'scatterArgmax'>>;

function nativeFirst(key: NativeKey, otherwise: KernelFunc): KernelFunc {
  return (params) => {
    const { inputs, attrs } = params;
    const backend = params.backend as NodeBackend;
    const { geometry, overlaps, ...rest } = attrs as unknown as NativeAttrs;
    const given = SIGNATURES[key].inputs.map((role) => inputs[role] as TensorInfo);
    // Native kernels add up where windows overlap.
    const serves = overlaps !== 'write' && nativeServes(backend);
    const outputs = serves ? runNative(backend, key, given, geometry, rest) : undefined;
    if (!outputs) return otherwise(params);
    noteVariant(BACKEND, 'native');
    return outputs.length === 1 ? outputs[0]! : outputs;
  };
}

export const nodeKernels: KernelConfig[] = hostKernels(BACKEND, nodeHost(KEPT_BYTES, MAX_BYTES)).map((config) => {
  const key = (Object.keys(SIGNATURES) as KernelKey[]).find((each) => SIGNATURES[each].name === config.kernelName);
  const byTensorFlow = key && BY_TENSORFLOW[key];
  const otherwise = byTensorFlow ? tensorFlowFirst(byTensorFlow, config.kernelFunc) : config.kernelFunc;
  const kernelFunc = key && isNativeKey(key) ? nativeFirst(key, otherwise) : otherwise;
  return { ...config, kernelFunc, setupFunc: restoreIsNullOrUndefined };
});
