/** What there is to see in a result: ties, overlaps, and where the built-in differs. Plain numbers, no elements. */
import { type Spot, spotsByNumber } from '../shared/frame';
import { type Pooling, isMaximum } from '../shared/poolings';
import type { RoutingResult } from '../workers/routing_protocol';
import type { Image } from './images';
import type { Settings } from './settings';

export interface Analysis {
  /** Where every cell is: the inputs, then the padding (see shared/frame.ts). */
  readonly spots: readonly Spot[];
  /** For each of these cells: the outputs that have it in their window. */
  readonly holders: ReadonlyArray<readonly number[]>;
  /** For each output: the inputs that equal its maximum without winning. */
  readonly tied: ReadonlyArray<readonly number[]>;
  /** For each input: how many windows send it gradient. */
  readonly senders: Int32Array;
  /** Inputs that somewhere equal a maximum without winning it. */
  readonly losers: ReadonlySet<number>;
  /** For each output of the built-in, the output of ours at the same place; -1 where there is none. */
  readonly places: readonly number[];
  /** Outputs of the built-in, by its own shape, that are not ours at the same place. */
  readonly yDiffers: ReadonlySet<number>;
  /** Outputs of ours that the built-in has otherwise, or not at all. */
  readonly yWrong: ReadonlySet<number>;
  readonly dxDiffers: ReadonlySet<number>;
  /** The built-in's numbers are not exactly ours, by less than would differ: sums that were rounded otherwise. */
  readonly isRounded: { readonly y: boolean; readonly dx: boolean };
}

export interface Shown {
  readonly image: Image;
  readonly pooling: Pooling;
  readonly result: RoutingResult;
  readonly analysis: Analysis;
  /** Whether the backward pass is shown: else nothing is said of it. */
  readonly withGradient: boolean;
  readonly withBuiltin: boolean;
  readonly withUnpooling: boolean;
  /** An average's divisor is the reader's, and no count. */
  readonly isDivisorGiven: boolean;
  /** An average's divisor counts padding. */
  readonly isPaddingCounted: boolean;
}

export function shownOf(settings: Settings, image: Image, result: RoutingResult): Shown {
  const { pooling, showGradient, showBuiltin, showUnpooling, divisorOverride, countIncludePad } = settings;
  return {
    image,
    pooling,
    result,
    analysis: analyse(image, pooling, result),
    withGradient: showGradient,
    withBuiltin: showBuiltin,
    withUnpooling: showUnpooling && pooling === 'max',
    isDivisorGiven: divisorOverride !== null,
    isPaddingCounted: countIncludePad,
  };
}

/** Sums may be rounded otherwise in the built-in: by this, of the largest of all numbers. Maxima may not. */
const ROUNDING = 1e-6;

/** NaN equals NaN, and -0 equals 0. */
const same = (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b));

function analyse({ values, height, width }: Image, pooling: Pooling, result: RoutingResult): Analysis {
  const { windows, shares, ours, builtin } = result;
  const senders = new Int32Array(values.length);
  windows.forEach((window, output) =>
    window.forEach((input, tap) => {
      if (shares[output][tap] !== 0) senders[input]++;
    }),
  );
  const tied = windows.map((_, output) => tiesOf(values, result, output));
  const places = placesOf(result);
  const y = differing(ours.y!, builtin.y, values, pooling, places);
  const right = new Set(places.filter((_, i) => !y.found.has(i)));
  const dx = differing(ours.dx!, builtin.dx, result.dy, pooling);
  const spots = spotsByNumber(result.frame, height, width);
  return {
    spots,
    holders: holdersOf(result, spots.length),
    tied,
    senders,
    losers: new Set(tied.flat()),
    places,
    yDiffers: y.found,
    yWrong: new Set(builtin.y ? [...windows.keys()].filter((output) => !right.has(output)) : []),
    dxDiffers: dx.found,
    isRounded: { y: y.isRounded, dx: dx.isRounded },
  };
}

/** The input that won the window of an output; undefined where windows have no winner. */
export function winnerOf({ windows, argmax }: RoutingResult, output: number): number | undefined {
  return argmax ? windows[output][argmax[output]] : undefined;
}

/** Of the outputs that have an input in their window, those that send it gradient. */
export function sendersOf({ result, analysis }: Pick<Shown, 'result' | 'analysis'>, input: number): number[] {
  const { windows, shares } = result;
  return analysis.holders[input].filter((output) =>
    windows[output].some((each, tap) => each === input && shares[output][tap] !== 0),
  );
}

export const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** The greatest magnitude of the finite numbers, or 0. */
export function largestOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
}

/**
 * The output to show first. One whose value is wrong in the built-in; or else one whose gradient does not arrive there where
 * it should, or arrives beside it; or else the largest.
 */
export function telling({ result, analysis: { yWrong, dxDiffers } }: Shown): number {
  const { windows, shares } = result;
  const outputs = [...windows.keys()];
  const y = result.ours.y!;
  return (
    outputs.find((output) => yWrong.has(output)) ??
    outputs.find((output) => windows[output].some((input, tap) => shares[output][tap] !== 0 && dxDiffers.has(input))) ??
    outputs.find((output) => windows[output].some((input) => dxDiffers.has(input))) ??
    outputs.reduce((best, output) => (y[output] > y[best] ? output : best), 0)
  );
}

function holdersOf({ cells }: RoutingResult, count: number): number[][] {
  const holders = Array.from({ length: count }, (): number[] => []);
  cells.forEach((window, output) => window.forEach((cell) => holders[cell].push(output)));
  return holders;
}

function placesOf({ builtin, outHeight, outWidth }: RoutingResult): number[] {
  if (!builtin.shape) return [];
  const [, rows, columns] = builtin.shape;
  return Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return row < outHeight && column < outWidth ? row * outWidth + column : -1;
  });
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

/** None, if there is nothing to compare with. `summed`: what the numbers are sums of; `places`: where ours are, -1: nowhere. */
function differing(
  ours: Float32Array,
  theirs: Float32Array | null,
  summed: Float32Array,
  pooling: Pooling,
  places?: readonly number[],
): Difference {
  const tolerance = isMaximum(pooling) ? 0 : ROUNDING * Math.max(largestOf(summed), largestOf(ours));
  const found = new Set<number>();
  let isRounded = false;
  theirs?.forEach((value, i) => {
    const place = places ? places[i] : i;
    if (place >= 0 && same(value, ours[place])) return;
    if (place >= 0 && Math.abs(value - ours[place]) <= tolerance) isRounded = true;
    else found.add(i);
  });
  return { found, isRounded };
}
