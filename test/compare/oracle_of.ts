/** What the tests' oracles say of a case of comparePooling: they know nothing of src. */
import type { CompareCase } from '../../src/compare/index';
import { adaptiveAverageOracle, adaptiveMaxOracle } from '../oracle/adaptive';
import { averageOracle, spreadOracle } from '../oracle/average';
import { type OracleOptions, type OracleTensor, layoutOf, poolOracle, scatterOracle } from '../oracle/pooling';

interface Answer {
  shape: number[];
  y: number[];
  dx: number[];
}

export function oracleOf(one: CompareCase, x: number[], dy: number[]): Answer {
  const rank = one.shape.length - 2;
  const shape = [...one.shape];
  const tensor: OracleTensor = { shape, dtype: one.dtype ?? 'float32', data: x };
  switch (one.pooling ?? 'max') {
    case 'max':
      return maxima(rank, one.options as OracleOptions, tensor, dy);
    case 'average': {
      const { countIncludePad, divisorOverride, ...options } = one.options as OracleOptions & {
        countIncludePad?: boolean;
        divisorOverride?: number | null;
      };
      return averages(rank, options, tensor, dy, divisorOverride ?? (countIncludePad ? 'padded' : 'real'));
    }
    case 'globalMax':
    case 'globalAverage': {
      // A window as large as the image.
      const { dataFormat, keepDims, nan } = one.options as { dataFormat?: never; keepDims?: boolean; nan?: never };
      const poolSize = shape.slice(1, -1);
      const answer =
        one.pooling === 'globalMax'
          ? maxima(rank, { poolSize, dataFormat, nan }, tensor, dy)
          : averages(rank, { poolSize, dataFormat }, tensor, dy, 'real');
      return keepDims ? answer : { ...answer, shape: [shape[0], shape[shape.length - 1]] };
    }
    case 'adaptiveMax': {
      const { y, dx } = adaptiveMaxOracle(rank, one.options as never, tensor, dy);
      return { shape: y.shape, y: y.data, dx: dx.data };
    }
    case 'adaptiveAverage': {
      const { y, dx } = adaptiveAverageOracle(rank, one.options as never, tensor, dy);
      return { shape: y.shape, y: y.data, dx: dx.data };
    }
    case 'lp':
      return norms(rank, one.options as OracleOptions & { p?: number; absolute?: boolean }, tensor, dy);
  }
}

function maxima(rank: number, options: OracleOptions, x: OracleTensor, dy: number[]): Answer {
  const { y, argmax } = poolOracle(rank, options, x);
  const gradient: OracleTensor = { shape: y.shape, dtype: 'float32', data: dy };
  return { shape: y.shape, y: y.data, dx: scatterOracle(rank, options, gradient, argmax, x.shape).data };
}

function averages(
  rank: number,
  options: OracleOptions,
  x: OracleTensor,
  dy: number[],
  counted: 'real' | 'padded' | number,
): Answer {
  const y = averageOracle(rank, options, x, counted);
  const gradient: OracleTensor = { shape: y.shape, dtype: 'float32', data: dy };
  return { shape: y.shape, y: y.data, dx: spreadOracle(rank, options, gradient, x.shape, counted).data };
}

/** By the definition, in double precision; one rounding at the end. */
function norms(
  rank: number,
  { p = 2, absolute, ...options }: OracleOptions & { p?: number; absolute?: boolean },
  x: OracleTensor,
  dy: number[],
): Answer {
  const { outputs, yShape } = layoutOf(rank, options, x.shape);
  const [y, dx] = [dy.map(() => 0), x.data.map(() => 0)];
  const valueOf = (at: number) => (absolute ? Math.abs(x.data[at]) : x.data[at]);
  const signOf = (at: number) => (absolute ? Math.sign(x.data[at]) : 1);
  for (const { at, candidates } of outputs) {
    y[at] = candidates.reduce((sum, c) => sum + valueOf(c.at) ** p, 0) ** (1 / p);
    for (const c of candidates) {
      if (y[at] !== 0 && signOf(c.at) !== 0) dx[c.at] += signOf(c.at) * dy[at] * (valueOf(c.at) / y[at]) ** (p - 1);
    }
  }
  return { shape: yShape, y: y.map(Math.fround), dx: dx.map(Math.fround) };
}
