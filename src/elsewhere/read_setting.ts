/** Readers of other frameworks' settings. No tensors and no tfjs import. */
import { isList } from '../options';
import { show } from '../show';
import type { SpatialRank } from '../spec';

/** Which setting is read, and for whom; errors begin with the name. */
export interface Setting {
  readonly name: string;
  readonly option: string;
  /** The number of spatial axes, where it is known. */
  readonly rank: SpatialRank | undefined;
}

type Sizes = number | readonly number[];

/** One integer for all axes, or one per axis; a list of one stands for all. `least` is the smallest. */
export function readSizes({ name, option, rank }: Setting, value: unknown, least: 0 | 1): Sizes {
  const isGood = (size: unknown): size is number => Number.isSafeInteger(size) && (size as number) >= least;
  const list = isList(value) ? Array.from(value) : [value];
  const fits = list.length === 1 || (rank === undefined ? list.length <= 3 : list.length === rank);
  if (list.length === 0 || !fits || !list.every(isGood)) {
    const number = least === 1 ? 'a positive integer' : 'a non-negative integer';
    throw new Error(
      `${name}: expected ${option} to be ${number}, or one per spatial axis` +
        `${rank === undefined ? '' : ` (${rank})`}; got ${show(value)}.`,
    );
  }
  return list.length === 1 ? list[0]! : list;
}

/** True or false, which ONNX writes as 1 and 0. */
export function readFlag({ name, option }: Setting, value: unknown): boolean {
  if (value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  throw new Error(`${name}: expected ${option} to be true or false; got ${show(value)}.`);
}

/** A positive number, Infinity included. */
export function readPositive({ name, option }: Setting, value: unknown): number {
  if (typeof value === 'number' && value > 0) return value;
  throw new Error(`${name}: expected ${option} to be a positive number; got ${show(value)}.`);
}

/** Whether a value, or each element of a list, is `wanted`. */
export function isAll(value: unknown, wanted: unknown): boolean {
  return isList(value) ? Array.from(value).every((element) => element === wanted) : value === wanted;
}
