/** What a preset is, and the options that most of them have. */
import type { Backend } from '../shared/backends';
import type { Settings } from './settings';

export interface Preset {
  readonly id: string;
  readonly title: string;
  /** What to look at. */
  readonly about: string;
  readonly rows: ReadonlyArray<readonly number[]>;
  readonly settings: Partial<Settings>;
  /** Where the defect shows, best first; empty: everywhere. */
  readonly backends: readonly Backend[];
}

/** 2x2 windows side by side. */
export const PLAIN: Partial<Settings> = {
  pooling: 'max',
  windowHeight: 2,
  windowWidth: 2,
  stride: 2,
  dilation: 1,
  padding: 'valid',
  ceilMode: false,
  nan: 'propagate',
  countIncludePad: false,
  divisorOverride: null,
  dy: 'ones',
};
/** Of odd sides, so that the last windows of 2x2 are partial. */
export const ODD: readonly number[][] = [
  [1, 4, 2, 8, 5],
  [7, 3, 9, 6, 1],
  [2, 8, 4, 3, 7],
  [6, 5, 1, 9, 2],
  [3, 7, 8, 4, 6],
];
export const filled = (height: number, width: number, value: number): number[][] =>
  Array.from({ length: height }, () => new Array<number>(width).fill(value));
