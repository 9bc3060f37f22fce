/** Everything that the Routing part's controls say, and the pooling options that follow from it. */
import type { PoolOptions } from 'tfjs-im2col-pooling';
import type { Backend } from '../shared/backends';
import { type Pooling, hasOption, isAdaptive, isWindowed, poolingTitle } from '../shared/poolings';
import type { PoolingCall } from '../workers/routing_protocol';

export type Source = 'digit' | 'photograph' | 'picture' | 'drawing' | 'numbers';
export type DyKind = 'ones' | 'ramp' | 'signs' | 'selected';
export type PaddingChoice = 'valid' | 'same' | '1' | '2';

export interface Settings {
  source: Source;
  digit: number;
  /** Height and width of every image but the presets' numbers. */
  size: number;
  pooling: Pooling;
  windowHeight: number;
  windowWidth: number;
  stride: number;
  dilation: number;
  padding: PaddingChoice;
  ceilMode: boolean;
  nan: 'propagate' | 'ignore';
  /** Of averages. */
  countIncludePad: boolean;
  /** Of adaptive pooling. */
  outputHeight: number;
  outputWidth: number;
  /** Of Lp pooling. */
  p: number;
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
  pooling: 'max',
  windowHeight: 2,
  windowWidth: 2,
  stride: 2,
  dilation: 1,
  padding: 'valid',
  ceilMode: false,
  nan: 'propagate',
  countIncludePad: false,
  outputHeight: 3,
  outputWidth: 3,
  p: 2,
  backend: 'cpu',
  dy: 'ones',
  showMatrix: false,
  showGradient: true,
  showBuiltin: true,
};

/** The settings of the pooling's own options. */
export function poolingCall(s: Settings): PoolingCall {
  const { pooling, nan, p, countIncludePad } = s;
  const settings = { ...windowOptions(s), nan, p, countIncludePad, outputSize: [s.outputHeight, s.outputWidth] };
  const options = Object.entries(settings).filter(([option]) => hasOption(pooling, option));
  return { pooling, options: Object.fromEntries(options) } as PoolingCall;
}

function windowOptions(s: Settings): PoolOptions {
  return {
    poolSize: [s.windowHeight, s.windowWidth],
    strides: [s.stride, s.stride],
    dilationRate: s.dilation,
    padding: s.padding === 'valid' || s.padding === 'same' ? s.padding : Number(s.padding),
    ceilMode: s.ceilMode,
  };
}

/** A photograph or picture needs more pixels than a digit to be recognized; a drawing keeps its size. */
export function usualSize({ source, size }: Settings): number {
  if (source === 'photograph' || source === 'picture') return 28;
  return source === 'digit' || size > 20 ? 14 : size;
}

/** As a reader would write it: `max, 2×2 window, stride 2, ...` */
export function describeOptions(s: Settings): string {
  const parts: string[] = [poolingTitle(s.pooling)];
  if (hasOption(s.pooling, 'p')) parts[0] += `, p ${s.p === Infinity ? '∞' : s.p}`;
  if (isAdaptive(s.pooling)) parts.push(`to ${s.outputHeight}×${s.outputWidth}`);
  if (isWindowed(s.pooling)) {
    parts.push(`${s.windowHeight}×${s.windowWidth} window`, `stride ${s.stride}`, `padding ${s.padding}`);
    if (s.dilation > 1) parts.push(`dilation ${s.dilation}`);
    if (s.ceilMode) parts.push('ceil mode');
  }
  return `${parts.join(', ')}, ${s.backend}`;
}
