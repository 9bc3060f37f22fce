/**
 * KernelConfigs for a backend whose memory the host can see: what an operation needs and makes, told to
 * kernels on typed arrays.
 *
 * cpu, wasm and node differ in their {@link HostBackend} only. No tensors are made here and no backend
 * package is imported.
 */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { ARE_TAPS, type AreTapsAttrs, type PoolKernels, type Argmax, type Values } from './pool_kernels';
import {
  type AttrsOf,
  BYTE_TAPS,
  KERNEL_KEYS,
  type KernelKey,
  type OutputDtype,
  SIGNATURES,
  outputInfos,
} from './signatures';

/** The shape and dtype of an output that is still to be allocated. */
export interface OutputInfo {
  readonly shape: number[];
  readonly dtype: OutputDtype;
}

type Body = (kernels: PoolKernels, inputs: Array<Values | Argmax>, outputs: Array<Values | Argmax>) => void;

/**
 * A backend as this file needs it: allocates the outputs, gives `body` the arrays of inputs and outputs with the
 * kernels for them, and hands the outputs to the backend. They may hold garbage when `body` gets them.
 */
export type HostBackend<B> = (backend: B, inputs: TensorInfo[], outputs: OutputInfo[], body: Body) => TensorInfo[];

/** The SIMD module, the loops where there is no SIMD, an operation of TensorFlow's, or one of ours in TensorFlow. */
type Variant = PoolKernels['variant'] | 'tensorflow' | 'native';

const variants = new Map<string, Variant>();

/** Which code served the last kernel of this package on a backend. Undefined if none has run there. */
export function hostKernelVariant(backendName: string): Variant | undefined {
  return variants.get(backendName);
}

export function noteVariant(backendName: string, variant: Variant): void {
  variants.set(backendName, variant);
}

/** The kernels for one backend. `hasBytes`: an argmax that is kept for gradients is one of bytes, where that has room for its taps. */
export function hostKernels<B>(backendName: string, host: HostBackend<B>, hasBytes = false): KernelConfig[] {
  return [...KERNEL_KEYS.map((key) => kernelOf(backendName, key, host, hasBytes)), areTapsOf(backendName, host)];
}

function kernelOf<B>(backendName: string, key: KernelKey, host: HostBackend<B>, hasBytes: boolean): KernelConfig {
  const { name, inputs: roles, attributes } = SIGNATURES[key];
  // Max pooling gives the argmax where it gets an array for it.
  const method = key === 'maxPoolArgmax' ? 'maxPool' : key;
  return {
    kernelName: name,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const own = attrs as unknown as AttrsOf<KernelKey> & Record<string, unknown>;
      const { geometry } = own;
      const inBytes = hasBytes && own.kept && geometry.taps <= BYTE_TAPS;
      const given = roles.map((role) => inputs[role]!);
      const made = host(backend as B, given, outputInfos(key, geometry, given[0]!, inBytes), (kernels, ins, outs) => {
        noteVariant(backendName, kernels.variant);
        const methods = kernels as unknown as Record<typeof method, (...args: readonly unknown[]) => void>;
        const args: unknown[] = [geometry];
        for (const array of ins) args.push(array);
        for (const array of outs) args.push(array);
        for (const attribute of attributes) args.push(own[attribute]);
        methods[method](...args);
      });
      return made.length === 1 ? made[0]! : made;
    },
  };
}

/** Reads an argmax where it lies, and makes one number. */
function areTapsOf<B>(backendName: string, host: HostBackend<B>): KernelConfig {
  return {
    kernelName: ARE_TAPS,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { taps } = attrs as unknown as AreTapsAttrs;
      const flag: OutputInfo = { shape: [1], dtype: 'int32' };
      return host(backend as B, [inputs.argmax as TensorInfo], [flag], (kernels, [argmax], [result]) => {
        result![0] = Number(kernels.areTaps(argmax as Int32Array, taps));
      })[0]!;
    },
  };
}
