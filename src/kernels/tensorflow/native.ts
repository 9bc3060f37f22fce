/**
 * The native kernels: operations of our own in TensorFlow, which the module of ../native registers at run time. They read
 * and write TensorFlow's tensors where these lie, on all cores.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Divisor } from '../../average';
import { type PoolGeometry, hasFitted } from '../../geometry';
import { isLowPower } from '../lp_loops';
import type { KernelKey } from '../signatures';
import { geometryText } from './native_attribute';
import type { NodeBackend } from './session';

/** The number changes whenever what operations get or give does, as in operations.c. */
const PREFIX = 'TfjsIm2ColPooling2';

/** The names of operations, but for p and the type at their end; and how many outputs they have. */
const OPERATIONS = {
  maxPool: ['MaxPool', 1],
  maxPoolArgmax: ['MaxPoolArgmax', 2],
  scatterArgmax: ['ScatterArgmax', 1],
  gatherArgmax: ['GatherArgmax', 1],
  averagePool: ['AveragePool', 1],
  averageSpread: ['AverageSpread', 1],
  lpPool: ['LpPool', 1],
  lpPoolGradient: ['LpPoolGradient', 1],
} as const satisfies Partial<Record<KernelKey, readonly [string, number]>>;

export type NativeKey = keyof typeof OPERATIONS;
export const NATIVE_KEYS = Object.keys(OPERATIONS) as NativeKey[];

export function isNativeKey(key: KernelKey): key is NativeKey {
  return key in OPERATIONS;
}

/** The attributes of kernels that native ones heed. */
export interface NativeAttributes {
  readonly divisor?: Divisor;
  readonly p?: number | undefined;
}

/** An operation as the binding runs it: `ids` are those of its inputs. */
export interface NativeCall {
  readonly key: NativeKey;
  readonly isFloat: boolean;
  readonly geometry: string;
  /** The exponent of norms: 2 or 3. */
  readonly p?: number | undefined;
  readonly ids: number[];
}

/** The binding's number for text as an attribute: each read of it crosses into native code. */
const textTypes = new WeakMap<NodeBackend['binding'], number>();

export function callNative({ binding }: NodeBackend, { key, isFloat, geometry, p, ids }: NativeCall) {
  let type = textTypes.get(binding);
  if (type === undefined) textTypes.set(binding, (type = binding.TF_ATTR_STRING));
  const [name, outputs] = OPERATIONS[key];
  const attribute = { name: 'geometry', type, value: geometry };
  return binding.executeOp(`${PREFIX}${name}${p ?? ''}${isFloat ? 'Float' : 'Int'}`, [attribute], ids, outputs);
}

/** Over wider windows of one channel that are fitted, the SIMD module is faster, copies and all: up to four times, of averages. */
const WIDEST_FITTED = 128;

function isTooWide(g: PoolGeometry): boolean {
  return g.channels === 1 && g.width.window > WIDEST_FITTED && hasFitted(g);
}

/** The outputs of a kernel; undefined for what native kernels leave to others. */
export function runNative(
  backend: NodeBackend,
  key: NativeKey,
  inputs: readonly TensorInfo[],
  g: PoolGeometry,
  { divisor, p }: NativeAttributes,
): TensorInfo[] | undefined {
  const geometry = isTooWide(g) ? undefined : geometryText(g, divisor);
  const [{ dtype }, second] = inputs as [TensorInfo, TensorInfo?];
  const isFloat = dtype === 'float32';
  if (geometry === undefined || !(isFloat || (dtype === 'int32' && !divisor && !p))) return undefined;
  if (p !== undefined) {
    if (!isLowPower(p) || hasFitted(g) || inputs.some((input) => input.dtype !== 'float32')) return undefined;
  } else if (second && second.dtype !== 'int32') return undefined;
  const ids = backend.getInputTensorIds([...inputs]);
  return callNative(backend, { key, isFloat, geometry, p, ids }).map((made) => backend.createOutputTensor(made));
}
