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
  dy: 'ones',
};
export const filled = (height: number, width: number, value: number): number[][] =>
  Array.from({ length: height }, () => new Array<number>(width).fill(value));
