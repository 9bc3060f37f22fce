/**
 * The contract of max pooling, said once more as plainly as it can be: one window at a time, one number
 * at a time. It shares no code with the operations (but the reading of options), so that it can be the
 * judge between them and the built-in.
 */
import type { PoolSpec } from '../spec';

/** Max pooling of plain numbers. */
export interface Stated {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  /** Of each output: the index in x of the element that wins, and so gets its gradient. */
  readonly winners: Int32Array;
}

interface Axis {
  readonly input: number;
  readonly output: number;
  readonly before: number;
}

/** What max pooling of `x` must give. `shape` has a batch. */
export function statedPooling(x: ArrayLike<number>, shape: readonly number[], spec: PoolSpec): Stated {
  const isFirst = spec.dataFormat === 'channelsFirst';
  const [batch, channels] = [shape[0], isFirst ? shape[1] : shape[shape.length - 1]];
  const axes = (isFirst ? shape.slice(2) : shape.slice(1, -1)).map((input, i) => axisOf(input, i, spec));
  const outputs = axes.map(({ output }) => output);
  const yShape = isFirst ? [batch, channels, ...outputs] : [batch, ...outputs, channels];
  const [xSizes, area] = [axes.map(({ input }) => input), product(axes.map(({ input }) => input))];
  const indexOf = (b: number, place: number, places: number, c: number) =>
    isFirst ? (b * channels + c) * places + place : (b * places + place) * channels + c;
  const size = product(yShape);
  const stated: Stated = { shape: yShape, values: new Float64Array(size), winners: new Int32Array(size) };
  const taps = positionsIn(spec.poolSize);
  positionsIn(outputs).forEach((output, place, { length }) => {
    const window = taps
      .map((tap) => tap.map((t, i) => output[i] * spec.strides[i] - axes[i].before + t * spec.dilationRate[i]))
      .filter((position) => position.every((p, i) => p >= 0 && p < xSizes[i]))
      .map((position) => position.reduce((index, p, i) => index * xSizes[i] + p, 0));
    for (let b = 0; b < batch; b++) {
      for (let c = 0; c < channels; c++) {
        const winner = winnerOf(
          x,
          window.map((inside) => indexOf(b, inside, area, c)),
          spec.nan === 'propagate',
        );
        const y = indexOf(b, place, length, c);
        stated.values[y] = x[winner];
        stated.winners[y] = winner;
      }
    }
  });
  return stated;
}

/** The gradient that `dy` must give: each of its elements to one winner, sums in float32 and in order. */
export function statedGradient(dy: ArrayLike<number>, { winners }: Stated, size: number): Float32Array {
  const dx = new Float32Array(size);
  winners.forEach((winner, y) => {
    dx[winner] += dy[y];
  });
  return dx;
}

/** The first NaN, if NaN propagates; else the first of the greatest numbers; else the first. */
function winnerOf(x: ArrayLike<number>, window: readonly number[], nanWins: boolean): number {
  let winner = window[0];
  for (const candidate of window) {
    if (Number.isNaN(x[candidate])) {
      if (nanWins) return candidate;
    } else if (Number.isNaN(x[winner]) || x[candidate] > x[winner]) winner = candidate;
  }
  return winner;
}

function axisOf(input: number, i: number, spec: PoolSpec): Axis {
  const stride = spec.strides[i];
  const span = (spec.poolSize[i] - 1) * spec.dilationRate[i] + 1;
  if (spec.padding === 'same') {
    const output = Math.ceil(input / stride);
    return { input, output, before: Math.floor(Math.max(0, (output - 1) * stride + span - input) / 2) };
  }
  const [before, after] = spec.padding === 'valid' ? [0, 0] : spec.padding[i];
  const steps = (input + before + after - span) / stride;
  const output = (spec.ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
  const startsPastTheEnd = spec.ceilMode && (output - 1) * stride >= input + before;
  return { input, before, output: startsPastTheEnd ? output - 1 : output };
}

/** All positions in a box, the last axis fastest. */
function positionsIn(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (positions, size) => positions.flatMap((position) => Array.from({ length: size }, (_, p) => [...position, p])),
    [[]],
  );
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}
