/** The state of the tab as a link has it: `#steps?input=textbook&step=7&lang=ja`. */
import { INPUTS } from './inputs';

export const LANGUAGES = ['en', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Place {
  readonly input: string;
  /** From 0; in the address, as on the page, from 1. */
  readonly step: number;
  readonly language: Language;
}

/** The language of the browser, if the tab speaks it. */
export function ownLanguage(browserLanguage: string | undefined): Language {
  return LANGUAGES.find((language) => browserLanguage?.split('-')[0] === language) ?? LANGUAGES[0];
}

export function valuesOfPlace({ input, step, language }: Place): Record<string, string> {
  return { input, step: String(step + 1), lang: language };
}

/** What the values leave out, or have wrong, is as at the start. The step may still be past the last one of the input. */
export function placeOf(values: URLSearchParams, language: Language): Place {
  const step = values.get('step') ?? '1';
  return {
    input: INPUTS.find(({ id }) => id === values.get('input'))?.id ?? INPUTS[0].id,
    step: /^[1-9]\d{0,3}$/.test(step) ? Number(step) - 1 : 0,
    language: LANGUAGES.find((known) => known === values.get('lang')) ?? language,
  };
}
