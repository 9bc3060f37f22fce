/** Everything that the Routing part's controls say, and the pooling options that follow from it. */
import type { PoolOptions } from 'tfjs-im2col-pooling';
import { BACKENDS, type Backend } from '../shared/backends';
import { type Pooling, hasOption, isAdaptive, isWindowed, poolingNames, poolingTitle } from '../shared/poolings';
import type { Choices } from '../ui/address';
import type { PoolingCall } from '../workers/routing_protocol';

export type Source = 'digit' | 'photograph' | 'picture' | 'drawing' | 'numbers';
export type DyKind = 'ones' | 'ramp' | 'signs' | 'selected';
export type Overlaps = 'add' | 'write';
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
  divisorOverride: number | null;
  /** Of adaptive pooling; null: as many as the input has. */
  outputHeight: number | null;
  outputWidth: number | null;
  /** Of Lp pooling. */
  p: number;
  absolute: boolean;
  /** Of unpooling. */
  overlaps: Overlaps;
  backend: Backend;
  dy: DyKind;
  showMatrix: boolean;
  showGradient: boolean;
  showBuiltin: boolean;
  showUnpooling: boolean;
}

const FEW = [1, 2, 3, 4, 5];
const ON_OFF = [false, true];

/** What the controls offer, and a link may ask for. */
export const CHOICES: Choices<Settings> = {
  source: ['digit', 'photograph', 'picture', 'drawing', 'numbers'],
  digit: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  size: [8, 10, 14, 20, 28],
  pooling: poolingNames(),
  windowHeight: FEW,
  windowWidth: FEW,
  stride: [1, 2, 3, 4],
  dilation: [1, 2, 3],
  padding: ['valid', 'same', '1', '2'],
  ceilMode: ON_OFF,
  nan: ['propagate', 'ignore'],
  countIncludePad: ON_OFF,
  divisorOverride: [null, 1, 2, 4, 9],
  outputHeight: [...FEW, null],
  outputWidth: [...FEW, null],
  p: [1, 2, 3, 10, Infinity],
  absolute: ON_OFF,
  overlaps: ['add', 'write'],
  backend: BACKENDS,
  dy: ['ones', 'ramp', 'signs', 'selected'],
  showMatrix: ON_OFF,
  showGradient: ON_OFF,
  showBuiltin: ON_OFF,
  showUnpooling: ON_OFF,
};

/** The page opens on the first preset, which says more; these are its settings, too. */
export const DEFAULTS: Readonly<Settings> = {
  source: 'numbers',
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
  divisorOverride: null,
  outputHeight: 3,
  outputWidth: 3,
  p: 2,
  absolute: false,
  overlaps: 'add',
  backend: 'wasm',
  dy: 'ones',
  showMatrix: false,
  showGradient: true,
  showBuiltin: true,
  showUnpooling: false,
};

/** The settings of the pooling's own options. */
export function poolingCall(s: Settings): PoolingCall {
  const { pooling, nan, p, absolute, countIncludePad, divisorOverride } = s;
  const own = { nan, p, absolute, countIncludePad, divisorOverride, outputSize: [s.outputHeight, s.outputWidth] };
  const settings = { ...windowOptions(s), ...own };
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
  if (hasOption(s.pooling, 'absolute') && s.absolute) parts.push('of magnitudes');
  if (hasOption(s.pooling, 'divisorOverride') && s.divisorOverride) parts.push(`divided by ${s.divisorOverride}`);
  if (isAdaptive(s.pooling)) parts.push(`to ${s.outputHeight ?? 'all'}×${s.outputWidth ?? 'all'}`);
  if (isWindowed(s.pooling)) {
    parts.push(`${s.windowHeight}×${s.windowWidth} window`, `stride ${s.stride}`, `padding ${s.padding}`);
    if (s.dilation > 1) parts.push(`dilation ${s.dilation}`);
    if (s.ceilMode) parts.push('ceil mode');
  }
  return `${parts.join(', ')}, ${s.backend}`;
}
