/** Everything that the Routing part's controls say, and the pooling options that follow from it. */
import type { PoolOptions } from 'tfjs-im2col-pooling';
import type { Backend } from '../shared/backends';

export type Source = 'digit' | 'photograph' | 'drawing' | 'numbers';
export type DyKind = 'ones' | 'ramp' | 'signs' | 'selected';
export type PaddingChoice = 'valid' | 'same' | '1' | '2';

export interface Settings {
  source: Source;
  digit: number;
  /** Height and width of every image but the presets' numbers. */
  size: number;
  windowHeight: number;
  windowWidth: number;
  stride: number;
  dilation: number;
  padding: PaddingChoice;
  ceilMode: boolean;
  nan: 'propagate' | 'ignore';
  backend: Backend;
  dy: DyKind;
  showMatrix: boolean;
  showGradient: boolean;
  showBuiltin: boolean;
}

export const SIZES = [8, 10, 14, 20, 28] as const;

export const DEFAULTS: Readonly<Settings> = {
  source: 'digit',
  digit: 3,
  size: 14,
  windowHeight: 2,
  windowWidth: 2,
  stride: 2,
  dilation: 1,
  padding: 'valid',
  ceilMode: false,
  nan: 'propagate',
  backend: 'cpu',
  dy: 'ones',
  showMatrix: false,
  showGradient: true,
  showBuiltin: true,
};

export function poolOptions(s: Settings): PoolOptions {
  return {
    poolSize: [s.windowHeight, s.windowWidth],
    strides: [s.stride, s.stride],
    dilationRate: s.dilation,
    padding: s.padding === 'valid' || s.padding === 'same' ? s.padding : Number(s.padding),
    ceilMode: s.ceilMode,
    nan: s.nan,
  };
}

/** A photograph needs more pixels than a digit to be recognized; a drawing keeps its size. */
export function usualSize({ source, size }: Settings): number {
  return source === 'photograph' ? 28 : source === 'digit' ? 14 : size > 20 ? 14 : size;
}

/** As a reader would write it: `poolSize 2×2, strides 2, ...` */
export function describeOptions(s: Settings): string {
  const parts = [`${s.windowHeight}×${s.windowWidth} window`, `stride ${s.stride}`, `padding ${s.padding}`];
  if (s.dilation > 1) parts.push(`dilation ${s.dilation}`);
  if (s.ceilMode) parts.push('ceil mode');
  return `${parts.join(', ')}, ${s.backend}`;
}
