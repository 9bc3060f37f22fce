/** What the contract says of a pooling and an input: numbers, and how far from them rounding alone may lead. */

/** In place of a slack: nothing is promised of this number. */
export const UNPROMISED = -1;

/** A result as the contract has it. */
export interface Stated {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** How far rounding may move each number; without it every number is exact. */
  readonly slack?: ArrayLike<number>;
}

/** What the contract says of an input. */
export interface Statement {
  readonly values: Stated;
  /** Whether the gradient that goes in arrives at the input, in sum; else its mass tells nothing. */
  readonly passesMassOn: boolean;
  /** What the gradient `dy` must become. */
  gradient(dy: ArrayLike<number>): Stated;
}
