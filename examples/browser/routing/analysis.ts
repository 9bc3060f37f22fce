/** What there is to see in a result: ties, overlaps, and where the built-in differs. Plain numbers, no elements. */
import { type Pooling, isMaximum } from '../shared/poolings';
import type { RoutingResult } from '../workers/routing_protocol';
import type { Image } from './images';

export interface Analysis {
  /** For each output: the inputs that equal its maximum without winning. */
  readonly tied: ReadonlyArray<readonly number[]>;
  /** For each input: how many windows send it gradient. */
  readonly senders: Int32Array;
  /** Inputs that somewhere equal a maximum without winning it. */
  readonly losers: ReadonlySet<number>;
  readonly yDiffers: ReadonlySet<number>;
  readonly dxDiffers: ReadonlySet<number>;
  /** The built-in's numbers are not exactly ours, by less than would differ: sums that were rounded otherwise. */
  readonly isRounded: { readonly y: boolean; readonly dx: boolean };
}

export interface Shown {
  readonly image: Image;
  readonly pooling: Pooling;
  readonly result: RoutingResult;
  readonly analysis: Analysis;
}

/** Sums may be rounded otherwise in the built-in: by this, of the largest of all numbers. Maxima may not. */
const ROUNDING = 1e-6;

/** NaN equals NaN, and -0 equals 0. */
const same = (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b));

export function analyse({ values }: Image, pooling: Pooling, result: RoutingResult): Analysis {
  const { windows, shares, ours, builtin } = result;
  const senders = new Int32Array(values.length);
  windows.forEach((window, output) =>
    window.forEach((input, tap) => {
      if (shares[output][tap] !== 0) senders[input]++;
    }),
  );
  const tied = windows.map((_, output) => tiesOf(values, result, output));
  const isReshaped = builtin.shape !== null && builtin.shape.join() !== ours.shape!.join();
  const y = isReshaped ? allOf(builtin.y!) : differing(ours.y!, builtin.y, values, pooling);
  const dx = differing(ours.dx!, builtin.dx, result.dy, pooling);
  return {
    tied,
    senders,
    losers: new Set(tied.flat()),
    yDiffers: y.found,
    dxDiffers: dx.found,
    isRounded: { y: y.isRounded, dx: dx.isRounded },
  };
}

/** The input that won the window of an output; undefined where windows have no winner. */
export function winnerOf({ windows, argmax }: RoutingResult, output: number): number | undefined {
  return argmax ? windows[output][argmax[output]] : undefined;
}

export const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** The greatest magnitude of the finite numbers, or 0. */
export function largestOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
}

/** The output to show first: one in which the built-in differs, or else the largest. */
export function telling({ result, analysis: { yDiffers, dxDiffers } }: Shown): number {
  const { windows, shares } = result;
  const outputs = [...windows.keys()];
  const wrong = outputs.find(
    (output) =>
      yDiffers.has(output) || windows[output].some((input, tap) => shares[output][tap] !== 0 && dxDiffers.has(input)),
  );
  const y = result.ours.y!;
  return wrong ?? outputs.reduce((best, output) => (y[output] > y[best] ? output : best), 0);
}

function tiesOf(values: Float32Array, result: RoutingResult, output: number): number[] {
  const winner = winnerOf(result, output);
  if (winner === undefined) return [];
  return result.windows[output].filter(
    (input) => input >= 0 && input !== winner && same(values[input], values[winner]),
  );
}

interface Difference {
  readonly found: ReadonlySet<number>;
  readonly isRounded: boolean;
}

const allOf = (values: Float32Array): Difference => ({ found: new Set(values.keys()), isRounded: false });

/** None, if there is nothing to compare with. `summed`: what the numbers are sums of. */
function differing(
  ours: Float32Array,
  theirs: Float32Array | null,
  summed: Float32Array,
  pooling: Pooling,
): Difference {
  const tolerance = isMaximum(pooling) ? 0 : ROUNDING * Math.max(largestOf(summed), largestOf(ours));
  const found = new Set<number>();
  let isRounded = false;
  theirs?.forEach((value, i) => {
    if (same(value, ours[i])) return;
    if (Math.abs(value - ours[i]) <= tolerance) isRounded = true;
    else found.add(i);
  });
  return { found, isRounded };
}
