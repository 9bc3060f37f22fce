/** What a comparison found, in words and counts: what the terminal, Markdown and the page have in common. */
import { sizeOf } from '../layout';
import { show } from '../show';
import { KINDS, type PoolingKind } from '../kinds';
import type { Agreement, CompareRow, Deviation, GradientMass } from './report';

/** The kind of a row's pooling; undefined for one that this version does not know. */
function kindOf({ pooling }: Pick<CompareRow, 'pooling'>): PoolingKind | undefined {
  return KINDS.find(({ name }) => name === pooling);
}

/** How readers call a row's pooling. */
export function poolingLabel(row: Pick<CompareRow, 'pooling'>): string {
  return kindOf(row)?.label ?? row.pooling;
}

const VERDICTS: Readonly<Record<Deviation, string>> = {
  neither: 'both right',
  builtin: 'built-in wrong',
  ours: 'OURS WRONG',
  both: 'BOTH WRONG',
};

/** How tables call the outcome of a row. */
export function verdictText({ deviates, counterpart }: CompareRow): string {
  return counterpart === null && deviates === 'neither' ? 'ours right' : VERDICTS[deviates];
}

/** Whether this package breaks its contract there. */
export function oursDeviates({ deviates }: CompareRow): boolean {
  return deviates === 'ours' || deviates === 'both';
}

/** In how many rows who deviates, and in how many there is a built-in at all. */
export function countsOf(rows: readonly CompareRow[]): { all: number; ours: number; builtin: number; shared: number } {
  const count = (wanted: (row: CompareRow) => boolean) => rows.filter(wanted).length;
  return {
    all: rows.length,
    ours: count(oursDeviates),
    builtin: count(({ deviates }) => deviates === 'builtin' || deviates === 'both'),
    shared: count(({ counterpart }) => counterpart !== null),
  };
}

/** How ours and the built-in agree, in the values or in the gradient of a row. */
export function agreementText({ counterpart }: CompareRow, agreement: Agreement | null): string {
  if (agreement === null) return '-';
  const { equal, elements, differing, rounding, builtinError, oursError, builtinShape } = agreement;
  if (oursError !== undefined) return 'ours throws';
  if (counterpart === null) return 'no built-in';
  if (builtinError !== undefined) return 'built-in throws';
  if (builtinShape !== undefined) return `built-in gives [${builtinShape.join(', ')}]`;
  if (equal) return 'equal';
  return differing === rounding ? 'rounding' : `${differing - rounding} of ${elements} differ`;
}

const FATES: ReadonlyArray<keyof GradientMass> = ['lost', 'misplaced', 'invented'];

/** What went wrong with the built-in's gradient, and how much of it. */
export function fatesOf({ gradient }: CompareRow): Array<[fate: keyof GradientMass, share: number]> {
  const mass = gradient?.mass.builtin;
  return mass ? FATES.filter((fate) => mass[fate] > 0).map((fate) => [fate, mass[fate]]) : [];
}

/** The same in words; '' where nothing did. */
export function fatesText(row: CompareRow): string {
  return fatesOf(row)
    .map(([fate, share]) => `${percent(share)} ${fate}`)
    .join(', ');
}

/** What becomes of the gradient in the built-in. */
export function lossText(row: CompareRow): string {
  return row.gradient?.mass.builtin ? fatesText(row) || 'nothing lost' : '-';
}

/** Window and strides, as `3x3 / 2x2`, or what decides instead of them. */
export function windowText(row: CompareRow): string {
  const sizes = (value: unknown) =>
    (Array.isArray(value) ? value : new Array<unknown>(row.rank).fill(value))
      .map((size) => String(size ?? 'all'))
      .join('x');
  const { poolSize = 2, strides, outputSize } = row.options;
  switch (kindOf(row)?.windows.rule) {
    case 'whole':
      return 'the whole input';
    case 'adaptive':
      return `to ${sizes(outputSize)}`;
    default:
      return `${sizes(poolSize)} / ${sizes(strides ?? poolSize)}`;
  }
}

/** The other options that decide what comes out, where they are not the defaults; '' where all are. */
export function settingsText(row: CompareRow): string {
  const { padding = 'valid', dilationRate = 1, ceilMode, dataFormat, nan, countIncludePad, keepDims } = row.options;
  const isPadded = typeof padding !== 'string' && numbersText(padding) !== '0';
  return [
    padding === 'same' && 'same',
    isPadded && `padding ${numbersText(padding)}${countIncludePad ? ', counted' : ''}`,
    !isPadded && countIncludePad && 'padding counted',
    numbersText(dilationRate) !== '1' && `dilation ${numbersText(dilationRate)}`,
    ceilMode && 'ceil',
    nan === 'ignore' && 'NaN ignored',
    dataFormat === 'channelsFirst' && 'channels first',
    keepDims && 'axes stay',
    ...ownSettings(row),
  ]
    .filter(Boolean)
    .join(', ');
}

/** The options that are told in words, or decide nothing. */
const WORDED =
  'poolSize strides padding dilationRate ceilMode dataFormat nan implementation countIncludePad keepDims outputSize';

/** Those of one kind alone, by their names: `p 3`. */
function ownSettings(row: CompareRow): string[] {
  const { rank, options } = row;
  const own = Object.entries(kindOf(row)?.options ?? {}).filter(([name]) => !WORDED.split(' ').includes(name));
  return own.flatMap(([name, read]) => {
    const given = (options as Readonly<Record<string, unknown>>)[name];
    if (given == null || given === read({ name: 'row', option: name, rank }, undefined, {})) return [];
    return given === true ? name : `${name} ${numbersText(given)}`;
  });
}

function numbersText(value: unknown): string {
  const all = [value].flat(3);
  return all.every((one) => one === all[0]) ? String(all[0]) : show(value);
}

/** Whether a row's times tell of pooling: with fewer elements they tell of the cost of any call. */
export function isTimed({ shape, times }: CompareRow): boolean {
  return times !== null && sizeOf(shape) >= 10_000;
}

/** Ours in milliseconds, and how many times faster. */
export function timingText(row: CompareRow, which: 'forward' | 'training'): string {
  const timing = row.times?.[which];
  if (!timing || !isTimed(row)) return '-';
  return `${milliseconds(timing.ours)}${timing.ratio === null ? '' : `, ${ratioText(timing.ratio)}`}`;
}

export function ratioText(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(ratio >= 1 ? 1 : 2)}x`;
}

export function percent(share: number): string {
  return `${share >= 0.1 || share === 0 ? Math.round(share * 100) : (share * 100).toPrecision(2)} %`;
}

function milliseconds(ms: number): string {
  return `${ms >= 100 ? Math.round(ms) : ms.toPrecision(2)} ms`;
}
