/** The oracle for adaptive pooling: every window's candidates are listed by PyTorch's definition and read off. */
import type { OracleTensor } from './pooling';

interface Candidate {
  tap: number;
  at: number;
}
interface Window {
  at: number;
  candidates: Candidate[];
}
interface Windows {
  yShape: number[];
  windows: Window[];
}

export interface AdaptiveOptions {
  outputSize: number | ReadonlyArray<number | null>;
  dataFormat?: 'channelsLast' | 'channelsFirst';
  nan?: 'propagate' | 'ignore';
}

/** y, argmax, the gradient of sum(y * dy) and the second derivative, as gradientsOracle of pooling.ts has it. */
export function adaptiveMaxOracle(
  rank: number,
  options: AdaptiveOptions,
  x: OracleTensor,
  dy: number[],
): {
  y: OracleTensor;
  argmax: OracleTensor;
  dx: OracleTensor;
  ddx: OracleTensor;
} {
  const { yShape, windows } = windowsOf(rank, options, x.shape);
  const winners = windows.map(({ candidates }) => winnerOf(candidates, x.data, options.nan ?? 'propagate'));
  const onY = (dtype: OracleTensor['dtype'], value: (i: number) => number): OracleTensor => {
    const data = new Array<number>(windows.length).fill(0);
    windows.forEach(({ at }, i) => {
      data[at] = value(i);
    });
    return { shape: yShape, dtype, data };
  };
  const scatter = (gradient: number[]) => {
    const data = x.data.map(() => 0);
    windows.forEach(({ at }, i) => {
      data[winners[i].at] = Math.fround(data[winners[i].at] + gradient[at]);
    });
    return { ...x, data };
  };
  const gather = (from: number[]) => onY('float32', (i) => from[winners[i].at]).data;
  const times = (a: number[], b: number[]) => a.map((v, i) => Math.fround(v * b[i]));
  return {
    y: onY(x.dtype, (i) => x.data[winners[i].at]),
    argmax: onY('int32', (i) => winners[i].tap),
    dx: scatter(dy),
    ddx: scatter(times(gather(scatter(times(gather(x.data), dy)).data), dy)),
  };
}

/** The same for averages; sums are rounded to float32 at each step, but for the order that overlaps add up in. */
export function adaptiveAverageOracle(
  rank: number,
  options: AdaptiveOptions,
  x: OracleTensor,
  dy: number[],
): {
  y: OracleTensor;
  dx: OracleTensor;
  ddx: OracleTensor;
} {
  const { yShape, windows } = windowsOf(rank, options, x.shape);
  const forward = (from: number[]) => {
    const data = new Array<number>(windows.length).fill(0);
    for (const { at, candidates } of windows) {
      data[at] = Math.fround(candidates.reduce((sum, c) => Math.fround(sum + from[c.at]), 0) / candidates.length);
    }
    return data;
  };
  const back = (gradient: number[]) => {
    const data = x.data.map(() => 0);
    for (const { at, candidates } of windows) {
      for (const c of candidates) data[c.at] = Math.fround(data[c.at] + Math.fround(gradient[at] / candidates.length));
    }
    return data;
  };
  const times = (a: number[], b: number[]) => a.map((v, i) => Math.fround(v * b[i]));
  const likeX = (data: number[]): OracleTensor => ({ shape: x.shape, dtype: 'float32', data });
  return {
    y: { shape: yShape, dtype: 'float32', data: forward(x.data) },
    dx: likeX(back(dy)),
    ddx: likeX(back(times(forward(back(times(forward(x.data), dy))), dy))),
  };
}

export function adaptiveShape(rank: number, options: AdaptiveOptions, shape: number[]): number[] {
  return windowsOf(rank, options, shape).yShape;
}

/** Every window of adaptive pooling and its candidates. */
export function windowsOf(rank: number, { outputSize, dataFormat }: AdaptiveOptions, shape: number[]): Windows {
  const isFirst = dataFormat === 'channelsFirst';
  const batched = shape.length === rank + 2;
  const batch = batched ? shape[0] : 1;
  const inner = batched ? shape.slice(1) : shape;
  const channels = isFirst ? inner[0] : inner[rank];
  const inputs = isFirst ? inner.slice(1) : inner.slice(0, rank);
  const outputs =
    typeof outputSize === 'number' ? inputs.map(() => outputSize) : outputSize.map((size, i) => size ?? inputs[i]);
  const flat = (sizes: number[], b: number, at: number[], c: number) => {
    const [dims, position] = isFirst
      ? [
          [batch, channels, ...sizes],
          [b, c, ...at],
        ]
      : [
          [batch, ...sizes, channels],
          [b, ...at, c],
        ];
    return position.reduce((offset, p, k) => offset * dims[k] + p, 0);
  };
  const windows = positions([batch, ...outputs]).flatMap(([b, ...o]) =>
    Array.from({ length: channels }, (_, c): Window => {
      const ranges = o.map((i, k) => ({
        start: Math.floor((i * inputs[k]) / outputs[k]),
        end: Math.ceil(((i + 1) * inputs[k]) / outputs[k]),
      }));
      const taps = positions(ranges.map(({ start, end }) => end - start));
      return {
        at: flat(outputs, b, o, c),
        candidates: taps.map((t, tap) => ({
          tap,
          at: flat(
            inputs,
            b,
            t.map((offset, k) => ranges[k].start + offset),
            c,
          ),
        })),
      };
    }),
  );
  const spatial = isFirst ? [channels, ...outputs] : [...outputs, channels];
  return { yShape: batched ? [batch, ...spatial] : spatial, windows };
}

function winnerOf(candidates: Candidate[], x: number[], nan: 'propagate' | 'ignore'): Candidate {
  const nans = candidates.filter((c) => Number.isNaN(x[c.at]));
  const numbers = candidates.filter((c) => !Number.isNaN(x[c.at]));
  if (nans.length > 0 && (nan === 'propagate' || numbers.length === 0)) return nans[0];
  return numbers.reduce((best, c) => (x[c.at] > x[best.at] ? c : best));
}

function positions(box: readonly number[]): number[][] {
  return box.reduce<number[][]>(
    (all, size) => all.flatMap((head) => Array.from({ length: size }, (_, i) => [...head, i])),
    [[]],
  );
}
