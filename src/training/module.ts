/** The SIMD module of training (training.as.ts) on this side. */
import { compiler, linker } from '../kernels/simd/link';
import { MODULE_TEXT, SHARED_FLAG_OFFSET } from './simd/module_bytes';

/** What training.as.ts exports. Numbers are addresses, or steps in bytes, unless said otherwise. Scratch is never kept. */
export interface TrainingModule {
  /** Bytes of scratch memory for the product of matrices [m, k] and [k, n]. */
  matMulScratch(n: number, k: number): number;
  /** `bias` 0: none. Results end between `low` and `high`. */
  matMul(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    c: number,
    bias: number,
    low: number,
    high: number,
    scratch: number,
  ): void;
  /** The convolution that the functions below work on. */
  setSizes(batch: number, inChannels: number, outChannels: number): void;
  setHeight: SetAxis;
  setWidth: SetAxis;
  convolveScratch(): number;
  /** `bias` 0: none. Results end between `low` and `high`. */
  convolve(x: number, filter: number, y: number, bias: number, low: number, high: number, scratch: number): void;
  inputGradientScratch(): number;
  inputGradient(dy: number, filter: number, dx: number, scratch: number): void;
  filterGradientScratch(): number;
  filterGradient(x: number, dy: number, dw: number, scratch: number): void;
  /** Of a convolution with one filter for each channel. */
  depthwiseFilterGradient(x: number, dy: number, dw: number): void;
  depthwiseInputGradient(dy: number, filter: number, dx: number): void;
  /** Each element `times` times. */
  repeatChannels(x: number, elements: number, times: number, to: number): void;
  /** `elements` sums of `times` neighbours. */
  sumChannels(x: number, elements: number, times: number, to: number): void;
  /** Sums of each of the columns. */
  sumRows(rows: number, columns: number, x: number, y: number): void;
  /** `row` added to each row. */
  addRow(rows: number, columns: number, x: number, row: number, y: number): void;
  /** Sums of the rows that have the same id in [0, segments). */
  sumSegments(rows: number, columns: number, x: number, ids: number, segments: number, y: number): void;
}

type SetAxis = (
  input: number,
  output: number,
  filter: number,
  stride: number,
  dilation: number,
  padBefore: number,
) => void;

export const trainingModule = /* @__PURE__ */ linker<TrainingModule>(
  /* @__PURE__ */ compiler({ text: MODULE_TEXT, sharedFlagOffset: SHARED_FLAG_OFFSET }),
);
