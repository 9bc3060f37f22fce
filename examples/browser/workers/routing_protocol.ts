/** What the Routing part and its worker say to each other: plain data. */
import type { PoolingKinds } from 'tfjs-im2col-pooling';
import type { Backend, BackendInfo } from '../shared/backends';
import type { Frame } from '../shared/frame';
import type { Pooling } from '../shared/poolings';

/** What to pool by, with the options that this package's operation of that name takes. */
export type PoolingCall = {
  [Kind in Pooling]: { readonly pooling: Kind; readonly options: PoolingKinds[Kind]['options'] };
}[Pooling];

export interface RoutingRequest {
  readonly backend: Backend;
  /** One image, one channel, row by row. */
  readonly x: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly call: PoolingCall;
  /** Where windows that are unpooled share an element. */
  readonly overlaps: 'add' | 'write';
  readonly dy: DyChoice;
}

/** The gradient that is sent back: 1 everywhere; 1, 2, 3, ...; alternately 1 and -1; 1 at one output. */
export type DyChoice = 'ones' | 'ramp' | 'signs' | { readonly only: number };

/** Why there are no numbers: it threw; it was not run, as it would do harm; there is no such operation. */
export interface Failure {
  readonly how: 'throws' | 'harmful' | 'absent';
  readonly reason: string;
}

/** One side's results. What failed has a reason in place of its numbers. */
export interface Side {
  readonly y: Float32Array | null;
  readonly dx: Float32Array | null;
  readonly shape: readonly number[] | null;
  readonly failure: Failure | null;
  readonly gradientError: string | null;
  /** The kernels that ran, in order of their first call. */
  readonly kernels: readonly string[];
}

/** Where a window reads, and where its gradient goes. */
export interface Routes {
  /** For each output, which input each tap of its window reads; -1 where it is padding. Windows may differ in size. */
  readonly windows: ReadonlyArray<readonly number[]>;
  /** As `windows`, but taps on padding have numbers, too: those of shared/frame.ts. */
  readonly cells: ReadonlyArray<readonly number[]>;
  /** The padding around the image, and how far the last windows of ceil mode reach beyond it. */
  readonly frame: Frame;
  /** Of the frame's last rows and columns, those that are no padding: only rounding up makes windows reach them. */
  readonly overhang: readonly [rows: number, columns: number];
  /** How many taps each row of every window has; null where that differs. */
  readonly windowWidth: number | null;
  /** Of maxima: the tap that won each window. */
  readonly argmax: readonly number[] | null;
  /** As `windows`: what each tap gets of a gradient of 1. Padding gets nothing. */
  readonly shares: ReadonlyArray<readonly number[]>;
  /** Of averages: what each window's sum was divided by. */
  readonly divisors: readonly number[] | null;
}

export interface RoutingResult extends Routes {
  readonly backend: Backend;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly dy: Float32Array;
  readonly ours: Side;
  readonly builtin: Side;
  /** Of max pooling: every maximum where it came from, zeros elsewhere. */
  readonly unpooled: Float32Array | null;
}

export interface RoutingWorker {
  start(base: string): Promise<void>;
  backends(): Promise<BackendInfo[]>;
  /** @throws Error, the operation's own, on options that do not fit the image */
  route(request: RoutingRequest): Promise<RoutingResult>;
}
