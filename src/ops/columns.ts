/**
 * The im2col matrix: im2col and its adjoint col2im, each the gradient of the other.
 */
import { type Tensor, type TensorLike, customGrad, tidy } from '@tensorflow/tfjs-core';
import { run } from '../dispatch';
import { type PoolGeometry, columnsShape, geometryFrom, poolGeometry } from '../geometry';
import { batchOf, channelsOf, checkElements, sizeOf, spatialOf } from '../layout';
import { POOLING_OPTIONS } from '../options';
import { type OrDefault, type PoolOptions, readOptionsFor } from '../spec';
import { checkShapeOf, tensorArgument, viewAs } from './canonical';
import { geometryFor } from './x_shape';

/** Pooling options, and what padding reads as. */
export interface Im2ColOptions extends PoolOptions {
  /** The value of padded elements in the matrix. Default 0. */
  padValue?: number;
}

/**
 * Lays out every window of x as matrix rows: `columns[(b, o), c * taps + t]` is the element of channel
 * `c` under tap `t` of the window at output position `o`.
 *
 * The number of spatial axes is the length of any option given per axis, else `x.rank - 2`.
 *
 * @param x float32 or int32, [batch, ...spatial, channels] or without batch
 * @returns the matrix [batch * ...out, channels * taps], rows in (batch, out) order, columns channel-major, then tap
 * @throws Error on wrong options, dtype or rank
 *
 * @example
 * ```js
 * const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
 * im2col(x, { poolSize: 2 }).print(); // [[1, 2, 3, 4]]
 * ```
 * @see Chellapilla, Puri and Simard, High Performance Convolutional Neural Networks for Document Processing (2006)
 */
export function im2col(x: Tensor | TensorLike, options?: OrDefault<Im2ColOptions>): Tensor {
  const name = 'im2col';
  return tidy(name, () => {
    const $x = tensorArgument(name, 'x', x);
    const spec = readOptionsFor(name, $x.shape, POOLING_OPTIONS.columns, options);
    const g = poolGeometry(name, spec, $x.shape);
    const matrix = matrixGeometry(g);
    checkElements(name, 'columns', columnsShape(matrix));
    return toColumns(channelsToEnd($x, g, matrix), matrix, spec.padValue);
  });
}

/**
 * The adjoint of {@link im2col}: adds every matrix element to the input element that it stands for.
 * Overlaps add up in row-major order of the outputs, in float32; padding is dropped.
 *
 * @param columns [batch * ...out, channels * taps], as im2col gives
 * @param xShape the shape of im2col's x
 * @returns a tensor of shape `xShape`
 * @throws Error on wrong options, dtype, or a shape that does not belong to xShape
 *
 * @example
 * ```js
 * const columns = tf.tensor2d([[1, 2, 3, 4]]);
 * col2im(columns, [1, 2, 2, 1], { poolSize: 2 }).print();
 * ```
 */
export function col2im(
  columns: Tensor | TensorLike,
  xShape: readonly number[],
  options?: OrDefault<Im2ColOptions>,
): Tensor {
  const name = 'col2im';
  const g = geometryFor(name, xShape, options, undefined, POOLING_OPTIONS.columns);
  return tidy(name, () => {
    const $columns = tensorArgument(name, 'columns', columns);
    const matrix = matrixGeometry(g);
    checkShapeOf(name, 'columns', $columns.shape, columnsShape(matrix), 'for this xShape and these options');
    return channelsToFront(fromColumns($columns, matrix), g, matrix);
  });
}

/** The geometry of the matrix that the user sees, which has all channels of a window in a row: channels last. */
function matrixGeometry(g: PoolGeometry): PoolGeometry {
  const { spec, xShape } = g;
  if (spec.dataFormat === 'channelsLast') return g;
  const batch = xShape.slice(0, xShape.length - spec.rank - 1);
  const shape = [...batch, ...spatialOf(spec, xShape), channelsOf(spec, xShape)];
  const axes = [g.depth, g.height, g.width].slice(-spec.rank);
  return geometryFrom({ xShape: shape, axes, implementation: spec.implementation });
}

/** x as `matrix` has it. */
function channelsToEnd(x: Tensor, g: PoolGeometry, matrix: PoolGeometry): Tensor {
  if (g === matrix || x.size === 0) return viewAs(x, matrix.xShape);
  const swap = transposition(g);
  return viewAs(toColumns(viewAs(x, swap.xShape), swap, 0), matrix.xShape);
}

/** The inverse, and the adjoint, of {@link channelsToEnd}. */
function channelsToFront(x: Tensor, g: PoolGeometry, matrix: PoolGeometry): Tensor {
  if (g === matrix || x.size === 0) return viewAs(x, g.xShape);
  const swap = transposition(g);
  return viewAs(fromColumns(viewAs(x, columnsShape(swap)), swap), g.xShape);
}

/**
 * [batch, channels, positions] -> [batch, positions, channels]: the matrix of a window that holds all of the first axis.
 * Core's transpose does not compile for int32 on WebGPU.
 */
function transposition({ spec, xShape }: PoolGeometry): PoolGeometry {
  const channels = channelsOf(spec, xShape);
  const shape = [batchOf(spec, xShape), channels, sizeOf(spatialOf(spec, xShape))];
  return geometryFrom({ xShape: shape, axes: [{ window: channels }], implementation: spec.implementation });
}

/** x -> the matrix of what kernels see, whose channels come last; its gradient is col2im's. Call inside a tidy. */
export function toColumns(x: Tensor, g: PoolGeometry, padValue: number): Tensor {
  return customGrad((xInput) => ({
    value: run('im2col', [xInput as Tensor], { geometry: g, padValue })[0],
    gradFunc: (dColumns) => fromColumns(dColumns, g),
  }))(x);
}

/** The adjoint of {@link toColumns}. Call inside a tidy. */
export function fromColumns(columns: Tensor, g: PoolGeometry): Tensor {
  return customGrad((columnsInput) => ({
    value: run('col2im', [columnsInput as Tensor], { geometry: g })[0],
    // The derivative of what padding reads as is 0.
    gradFunc: (dx) => toColumns(dx, g, 0),
  }))(columns);
}
