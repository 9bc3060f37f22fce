/** The SIMD module of training (training.as.ts) on this side. */
import { compiler, linker } from '../kernels/simd/link';
import { MODULE_TEXT, SHARED_FLAG_OFFSET } from './simd/module_bytes';

/** What training.as.ts exports. Numbers are addresses, or steps in bytes, unless said otherwise. Scratch is never kept. */
export interface TrainingModule {
  /** The product of a row of `k` and `n` columns that the two functions below work on. Results end between `low` and `high`. */
  setProduct(
    n: number,
    k: number,
    aRow: number,
    aColumn: number,
    bRow: number,
    bColumn: number,
    cRow: number,
    low: number,
    high: number,
  ): void;
  /** Bytes of scratch memory, as below. */
  matMulScratch(): number;
  /** The product of `m` rows. `bias` 0: none. */
  matMul(m: number, a: number, b: number, c: number, bias: number, scratch: number): void;
  /** The convolution that the functions below work on. */
  setSizes(batch: number, inChannels: number, outChannels: number): void;
  setHeight: SetAxis;
  setWidth: SetAxis;
  convolveScratch(): number;
  /** `bias` 0: none. Results end between `low` and `high`. */
  convolve(x: number, filter: number, y: number, bias: number, low: number, high: number, scratch: number): void;
  inputGradientScratch(): number;
  inputGradient(dy: number, filter: number, dx: number, scratch: number): void;
  filterGradientScratch(filters: number): number;
  /** The gradient of `count` taps of each channel, from `first` on, and of so many filters; dy and dw are where the first of these are. */
  filterGradient(
    x: number,
    dy: number,
    dw: number,
    first: number,
    count: number,
    filters: number,
    scratch: number,
  ): void;
  /** For a convolution with one filter for each channel: `count` channels; all are where the first of these is. */
  depthwiseFilterGradient(x: number, dy: number, dw: number, count: number): void;
  depthwiseInputGradient(dy: number, filter: number, dx: number): void;
  /** Each element `times` times. */
  repeatChannels(x: number, elements: number, times: number, to: number): void;
  /** `elements` sums of `times` neighbours. */
  sumChannels(x: number, elements: number, times: number, to: number): void;
  /** Sums of each of the columns; rows are `row` bytes apart. */
  sumRows(rows: number, columns: number, row: number, x: number, y: number): void;
  /** Kinds: a + b, a - b, a * b, a / b. `single`: 1 and 2 where rows of a and of b are one element each. */
  combine(
    kind: number,
    single: number,
    rows: number,
    columns: number,
    a: number,
    aRow: number,
    b: number,
    bRow: number,
    to: number,
  ): void;
  /** Kinds: relu, step (`low` or 1), square root, square. */
  transform(kind: number, elements: number, x: number, to: number, low: number): void;
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

export const trainingCode = /* @__PURE__ */ compiler({ text: MODULE_TEXT, sharedFlagOffset: SHARED_FLAG_OFFSET });

export const trainingModule = /* @__PURE__ */ linker<TrainingModule>(trainingCode);
