/** A report's numbers in a few words. */
import type { Agreement, CompareRow, GradientAgreement, Timing } from 'tfjs-im2col-pooling/compare';
import { isWindowed } from '../shared/poolings';

/** There is no such row, or nothing to say. */
export const NONE = '–';

export function agreementText({ counterpart }: CompareRow, agreement: Agreement): string {
  const { oursError, builtinError, builtinShape, equal, differing, rounding, elements } = agreement;
  if (oursError !== undefined) return 'ours throws';
  if (counterpart === null) return agreement.deviates === 'neither' ? 'right' : 'wrong';
  if (builtinError !== undefined) return 'built-in throws';
  if (builtinShape) return `built-in has shape ${builtinShape.join('×')}`;
  if (equal) return 'equal';
  return differing === rounding ? 'equal but for rounding' : `${differing - rounding} of ${elements} differ`;
}

/** What became of the built-in's gradient says more than how many elements differ. */
export function gradientText(row: CompareRow, gradient: GradientAgreement): string {
  const mass = gradient.mass.builtin;
  if (gradient.equal || mass === null) return agreementText(row, gradient);
  const share = (part: number) => `${(part * 100).toFixed(part < 0.1 ? 1 : 0)}\u00a0%`;
  const fates = [
    ['lost', mass.lost],
    ['misplaced', mass.misplaced],
    ['invented', mass.invented],
  ] as const;
  return (
    fates
      .filter(([, part]) => part > 0)
      .map(([fate, part]) => `${share(part)} ${fate}`)
      .join(', ') || agreementText(row, gradient)
  );
}

/** A browser's clock ticks every 0.1 ms: of what takes less than this it can only be said that it does. */
const SHORTEST_MS = 0.5;
/** Elements of an input. Of smaller ones the time is the cost of a call, not that of pooling. */
const SMALLEST_TIMED = 10_000;

/** `4.2× forward, 12× training`; of what cannot be told nothing. */
export function speedsText({ shape, times }: CompareRow): string {
  if (shape.reduce((a, b) => a * b, 1) < SMALLEST_TIMED) return '';
  const told = [
    [speedText(times?.forward), 'forward'],
    [speedText(times?.training), 'training'],
  ].filter(([speed]) => speed !== NONE);
  return told.map((words) => words.join(' ')).join(', ');
}

/** What the marks and the times of the table mean. */
export const READING: ReadonlyArray<readonly [term: string, meaning: string]> = [
  ['✓', 'right'],
  ['≠', 'the built-in is wrong'],
  ['!', 'ours is wrong'],
  ['lost', 'gradient that does not arrive'],
  ['misplaced', 'gradient that arrives at another element'],
  ['invented', 'gradient that nobody sent'],
  ['4.2×', 'so many times as fast as the built-in; below 1 slower'],
  [
    'over, under',
    `one of the two takes less than ${SHORTEST_MS} ms, too short for a browser’s clock: at least, at most so much`,
  ],
  [
    'no time',
    `both take less than that, there is no built-in, or the input has fewer than ${SMALLEST_TIMED.toLocaleString('en')} elements`,
  ],
];

/** `4.2×`: how many times faster than the built-in; nothing where both are too short to say, or there is no built-in. */
function speedText(timing: Timing | null | undefined): string {
  if (!timing || timing.builtin === null) return NONE;
  const { ours, builtin } = timing;
  if (Math.max(ours, builtin) < SHORTEST_MS) return NONE;
  const ratio = Math.max(builtin, SHORTEST_MS) / Math.max(ours, SHORTEST_MS);
  const bound = ours < SHORTEST_MS ? 'over ' : builtin < SHORTEST_MS ? 'under ' : '';
  return `${bound}${ratio.toFixed(ratio < 10 ? 1 : 0)}×`;
}

export function timingTitle(timing: Timing | null | undefined): string {
  if (!timing) return '';
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  return `ours ${ms(timing.ours)}${timing.builtin === null ? '' : `, built-in ${ms(timing.builtin)}`}`;
}

/** `1×5×5×2, window 3, stride 2`: the input's shape, and the options that are not left out. */
export function shapeText({ shape, pooling, options }: CompareRow): string {
  return [shape.join('×'), ...(isWindowed(pooling) ? windowParts(options) : []), ...ownParts(options)].join(', ');
}

function windowParts({ poolSize, strides, padding, dilationRate, ceilMode }: CompareRow['options']): string[] {
  const parts = [`window ${plain(poolSize ?? 2)}`];
  if (strides !== undefined && strides !== null) parts.push(`stride ${plain(strides)}`);
  if (padding !== undefined && padding !== 'valid') parts.push(`padding ${plain(padding)}`);
  if (dilationRate !== undefined && plain(dilationRate) !== '1') parts.push(`dilation ${plain(dilationRate)}`);
  if (ceilMode) parts.push('ceil');
  return parts;
}

/** What only some kinds of pooling have. */
function ownParts({ outputSize, p, absolute, countIncludePad, divisorOverride }: CompareRow['options']): string[] {
  const parts: string[] = [];
  if (outputSize !== undefined) parts.push(`to ${plain(outputSize)}`);
  if (p !== undefined) parts.push(`p ${p === Infinity || p === 'Infinity' ? '∞' : p}`);
  if (absolute) parts.push('magnitudes');
  if (countIncludePad) parts.push('padding counted');
  if (divisorOverride) parts.push(`divided by ${divisorOverride}`);
  return parts;
}

function plain(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.map((one) => (Array.isArray(one) ? `[${one.join(', ')}]` : String(one))).join('×');
}
