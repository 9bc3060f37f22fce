/** The walk: what happens one after the other, and the chapters that it has. */
import { type Algorithm, range } from './algorithm';

/** In the order in which they come. */
const PHASES = [
  'input',
  'padding',
  'im2col',
  'rows',
  'argmax',
  'max',
  'last',
  'y',
  'dy',
  'sent',
  'zeros',
  'place',
  'dcol',
  'col2im',
  'end',
] as const;
export type Phase = (typeof PHASES)[number];
/** These take a step for each window. */
const EACH_WINDOW: ReadonlySet<Phase> = new Set(['im2col', 'argmax', 'place', 'col2im'] as const);

export interface Step {
  readonly phase: Phase;
  /** The row of the im2col matrix, where the step is about one; else -1. */
  readonly window: number;
}

export type Chapter = 'input' | 'im2col' | 'argmax' | 'output' | 'dy' | 'dmax' | 'col2im';
/** Each chapter begins with the step of its phase. */
export const CHAPTERS: ReadonlyArray<readonly [Chapter, Phase]> = [
  ['input', 'input'],
  ['im2col', 'im2col'],
  ['argmax', 'argmax'],
  ['output', 'max'],
  ['dy', 'dy'],
  ['dmax', 'zeros'],
  ['col2im', 'col2im'],
];

export function walkOf({ windows, input }: Algorithm): Step[] {
  return PHASES.filter((phase) => phase !== 'padding' || input.padding > 0).flatMap((phase) =>
    EACH_WINDOW.has(phase) ? range(0, windows).map((window) => ({ phase, window })) : [{ phase, window: -1 }],
  );
}

export const isBackward = (phase: Phase) => PHASES.indexOf(phase) >= PHASES.indexOf('dy');
/** Whether one phase comes after another, or is the same. */
export const isFrom = (phase: Phase, start: Phase) => PHASES.indexOf(phase) >= PHASES.indexOf(start);

export function chapterOf(phase: Phase): Chapter {
  return CHAPTERS.filter(([, start]) => isFrom(phase, start)).pop()![0];
}
