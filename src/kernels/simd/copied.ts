/**
 * The SIMD kernels on arrays that lie anywhere: in chunks that stay in the processor's cache, each is copied
 * into a small memory of the module's own, pooled there, and copied out.
 */
import type { PoolGeometry } from '../../geometry';
import { LOOPS } from '../loops';
import { type PoolKernels, type Values, isFloat32 } from '../pool_kernels';
import { type Chunk, chunksOf } from './chunks';
import { ignoresNan } from './in_place';
import { type PoolModule, poolModule, setGeometry } from './module';

/** Elements that a chunk aims at. */
const CHUNK_ELEMENTS = 2 ** 17;
/** Elements that a chunk may have: 16 MiB. What cannot be cut so small is left to the loops. */
const MAX_CHUNK_ELEMENTS = 2 ** 22;
const PAGE_BYTES = 65536;

let kernels: PoolKernels | null | undefined;

/** Kernels for arrays of the host, or undefined where there is no SIMD. */
export function copiedSimdKernels(): PoolKernels | undefined {
  if (kernels === undefined) kernels = makeCopiedSimdKernels(CHUNK_ELEMENTS, MAX_CHUNK_ELEMENTS) ?? null;
  return kernels ?? undefined;
}

/** As {@link copiedSimdKernels}, with chunks of another size; for tests. */
export function makeCopiedSimdKernels(aim: number, limit: number): PoolKernels | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: Math.ceil((limit * 4 + 1024) / PAGE_BYTES) });
    const module = poolModule(memory);
    return module && kernelsOf(module, new Scratch(memory), aim, limit);
  } catch {
    return undefined;
  }
}

function kernelsOf(module: PoolModule, scratch: Scratch, aim: number, limit: number): PoolKernels {
  const smallChunks = (g: PoolGeometry, arrays: number): Chunk[] | undefined => {
    const chunks = [...chunksOf(g, aim, arrays)];
    return chunks.every((chunk) => elementsOf(chunk) <= limit) ? chunks : undefined;
  };
  return {
    ...LOOPS,
    variant: 'simd',
    maxPool(g, x, y, argmax) {
      const chunks = smallChunks(g, argmax ? 3 : 2);
      if (!chunks) { LOOPS.maxPool(g, x, y, argmax); return; }
      for (const chunk of chunks) {
        const [xAt, yAt, argmaxAt] = scratch.layOut(chunk);
        scratch.copyIn(xAt, x, chunk.x);
        setGeometry(module, chunk.geometry);
        module.maxPool(xAt, yAt, argmax ? argmaxAt : 0, isFloat32(x), ignoresNan(g));
        scratch.copyOut(yAt, y, chunk.y);
        if (argmax) scratch.copyOut(argmaxAt, argmax, chunk.y);
      }
    },
    scatterArgmax(g, dy, argmax, dx) {
      const chunks = smallChunks(g, 3);
      if (!chunks) { LOOPS.scatterArgmax(g, dy, argmax, dx); return; }
      let done = 0;
      for (const chunk of chunks) {
        const [dxAt, dyAt, argmaxAt] = scratch.layOut(chunk);
        const [first, end] = chunk.x;
        scratch.copyIn(dyAt, dy, chunk.y);
        scratch.copyIn(argmaxAt, argmax, chunk.y);
        // Windows of the chunk before may have reached into this one: their sums come first.
        const kept = Math.max(0, done - first);
        scratch.copyIn(dxAt, dx, [first, first + kept]);
        if (first > done) dx.fill(0, done, first);
        setGeometry(module, chunk.geometry);
        module.scatter(dyAt, argmaxAt, dxAt, isFloat32(dy), kept * 4);
        scratch.copyOut(dxAt, dx, chunk.x);
        done = end;
      }
      dx.fill(0, done);
    },
    gatherArgmax(g, x, argmax, y) {
      const chunks = smallChunks(g, 3);
      if (!chunks) { LOOPS.gatherArgmax(g, x, argmax, y); return; }
      for (const chunk of chunks) {
        const [xAt, yAt, argmaxAt] = scratch.layOut(chunk);
        scratch.copyIn(xAt, x, chunk.x);
        scratch.copyIn(argmaxAt, argmax, chunk.y);
        setGeometry(module, chunk.geometry);
        module.gather(xAt, argmaxAt, yAt);
        scratch.copyOut(yAt, y, chunk.y);
      }
    },
  };
}

function elementsOf({ x, y }: Chunk): number {
  return x[1] - x[0] + 2 * (y[1] - y[0]);
}

/** The module's memory. It grows to what the largest chunk needs, and is used again for the next. */
class Scratch {
  private floats = new Float32Array();
  private ints = new Int32Array();

  constructor(private readonly memory: WebAssembly.Memory) {}

  /** Addresses for the chunk's part of x and two parts as large as y's, each at a multiple of 64. */
  layOut({ x, y }: Chunk): [x: number, y: number, argmax: number] {
    const align = (bytes: number) => Math.ceil(bytes / 64) * 64;
    const yAt = align((x[1] - x[0]) * 4);
    const argmaxAt = yAt + align((y[1] - y[0]) * 4);
    this.reserve(argmaxAt + (y[1] - y[0]) * 4);
    return [0, yAt, argmaxAt];
  }

  copyIn(at: number, values: Values, [first, end]: readonly [number, number]): void {
    if (end > first) this.viewFor(values).set(values.subarray(first, end), at / 4);
  }

  copyOut(at: number, values: Values, [first, end]: readonly [number, number]): void {
    values.set(this.viewFor(values).subarray(at / 4, at / 4 + end - first), first);
  }

  private viewFor(values: Values): Values {
    return isFloat32(values) ? this.floats : this.ints;
  }

  private reserve(bytes: number): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    if (this.floats.buffer !== this.memory.buffer) {
      this.floats = new Float32Array(this.memory.buffer);
      this.ints = new Int32Array(this.memory.buffer);
    }
  }
}
