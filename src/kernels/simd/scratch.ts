/** A memory of the SIMD module's own, for arrays that live as long as one kernel. */
import { type Argmax, type Values, isFloat32, isInBytes } from '../pool_kernels';
import { type SimdKernels, simdKernels } from './in_place';

const PAGE_BYTES = 65536;
/** TensorFlow shares memory of this alignment, and processors read it best. */
const ALIGNMENT = 64;

/**
 * Between arrays, and before the first. Processors take addresses that are alike in their last 12 bits for the same at first,
 * and wait: arrays of whole pages, side by side, would be read and written at half the speed.
 */
const GAP = 17 * ALIGNMENT;

export type Dtype = 'float32' | 'int32' | 'bool';
type ArrayOf<D extends Dtype> = D extends 'bool' ? Uint8Array : Values;

const BYTES = { float32: 4, int32: 4, bool: 1 } as const;
const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

export class Scratch {
  private constructor(
    /** Kernels for arrays of this memory. */
    readonly kernels: SimdKernels,
    private readonly memory: WebAssembly.Memory,
    private readonly maxBytes: number,
  ) {}

  /** A memory that grows up to `maxBytes`, or undefined where there is no SIMD. */
  static make(maxBytes: number): Scratch | undefined {
    try {
      const memory = new WebAssembly.Memory({ initial: 0, maximum: Math.ceil(maxBytes / PAGE_BYTES) });
      const kernels = simdKernels(memory);
      return kernels && new Scratch(kernels, memory, maxBytes);
    } catch {
      return undefined;
    }
  }

  /**
   * Arrays of these lengths and dtypes, holding garbage; or undefined if they don't fit. They take the place
   * of those of the call before.
   */
  arrays<D extends Dtype>(lengths: readonly number[], dtypes: readonly D[]): Array<ArrayOf<D>> | undefined {
    let end = GAP;
    const offsets = lengths.map((length, i) => {
      const offset = end;
      end += Math.ceil((length * BYTES[dtypes[i]!]) / ALIGNMENT) * ALIGNMENT + GAP;
      return offset;
    });
    if (end > this.maxBytes) return undefined;
    try {
      const missing = end - this.memory.buffer.byteLength;
      if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    } catch {
      return undefined;
    }
    const { buffer } = this.memory;
    return offsets.map((offset, i) => new ARRAYS[dtypes[i]!](buffer, offset, lengths[i]) as ArrayOf<D>);
  }
}

export function dtypeOf(values: Values | Argmax): Dtype {
  if (isInBytes(values)) return 'bool';
  return isFloat32(values) ? 'float32' : 'int32';
}
