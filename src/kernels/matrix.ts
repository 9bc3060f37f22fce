/**
 * `implementation: 'im2col'` where a backend has kernels of ours: the textbook's steps on the matrix, each one kernel.
 *
 * The matrix, read row by row, is one line of windows that lie side by side, with a window's taps in each: pooling that line
 * gives the argmax and maximum of each row, and routing into it places each gradient at its argmax in an all-zero matrix.
 * So no kernel is needed but those that also pool directly, and both give the same bits.
 */
import { type Tensor, maximum, reshape, zerosLike } from '@tensorflow/tfjs-core';
import { type PoolGeometry, columnsShape, geometryFrom } from '../geometry';
import { sizeOf } from '../layout';
import { mapTuple } from '../map_tuple';
import { divided } from './reference';
import type { AttrsOf, InputsOf, KernelKey, OutputsOf } from './signatures';

/** Runs a kernel of the current backend. */
export type RunKernel = <K extends KernelKey>(
  key: K,
  inputs: InputsOf<K, Tensor>,
  attrs: AttrsOf<K>,
) => OutputsOf<K, Tensor>;

type Steps = {
  readonly [K in KernelKey]: (run: RunKernel, inputs: InputsOf<K, Tensor>, attrs: AttrsOf<K>) => OutputsOf<K, Tensor>;
};

/** Besides its own kernel each needs those of im2col and col2im. Call inside a tidy. */
export const MATRIX: Steps = {
  im2col: (run, inputs, attrs) => run('im2col', inputs, attrs),
  col2im: (run, inputs, attrs) => run('col2im', inputs, attrs),
  maxPool: (run, [x], { geometry: g }) => run('maxPool', [rowsOf(run, x, g, losing(x, g))], { geometry: lineOf(g) }),
  maxPoolArgmax(run, [x], { geometry: g }) {
    const rows = rowsOf(run, x, g, losing(x, g));
    const [y, argmax] = run('maxPoolArgmax', [rows], { geometry: lineOf(g), kept: false });
    return [y, realTap(run, argmax, x, g)];
  },
  scatterArgmax(run, [dy, argmax], { geometry: g }) {
    const line = lineOf(g);
    const inputs = [reshape(dy, [...line.yShape]), reshape(argmax, [...line.yShape])] as const;
    return image(run, run('scatterArgmax', inputs, { geometry: line, overlaps: 'add' })[0], g);
  },
  gatherArgmax(run, [x, argmax], { geometry: g }) {
    const line = lineOf(g);
    return run('gatherArgmax', [rowsOf(run, x, g, 0), reshape(argmax, [...line.yShape])], { geometry: line });
  },
  averagePool(run, [x], { geometry: g, divisor }) {
    const [sums] = run('averagePool', [rowsOf(run, x, g, 0)], { geometry: lineOf(g), divisor: 'one' });
    return [divided(sums, g, divisor)];
  },
  averageSpread(run, [dy], { geometry: g, divisor }) {
    const line = lineOf(g);
    const shares = reshape(divided(dy, g, divisor), [...line.yShape]);
    return image(run, run('averageSpread', [shares], { geometry: line, divisor: 'one' })[0], g);
  },
  lpPool: (run, [x], { geometry: g, p }) => run('lpPool', [rowsOf(run, x, g, 0)], { geometry: lineOf(g), p }),
  lpPoolGradient(run, [x, y, dy], { geometry: g, p }) {
    const line = lineOf(g);
    const [norms, gradients] = mapTuple([y, dy], (t) => reshape(t, [...line.yShape]));
    const rows = run('lpPoolGradient', [rowsOf(run, x, g, 0), norms, gradients], { geometry: line, p });
    return image(run, rows[0], g);
  },
};

/** The matrix as a line of one channel, and its rows per channel as windows. */
function lineOf(g: PoolGeometry): PoolGeometry {
  return geometryFrom({ xShape: [1, sizeOf(columnsShape(g)), 1], axes: [{ window: g.taps }], nan: g.spec.nan });
}

/** im2col, as the line that {@link lineOf} describes. */
function rowsOf(run: RunKernel, x: Tensor, g: PoolGeometry, padValue: number): Tensor {
  const [columns] = run('im2col', [x], { geometry: g, padValue });
  return reshape(columns, [1, columns.size, 1]);
}

/** col2im of a matrix that is such a line. */
function image(run: RunKernel, line: Tensor, g: PoolGeometry): readonly [Tensor] {
  return run('col2im', [reshape(line, columnsShape(g))], { geometry: g });
}

/** The value of padding, to which no real element loses. Where all elements equal it the first tap wins, which may be padding. */
function losing({ dtype }: Tensor, { spec }: PoolGeometry): number {
  if (dtype === 'int32') return -(2 ** 31);
  return spec.nan === 'ignore' ? NaN : -Infinity;
}

/** The argmax, with the first real tap where padding won. That is the argmax of an image whose elements are all alike. */
function realTap(run: RunKernel, argmax: Tensor, x: Tensor, g: PoolGeometry): Tensor {
  if ([g.depth, g.height, g.width].every(({ padBefore }) => padBefore === 0)) return argmax;
  const [, first] = run('maxPoolArgmax', [zerosLike(x)], { geometry: g, kept: false });
  return maximum(reshape(argmax, [-1]), reshape(first, [-1]));
}
