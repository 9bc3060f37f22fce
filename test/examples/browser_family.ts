/** What the demo page should show of each kind of pooling, for the tests beside this file: by the definitions, in double precision, without this package. */
import { type OracleOptions, layoutOf } from '../oracle/pooling';

/** As the page's controls have them; windows are those of PyTorch's definitions. */
export type Kind =
  | { pooling: 'max'; windows: OracleOptions }
  | { pooling: 'average'; windows: OracleOptions; countIncludePad?: boolean; divisorOverride?: number }
  | { pooling: 'lp'; windows: OracleOptions; p: number; absolute?: boolean }
  | { pooling: 'globalMax' | 'globalAverage' }
  | { pooling: 'adaptiveMax' | 'adaptiveAverage'; outputSize: [number, number] };

/** Six digits are shown; float32 and a GPU's divisions and powers agree in five. */
export function expectNear(name: string, got: number[], wanted: number[]): void {
  expect([name, got.length]).toEqual([name, wanted.length]);
  const scale = Math.max(...wanted.map(Math.abs)) || 1;
  const off = got.map((value, i) => Math.abs(value - wanted[i]) / scale);
  expect([name, Math.max(...off) < 2e-5]).toEqual([name, true]);
}

interface Window {
  /** The elements that it holds, in order. */
  readonly inputs: number[];
  /** How many cells an average with countIncludePad divides by. */
  readonly cells: number;
}

interface Expected {
  readonly outHeight: number;
  readonly outWidth: number;
  readonly y: number[];
  readonly dx: number[];
  readonly windows: number[][];
  /** What each element of a window gets of a gradient of 1. */
  readonly shares: number[][];
}

export function expectedOf(kind: Kind, x: number[], [height, width]: [number, number], dyOf: (i: number) => number) {
  const { outHeight, outWidth, windows } = windowsOf(kind, height, width);
  const pooled = windows.map((window) => pool(kind, window, x));
  const dx = x.map(() => 0);
  windows.forEach(({ inputs }, output) =>
    inputs.forEach((input, i) => {
      dx[input] += pooled[output].shares[i] * dyOf(output);
    }),
  );
  const expected: Expected = {
    outHeight,
    outWidth,
    dx,
    y: pooled.map(({ y }) => y),
    windows: windows.map(({ inputs }) => inputs),
    shares: pooled.map(({ shares }) => shares),
  };
  return expected;
}

function pool(kind: Kind, { inputs, cells }: Window, x: number[]): { y: number; shares: number[] } {
  const values = inputs.map((input) => x[input]);
  if (kind.pooling === 'lp') {
    const { p } = kind;
    const y =
      p === Infinity
        ? Math.max(...values.map(Math.abs))
        : values.reduce((sum, value) => sum + value ** p, 0) ** (1 / p);
    // Of a sum every element gets all, of a norm of zeros none gets any.
    return { y, shares: values.map((value) => (p === 1 ? 1 : y === 0 ? 0 : (value / y) ** (p - 1))) };
  }
  if (kind.pooling.endsWith('verage')) {
    const given = 'divisorOverride' in kind && kind.divisorOverride;
    const counted = 'countIncludePad' in kind && kind.countIncludePad ? cells : values.length;
    const n = given || counted;
    return { y: values.reduce((a, b) => a + b, 0) / n, shares: values.map(() => 1 / n) };
  }
  const y = Math.max(...values);
  return { y, shares: values.map((_, i) => (i === values.indexOf(y) ? 1 : 0)) };
}

function windowsOf(kind: Kind, height: number, width: number) {
  if ('windows' in kind) {
    const { yShape, outputs } = layoutOf(2, kind.windows, [1, height, width, 1]);
    const windows: Window[] = [];
    for (const { at, candidates, cells } of outputs) windows[at] = { inputs: candidates.map((c) => c.at), cells };
    return { outHeight: yShape[1], outWidth: yShape[2], windows };
  }
  const [outHeight, outWidth] = 'outputSize' in kind ? kind.outputSize : [1, 1];
  const windows: Window[] = [];
  for (let row = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      const inputs: number[] = [];
      // Of the elements, those that the output's share of the image touches.
      for (let i = 0; i < height * width; i++) {
        const [r, c] = [Math.floor(i / width), i % width];
        const isIn = (at: number, out: number, input: number, place: number) =>
          (place + 1) * out > at * input && place * out < (at + 1) * input;
        if (isIn(row, outHeight, height, r) && isIn(column, outWidth, width, c)) inputs.push(i);
      }
      windows.push({ inputs, cells: inputs.length });
    }
  }
  return { outHeight, outWidth, windows };
}
