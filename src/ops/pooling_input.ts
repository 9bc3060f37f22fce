/** The ranks that an operation's name fixes, in the types of what it takes. */
import type { Rank, Tensor, TensorLike } from '@tensorflow/tfjs-core';
import type { SpatialRank } from '../spec';

/** The ranks of tensors with so many spatial axes: with a batch and without. */
interface Ranks {
  1: Rank.R2 | Rank.R3;
  2: Rank.R3 | Rank.R4;
  3: Rank.R4 | Rank.R5;
}

/** What the compiler says of a tensor of another rank. */
interface Expected {
  1: 'expected a tensor of rank 2 or 3: [batch, length, channels], or without batch';
  2: 'expected a tensor of rank 3 or 4: [batch, height, width, channels], or without batch';
  3: 'expected a tensor of rank 4 or 5: [batch, depth, height, width, channels], or without batch';
}

/**
 * A tensor to pool over so many spatial axes, or numbers. One whose type says another rank does not compile; a plain
 * `tf.Tensor` may have any rank, and is checked when it is used.
 */
export type PoolingInput<T extends Tensor, Axes extends SpatialRank> = (T | TensorLike) &
  ([T['rankType']] extends [Exclude<Rank, Ranks[Axes]>] ? Expected[Axes] : unknown);
