/** The argument xShape, and the geometry of the pooling whose input has that shape. */
import { type PoolGeometry, geometryOfAnySize, poolGeometry } from '../geometry';
import { POOLING_OPTIONS, type Readers, isList, readOptions } from '../options';
import { isTensorLike, show } from '../show';
import { type PoolSpec, type SpatialRank, readOptionsFor } from '../spec';

type MaxOptions = typeof POOLING_OPTIONS.max;

/**
 * The geometry for an input of shape `xShape`.
 *
 * @param rank the number of spatial axes; inferred from options and shape where it is undefined
 * @param kind the options that the operation has
 * @throws Error if xShape is no shape, an option is wrong, or the two do not fit
 */
export function geometryFor(
  name: string,
  xShape: unknown,
  options: unknown,
  rank?: SpatialRank,
  kind: MaxOptions & Readers = POOLING_OPTIONS.max,
): PoolGeometry {
  const shape = shapeArgument(name, xShape);
  const spec: PoolSpec =
    rank === undefined ? readOptionsFor(name, shape, kind, options, 'xShape') : readOptions(name, rank, kind, options);
  return poolGeometry(name, spec, shape, 'xShape');
}

/** The same where no tensor of that shape is made: it may be of any size. */
export function geometryForIndices(name: string, xShape: unknown, options: unknown): PoolGeometry {
  const shape = shapeArgument(name, xShape);
  return geometryOfAnySize(name, readOptionsFor(name, shape, POOLING_OPTIONS.max, options, 'xShape'), shape, 'xShape');
}

/** A copy of an array or typed array; its elements are checked with the geometry. */
function shapeArgument(name: string, xShape: unknown): number[] {
  if (!isList(xShape)) {
    const hint = isTensorLike(xShape) ? '; did you mean its shape?' : '.';
    throw new Error(
      `${name}: expected xShape, the shape of the pooling's input, to be an array of sizes; got ${show(xShape)}${hint}`,
    );
  }
  return Array.from(xShape as ArrayLike<number>);
}
