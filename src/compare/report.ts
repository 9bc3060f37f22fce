/**
 * What comparePooling takes and what it returns: plain types. A report is JSON: no tensors, no NaN,
 * no infinities; it may be saved, sent from a page, and read again.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PoolingKinds } from '../kinds';
import type { SpatialRank } from '../spec';

/** What a case's input is filled with; every one is exact in half precision, the same for the same seed. */
export type CaseFill =
  /** What a ReLU hands on: half zeros, so that ties are common. */
  | 'relu'
  /** Distinct numbers around zero. */
  | 'distinct'
  /** Distinct numbers below zero. */
  | 'negative';

/** The poolings that can be compared, by their names in the table of kinds: 'max', 'average', 'globalMax', ... */
export type ComparedPooling = Exclude<keyof PoolingKinds, 'unpooling'>;

/** What a case is, whatever it pools by. */
export interface CaseInput {
  readonly name: string;
  /** With batch and channels, in the order of `options.dataFormat`: rank 3, 4 or 5 for 1-D, 2-D or 3-D pooling. */
  readonly shape: readonly number[];
  /** Default 'float32'. */
  readonly dtype?: 'float32' | 'int32';
  /** Numbers, or how they are made. Default 'relu'. */
  readonly values?: ArrayLike<number> | CaseFill;
  /** One sentence: what this case shows. */
  readonly about?: string;
}

/** One thing to compare: an input, a pooling (default 'max') and the options of its operation. */
export type CompareCase = CaseInput &
  (
    | { readonly pooling?: 'max'; readonly options: PoolingKinds['max']['options'] }
    | {
        [Pooling in ComparedPooling]: { readonly pooling: Pooling; readonly options: PoolingKinds[Pooling]['options'] };
      }[ComparedPooling]
  );

/** The options of comparePooling; all may be left out. */
export interface CompareOptions {
  /** Its pooling layers (the built-in ones and ours, in nested models and wrappers too) are the cases, on real activations. */
  model?: LayersModel;
  /** What `model` is given. Default: seeded random numbers, one example. */
  inputs?: Tensor | Tensor[];
  /** Cases, beside those of the model; without both, those that show where the built-in deviates. */
  cases?: readonly CompareCase[];
  /** Names of tfjs backends ('node' is tfjs-node's). Default: all that are registered. */
  backends?: readonly string[];
  /** Compare and time gradients too. Default true. */
  gradient?: boolean;
  /** How often each is timed, after one warm-up; 0 measures no times. Default 5. */
  repeats?: number;
  /** The seed of all random numbers. Default 1. */
  seed?: number;
  /** Called before each row and at the end (then `label` is ''); between rows the event loop runs. */
  onProgress?: (done: number, total: number, label: string) => void;
  /** Gets each row of the report as soon as it is there. */
  onRow?: (row: CompareRow) => void;
  /** Aborting it rejects with its reason, before the next row; everything is put back as it was. */
  signal?: AbortSignal;
}

/**
 * Which of the two does not give what the contract says, by more than rounding explains. A built-in that throws deviates;
 * one that does not exist does not.
 */
export type Deviation = 'neither' | 'builtin' | 'ours' | 'both';

/** How two results compare. Numbers are equal when they are the same number; NaN equals NaN, -0 equals 0. */
export interface Agreement {
  /** Whether ours and the built-in are equal in shape and in every number. */
  readonly equal: boolean;
  /** Elements of our result. */
  readonly elements: number;
  /** Elements in which the two differ; all of them where the shapes differ or the built-in has no result. */
  readonly differing: number;
  /**
   * Of these, the elements in which both lie as near to the contract as rounding alone may put them. Always 0 for maxima,
   * which nothing rounds. For sums: as far as adding up in another order, dividing as a GPU may (2.5 units in the last
   * place) and 16-bit textures explain.
   */
  readonly rounding: number;
  /** The largest difference among elements that are finite in both. */
  readonly largestDifference: number;
  /** Elements in which the two differ and one is NaN or infinite. */
  readonly nonFinite: number;
  /** Elements in which each differs from the contract, by more than rounding explains; null where the built-in has no result. */
  readonly fromContract: { readonly ours: number; readonly builtin: number | null };
  readonly deviates: Deviation;
  /** The shape of the built-in's result, where it is another than ours. */
  readonly builtinShape?: readonly number[];
  /** Why there is no result of the built-in: what it threw, why it cannot express the case, or that there is none. */
  readonly builtinError?: string;
  /** What ours threw; then everything above says 'ours' (or 'both'). */
  readonly oursError?: string;
}

/**
 * What became of the gradient that went in (all of it positive), as shares of what the contract sends to the input: 0 is
 * right, 1 is all. What rounding explains is 0.
 */
export interface GradientMass {
  /** Arrived nowhere. */
  readonly lost: number;
  /** Arrived at a wrong element. */
  readonly misplaced: number;
  /** Arrived though it never went in. */
  readonly invented: number;
}

/** {@link Agreement} of two gradients, and what became of the mass; null for Lp pooling, which scales what it passes on. */
export interface GradientAgreement extends Agreement {
  readonly mass: { readonly ours: GradientMass | null; readonly builtin: GradientMass | null };
}

/** Medians in milliseconds; null where the built-in has no result. */
export interface Timing {
  readonly ours: number;
  readonly builtin: number | null;
  /** builtin / ours: above 1, ours is faster. */
  readonly ratio: number | null;
}

/** The options of a case, of whichever pooling it is. */
export type ReportedOptions = Partial<
  { [Pooling in ComparedPooling]: (options: PoolingKinds[Pooling]['options']) => void }[ComparedPooling] extends (
    all: infer Options,
  ) => void
    ? Options
    : never
>;

/** One case on one backend. */
export interface CompareRow {
  readonly case: string;
  /** What the case shows; for a layer of a model, its class. */
  readonly about: string;
  readonly backend: string;
  readonly pooling: ComparedPooling;
  /** What of TensorFlow.js it is compared with: 'tf.maxPool', ...; null where TensorFlow.js has no such pooling. */
  readonly counterpart: string | null;
  readonly rank: SpatialRank;
  readonly shape: readonly number[];
  readonly outputShape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly options: ReportedOptions;
  /** The kernels that the forward pass ran, in order of their first call. */
  readonly kernels: { readonly ours: readonly string[]; readonly builtin: readonly string[] };
  readonly values: Agreement;
  /** Null where `gradient` is false, or the input is int32. */
  readonly gradient: GradientAgreement | null;
  /** The verdict on values and gradient together. */
  readonly deviates: Deviation;
  /** Null where `repeats` is 0. `training` is forward and gradient; null where there is no gradient. */
  readonly times: { readonly forward: Timing; readonly training: Timing | null } | null;
  /** Bytes that the tape keeps for the backward pass; null where there is no gradient. */
  readonly kept: { readonly ours: number; readonly builtin: number | null } | null;
}

/** A backend that was asked for. */
export interface CompareBackend {
  readonly name: string;
  /** What computes: libraries, flags, the GPU's renderer where it says; '' where it is missing. */
  readonly description: string;
  /** Why there are no rows of it; null where there are. */
  readonly missing: string | null;
}

/** What comparePooling found. */
export interface CompareReport {
  readonly kind: 'tfjs-im2col-pooling.compare';
  readonly version: 1;
  /** ISO 8601 */
  readonly date: string;
  readonly versions: { readonly package: string; readonly tfjsCore: string; readonly tfjsLayers: string };
  /** The processor, the browser, ... : where it ran, as far as the host says. */
  readonly host: string;
  /** The model's name; null for cases. */
  readonly model: string | null;
  readonly seed: number;
  readonly repeats: number;
  readonly backends: readonly CompareBackend[];
  readonly rows: readonly CompareRow[];
}
