/** What there is to see in a result: ties, overlaps, and where the built-in differs. Plain numbers, no elements. */
import type { RoutingResult } from '../workers/routing_protocol';

export interface Analysis {
  /** For each output: the inputs that equal its maximum without winning. */
  readonly tied: ReadonlyArray<readonly number[]>;
  /** For each input: how many windows it wins. */
  readonly wins: Int32Array;
  /** Inputs that somewhere equal a maximum without winning it. */
  readonly losers: ReadonlySet<number>;
  readonly yDiffers: ReadonlySet<number>;
  readonly dxDiffers: ReadonlySet<number>;
}

/** NaN equals NaN, and -0 equals 0. */
const same = (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b));

export function analyse(x: Float32Array, result: RoutingResult): Analysis {
  const wins = new Int32Array(x.length);
  const losers = new Set<number>();
  const tied = Array.from(result.argmax, (_, output) => {
    const winner = winnerOf(result, output);
    wins[winner]++;
    const others = windowOf(result, output).filter(
      (input) => input >= 0 && input !== winner && same(x[input], x[winner]),
    );
    others.forEach((input) => losers.add(input));
    return others;
  });
  return {
    tied,
    wins,
    losers,
    yDiffers: differing(result.ours.y!, result.builtin.y, result.builtin.shape, result.ours.shape),
    dxDiffers: differing(result.ours.dx!, result.builtin.dx),
  };
}

/** The inputs that the taps of a window read, in order; -1 is padding. */
export function windowOf({ indexMap, taps }: RoutingResult, output: number): number[] {
  return [...indexMap.subarray(output * taps, (output + 1) * taps)];
}

export function winnerOf({ indexMap, taps, argmax }: RoutingResult, output: number): number {
  return indexMap[output * taps + argmax[output]];
}

export const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

/** The output to show first: one in which the built-in differs, or else the largest. */
export function telling({
  result,
  analysis: { yDiffers, dxDiffers },
}: {
  result: RoutingResult;
  analysis: Analysis;
}): number {
  const outputs = [...result.argmax.keys()];
  const wrong = outputs.find((output) => yDiffers.has(output) || dxDiffers.has(winnerOf(result, output)));
  const y = result.ours.y!;
  return wrong ?? outputs.reduce((best, output) => (y[output] > y[best] ? output : best), 0);
}

/** Indices where they differ: all, if the shapes do; none, if there is nothing to compare with. */
function differing(
  ours: Float32Array,
  theirs: Float32Array | null,
  shape: readonly number[] | null = null,
  ourShape: readonly number[] | null = null,
): Set<number> {
  const found = new Set<number>();
  if (theirs === null) return found;
  const reshaped = shape?.join() !== ourShape?.join();
  theirs.forEach((value, i) => {
    if (reshaped || !same(value, ours[i])) found.add(i);
  });
  return found;
}
