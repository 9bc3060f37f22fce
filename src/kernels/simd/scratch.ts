/** A memory of the SIMD module's own, for arrays that live as long as one kernel. */
import { type Values, isFloat32 } from '../pool_kernels';
import { type SimdKernels, simdKernels } from './in_place';

const PAGE_BYTES = 65536;
/** TensorFlow shares memory of this alignment, and processors read it best. */
const ALIGNMENT = 64;

/**
 * Between arrays, and before the first. Processors take addresses that are alike in their last 12 bits for the same at first,
 * and wait: arrays of whole pages, side by side, would be read and written at half the speed.
 */
const GAP = 17 * ALIGNMENT;

export type Dtype = 'float32' | 'int32';

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
  arrays(lengths: readonly number[], dtypes: readonly Dtype[]): Values[] | undefined {
    let end = GAP;
    const offsets = lengths.map((length) => {
      const offset = end;
      end += Math.ceil((length * 4) / ALIGNMENT) * ALIGNMENT + GAP;
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
    return offsets.map((offset, i) =>
      dtypes[i] === 'int32' ? new Int32Array(buffer, offset, lengths[i]) : new Float32Array(buffer, offset, lengths[i]),
    );
  }
}

export function dtypeOf(values: Values): Dtype {
  return isFloat32(values) ? 'float32' : 'int32';
}
