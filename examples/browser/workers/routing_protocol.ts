/** What the Routing part and its worker say to each other: plain data. */
import type { PoolOptions } from 'tfjs-im2col-pooling';
import type { Backend, BackendInfo } from '../shared/backends';

export interface RoutingRequest {
  readonly backend: Backend;
  /** One image, one channel, row by row. */
  readonly x: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly options: PoolOptions;
  readonly dy: DyChoice;
}

/** The gradient that is sent back: 1 everywhere; 1, 2, 3, ...; alternately 1 and -1; 1 at one output. */
export type DyChoice = 'ones' | 'ramp' | 'signs' | { readonly only: number };

/** One side's results. What threw has an error in place of its numbers. */
export interface Side {
  readonly y: Float32Array | null;
  readonly dx: Float32Array | null;
  readonly shape: readonly number[] | null;
  readonly error: string | null;
  readonly gradientError: string | null;
  /** The kernels that ran, in order of their first call. */
  readonly kernels: readonly string[];
}

export interface RoutingResult {
  readonly backend: Backend;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly taps: number;
  /** [outputs * taps]: which input each tap of each window reads; -1 where it is padding. */
  readonly indexMap: Int32Array;
  readonly argmax: Int32Array;
  readonly dy: Float32Array;
  readonly ours: Side;
  readonly builtin: Side;
}

export interface RoutingWorker {
  start(base: string): Promise<void>;
  backends(): Promise<BackendInfo[]>;
  /** @throws Error, the operation's own, on options that do not fit the image */
  route(request: RoutingRequest): Promise<RoutingResult>;
}
