/** What a set of kernels on typed arrays offers. Two have it: ./loops and ./simd. */
import type { Divisor } from '../average';
import type { PoolGeometry } from '../geometry';
import type { Overlaps } from '../spec';

/** argmax -> int32 [1]: 1 if all its elements lie in [0, taps), else 0. On arrays of the host alone. */
export const ARE_TAPS = 'Im2ColAreTaps';

/** The attributes of ARE_TAPS. */
export interface AreTapsAttrs {
  readonly taps: number;
}

export type Values = Float32Array | Int32Array;
/** An argmax; the numbers of at most 256 taps may be bytes. */
export type Argmax = Int32Array | Uint8Array;

/** By name: `instanceof` fails for arrays of another realm (a frame, a native addon under a test runner). */
export function isFloat32(values: Values | Argmax): boolean {
  return values[Symbol.toStringTag] === 'Float32Array';
}

export function isInBytes(taps: Values | Argmax): taps is Uint8Array {
  return taps[Symbol.toStringTag] === 'Uint8Array';
}

/**
 * Arrays hold the canonical shapes of src/geometry. Outputs may hold garbage before; argmax is a tap
 * number, and may hold anything where it is an input.
 */
export interface PoolKernels {
  /** Which code this is; tests and the benchmark tell it. */
  readonly variant: 'simd' | 'loops';
  /** x -> y and, where given, argmax. */
  maxPool(g: PoolGeometry, x: Values, y: Values, argmax?: Argmax): void;
  /** dy, argmax -> dx. */
  scatterArgmax(g: PoolGeometry, dy: Values, argmax: Argmax, dx: Values, overlaps?: Overlaps): void;
  /** x, argmax -> y. */
  gatherArgmax(g: PoolGeometry, x: Values, argmax: Argmax, y: Values): void;
  /** Whether all of argmax lies in [0, taps). */
  areTaps(argmax: Int32Array, taps: number): boolean;
  /** x -> columns. */
  im2col(g: PoolGeometry, x: Values, columns: Values, padValue: number): void;
  /** columns -> dx. */
  col2im(g: PoolGeometry, columns: Values, dx: Values): void;
  /** x -> y */
  averagePool(g: PoolGeometry, x: Values, y: Float32Array, divisor: Divisor): void;
  /** dy -> dx */
  averageSpread(g: PoolGeometry, dy: Values, dx: Float32Array, divisor: Divisor): void;
  /** x -> y */
  lpPool(g: PoolGeometry, x: Values, y: Float32Array, p: number): void;
  /** x, y, dy -> dx */
  lpPoolGradient(g: PoolGeometry, x: Values, y: Values, dy: Values, dx: Float32Array, p: number): void;
}
