/** The oracle for averages: each output adds up its list of candidates, rounding to float32 at each step. */
import { type OracleOptions, type OracleTensor, layoutOf } from './pooling';

/** What a window is divided by. */
export type Counted = 'real' | 'padded' | 'one' | number;

/** x -> y */
export function averageOracle(rank: number, options: OracleOptions, x: OracleTensor, counted: Counted): OracleTensor {
  const layout = layoutOf(rank, options, x.shape);
  const data = new Array<number>(layout.yShape.reduce((a, b) => a * b, 1)).fill(0);
  for (const { at, candidates, cells } of layout.outputs) {
    const total = candidates.reduce((sum, c) => Math.fround(sum + x.data[c.at]), 0);
    data[at] = Math.fround(total / countOf(counted, candidates.length, cells));
  }
  return { shape: layout.yShape, dtype: 'float32', data };
}

/** dy -> dx: each gradient, divided, to all candidates of its output; outputs in row-major order. */
export function spreadOracle(
  rank: number,
  options: OracleOptions,
  dy: OracleTensor,
  xShape: number[],
  counted: Counted,
): OracleTensor {
  const data = new Array<number>(xShape.reduce((a, b) => a * b, 1)).fill(0);
  for (const { at, candidates, cells } of layoutOf(rank, options, xShape).outputs) {
    const share = Math.fround(dy.data[at] / countOf(counted, candidates.length, cells));
    for (const c of candidates) data[c.at] = Math.fround(data[c.at] + share);
  }
  return { shape: xShape, dtype: 'float32', data };
}

/**
 * The gradient of sum(y * dy), and with g the gradient of sum(y * y * dy) / 2 that of sum(g * g) / 2: for a
 * linear A these are A* dy, g = A*(dy * A x) and A*(dy * A g).
 */
export function averageGradientsOracle(
  rank: number,
  options: OracleOptions,
  x: OracleTensor,
  dy: OracleTensor,
  counted: Counted,
): { dx: OracleTensor; ddx: OracleTensor } {
  const forward = (t: OracleTensor) => averageOracle(rank, options, t, counted);
  const back = (t: OracleTensor) => spreadOracle(rank, options, t, x.shape, counted);
  const times = (a: OracleTensor, b: OracleTensor): OracleTensor => ({
    ...a,
    data: a.data.map((v, i) => Math.fround(v * b.data[i])),
  });
  return { dx: back(dy), ddx: back(times(forward(back(times(forward(x), dy))), dy)) };
}

function countOf(counted: Counted, real: number, cells: number): number {
  return typeof counted === 'number' ? counted : { real, padded: cells, one: 1 }[counted];
}
