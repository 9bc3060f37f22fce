/**
 * A SIMD module (AssemblyScript, embedded by build.mjs) on this side: compiled once, linked to a memory.
 *
 * It has no memory, table, stack or heap of its own, and touches nothing but what it is given
 * addresses of. So it can work in the memory of the wasm backend, which is shared between threads in
 * one of its builds; hence the two variants, one bit apart.
 */

import { bytesOfText } from './module_text';

/** What build.mjs writes for a module. */
export interface ModuleBytes {
  readonly text: string;
  /** Where the bytes say that the memory is shared: bit 1 of this byte. */
  readonly sharedFlagOffset: number;
}

/**
 * The module working in a memory, or undefined where the host has no SIMD, where its policy (CSP) forbids compiling, or
 * where the memory is of another kind. The same one for the same memory.
 */
export type Linker<Exports> = (memory: WebAssembly.Memory) => Exports | undefined;

const SHARED_BIT = 2;

/** The code for memories of this one's kind, shared or not; undefined as for {@link Linker}. */
type Compiler = (memory: WebAssembly.Memory) => WebAssembly.Module | undefined;

export function compiler(bytes: ModuleBytes): Compiler {
  const compiled = new Map<boolean, WebAssembly.Module | undefined>();
  return (memory) => {
    const isShared = (memory.buffer as ArrayBufferLike)[Symbol.toStringTag] === 'SharedArrayBuffer';
    if (!compiled.has(isShared)) compiled.set(isShared, compile(bytes, isShared));
    return compiled.get(isShared);
  };
}

export function linker<Exports extends object>(codeFor: Compiler): Linker<Exports> {
  const linked = new WeakMap<WebAssembly.Memory, Exports>();
  return (memory) => {
    const known = linked.get(memory);
    if (known) return known;
    const code = codeFor(memory);
    if (!code) return undefined;
    try {
      const module = new WebAssembly.Instance(code, { env: { memory } }).exports as unknown as Exports;
      linked.set(memory, module);
      return module;
    } catch {
      return undefined;
    }
  };
}

/** Synchronous, as kernels are; the modules are small. */
function compile({ text, sharedFlagOffset }: ModuleBytes, isShared: boolean): WebAssembly.Module | undefined {
  try {
    const bytes = bytesOfText(text);
    if (!isShared) bytes[sharedFlagOffset]! &= ~SHARED_BIT;
    return new WebAssembly.Module(bytes);
  } catch {
    return undefined;
  }
}
