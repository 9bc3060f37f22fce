/**
 * The SIMD module (pool.as.ts, embedded by build.mjs) on this side: compiled once, linked to a memory.
 *
 * It has no memory, table, stack or heap of its own, and touches nothing but what it is given
 * addresses of. So it can work in the memory of the wasm backend, which is shared between threads in
 * one of its builds; hence the two variants, one bit apart.
 */
import type { AxisGeometry, PoolGeometry } from '../../geometry';
import { MODULE_BASE64, SHARED_FLAG_OFFSET } from './module_bytes';

/** What pool.as.ts exports. Numbers are bytes' addresses unless said otherwise. */
export interface PoolModule {
  setSizes(batch: number, channels: number): void;
  setDepth: SetAxis;
  setHeight: SetAxis;
  /** To be called last. */
  setWidth: SetAxis;
  /** `argmax` 0: values alone. */
  maxPool(x: number, y: number, argmax: number, isFloat: boolean, ignoreNan: boolean): void;
  /** The first `kept` bytes of dx are added to; the rest is written. */
  scatter(dy: number, argmax: number, dx: number, isFloat: boolean, kept: number): void;
  gather(x: number, argmax: number, y: number): void;
  /** Whether all int32 from `argmax` to `end` lie in [0, last]. */
  areTaps(argmax: number, end: number, last: number): number;
  /** What averages divide by: 0 nothing, 1 the real taps, 2 those on the input with this padding after it. */
  setDivisor(mode: number, depthAfter: number, heightAfter: number, widthAfter: number): void;
  averagePool(x: number, y: number): void;
  /** The first `kept` bytes of dx are added to; the rest is written. */
  averageSpread(dy: number, dx: number, kept: number): void;
  /** p is 3 with `cubes`, else 2; so below. */
  lpPool(x: number, y: number, cubes: boolean): void;
  /** The first `kept` bytes of dx are added to; the rest is written. */
  lpPoolGradient(x: number, y: number, dy: number, dx: number, cubes: boolean, kept: number): void;
}

type SetAxis = (
  input: number,
  output: number,
  window: number,
  stride: number,
  dilation: number,
  padBefore: number,
) => void;

const SHARED_BIT = 2;
const compiled = new Map<boolean, WebAssembly.Module | undefined>();
const linked = new WeakMap<WebAssembly.Memory, PoolModule>();

/**
 * The module working in `memory`, or undefined where the host has no SIMD, where its policy (CSP) forbids
 * compiling, or where the memory is of another kind. The same one for the same memory.
 */
export function poolModule(memory: WebAssembly.Memory): PoolModule | undefined {
  const known = linked.get(memory);
  if (known) return known;
  const isShared = (memory.buffer as ArrayBufferLike)[Symbol.toStringTag] === 'SharedArrayBuffer';
  if (!compiled.has(isShared)) compiled.set(isShared, compile(isShared));
  const code = compiled.get(isShared);
  if (!code) return undefined;
  try {
    const module = new WebAssembly.Instance(code, { env: { memory } }).exports as unknown as PoolModule;
    linked.set(memory, module);
    return module;
  } catch {
    return undefined;
  }
}

/** Tells the module the geometry that its next kernel works on. */
export function setGeometry(module: PoolModule, g: PoolGeometry): void {
  const args = (axis: AxisGeometry) =>
    [axis.input, axis.output, axis.window, axis.stride, axis.dilation, axis.padBefore] as const;
  module.setSizes(g.batch, g.channels);
  module.setDepth(...args(g.depth));
  module.setHeight(...args(g.height));
  module.setWidth(...args(g.width));
}

/** Synchronous, as kernels are; the module is small. */
function compile(isShared: boolean): WebAssembly.Module | undefined {
  try {
    const bytes = Uint8Array.from(atob(MODULE_BASE64), (char) => char.charCodeAt(0));
    if (!isShared) bytes[SHARED_FLAG_OFFSET] &= ~SHARED_BIT;
    return new WebAssembly.Module(bytes);
  } catch {
    return undefined;
  }
}
