/**
 * The kernels of this package, one entry each: its name in tfjs's registry, its inputs, outputs and attributes. The
 * dispatch calls them by this table, or the reference path where a backend has none; a backend's file implements them all.
 *
 * A role says the shape (see {@link ROLES}). A kernel gets tensors of the user's shapes and may give any, as long as the
 * elements are in the order of [batch, depth, height, width, channels], as the geometry has it. Columns are the im2col
 * matrix, [batch * ...out, channels * taps].
 */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { Divisor } from '../average';
import type { Overlaps } from '../spec';
import { type PoolGeometry, canonicalXShape, canonicalYShape, columnsShape } from '../geometry';

export const SIGNATURES = {
  /** Values alone, for when no gradient is recorded. */
  maxPool: { name: 'Im2ColMaxPool', inputs: ['x'], outputs: ['y'], attributes: [] },
  maxPoolArgmax: { name: 'Im2ColMaxPoolArgmax', inputs: ['x'], outputs: ['y', 'argmax'], attributes: ['kept'] },
  /** In row-major order of the outputs, overlaps add up, or each writes over those before. */
  scatterArgmax: { name: 'Im2ColScatterArgmax', inputs: ['dy', 'argmax'], outputs: ['dx'], attributes: ['overlaps'] },
  /** The adjoint of scatterArgmax that adds up. */
  gatherArgmax: { name: 'Im2ColGatherArgmax', inputs: ['x', 'argmax'], outputs: ['y'], attributes: [] },
  /** Padding reads as padValue. */
  im2col: { name: 'Im2ColColumns', inputs: ['x'], outputs: ['columns'], attributes: ['padValue'] },
  /** The adjoint of im2col: overlaps add up in row-major order of the outputs. */
  col2im: { name: 'Im2ColImage', inputs: ['columns'], outputs: ['dx'], attributes: [] },
  /** The sum of each window in row-major tap order, over its divisor. float32 alone. */
  averagePool: { name: 'Im2ColAveragePool', inputs: ['x'], outputs: ['y'], attributes: ['divisor'] },
  /** The adjoint of averagePool: each gradient over its divisor, added to all of its window, in row-major order. */
  averageSpread: { name: 'Im2ColAverageSpread', inputs: ['dy'], outputs: ['dx'], attributes: ['divisor'] },
  /** The p-norm of each window, as ops/lp_pool.ts has it. float32 alone; p is neither 1 nor Infinity. */
  lpPool: { name: 'Im2ColLpPool', inputs: ['x'], outputs: ['y'], attributes: ['p'] },
  /** `dy * (x / y)^(p - 1)`, or 0 where y is 0, added up in row-major order of the outputs. */
  lpPoolGradient: { name: 'Im2ColLpPoolGradient', inputs: ['x', 'y', 'dy'], outputs: ['dx'], attributes: ['p'] },
} as const satisfies Record<string, Signature>;

/** What an input or output stands for. */
type Role = 'x' | 'dx' | 'y' | 'dy' | 'argmax' | 'columns';

/** The types of all attributes. `nan` and `implementation` are in `geometry.spec`. */
interface Attributes {
  readonly padValue: number;
  readonly divisor: Divisor;
  readonly p: number;
  readonly overlaps: Overlaps;
  /** Whether only gradients get the argmax: where there are {@link BYTE_TAPS} or fewer, a backend may then give it in bytes, as 'bool'. */
  readonly kept: boolean;
}

/** So many taps have numbers of one byte. */
export const BYTE_TAPS = 256;

/** What a kernel gives. 'bool' has a byte for each element: tap numbers. */
export type OutputDtype = 'float32' | 'int32' | 'bool';

interface Signature {
  readonly name: string;
  readonly inputs: readonly Role[];
  readonly outputs: readonly Role[];
  /** Those of its own; all have the geometry. */
  readonly attributes: readonly (keyof Attributes)[];
}

type Signatures = typeof SIGNATURES;
export type KernelKey = keyof Signatures;
type ListOf<Roles extends readonly Role[], T> = { readonly [I in keyof Roles]: T };
export type InputsOf<K extends KernelKey, T> = ListOf<Signatures[K]['inputs'], T>;
export type OutputsOf<K extends KernelKey, T> = ListOf<Signatures[K]['outputs'], T>;
export type AttrsOf<K extends KernelKey> = { readonly geometry: PoolGeometry } & Pick<
  Attributes,
  Signatures[K]['attributes'][number]
>;

/** An implementation of each kernel. */
export type Kernels<Backend> = {
  readonly [K in KernelKey]: (
    backend: Backend,
    inputs: InputsOf<K, TensorInfo>,
    attrs: AttrsOf<K>,
  ) => OutputsOf<K, TensorInfo>;
};

/** The user's shape of a role, and the shape of rank 5 that says what the axes are. */
interface RoleShapes {
  readonly users: (g: PoolGeometry) => readonly number[];
  readonly canonical: (g: PoolGeometry) => readonly number[];
}

const X: RoleShapes = { users: (g) => g.xShape, canonical: canonicalXShape };
const Y: RoleShapes = { users: (g) => g.yShape, canonical: canonicalYShape };
export const ROLES: Readonly<Record<Role, RoleShapes>> = {
  x: X,
  dx: X,
  y: Y,
  dy: Y,
  argmax: Y,
  columns: { users: columnsShape, canonical: columnsShape },
};

export const KERNEL_KEYS = Object.keys(SIGNATURES) as KernelKey[];

/** The shapes and dtypes of a kernel's outputs: that of its first input, but for the argmax. `inBytes`: what that one has. */
export function outputInfos(
  key: KernelKey,
  g: PoolGeometry,
  { dtype }: { readonly dtype: string },
  inBytes = false,
): Array<{ readonly shape: number[]; readonly dtype: OutputDtype }> {
  return SIGNATURES[key].outputs.map((role) => ({
    shape: [...ROLES[role].users(g)],
    dtype: role === 'argmax' ? (inBytes ? 'bool' : 'int32') : dtype === 'int32' ? 'int32' : 'float32',
  }));
}

/** All kernels as tfjs registers them. */
export function kernelConfigs<Backend>(backendName: string, kernels: Kernels<Backend>): KernelConfig[] {
  return KERNEL_KEYS.map((key) => {
    const { name, inputs: roles } = SIGNATURES[key];
    return {
      kernelName: name,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const infos = roles.map((role) => inputs[role]!);
        const outputs = kernels[key](backend as Backend, infos as never, attrs as never) as readonly TensorInfo[];
        return outputs.length === 1 ? outputs[0]! : [...outputs];
      },
    };
  });
}
