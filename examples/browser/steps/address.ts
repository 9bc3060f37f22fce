/** The state of the tab as a link has it: `#steps?input=textbook&step=7&lang=ja`. */
import { type Choices, type Values, quoted, settingsOf } from '../ui/address';
import { INPUTS } from './inputs';

const LANGUAGES = ['en', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Place {
  readonly input: string;
  /** From 0; in the address, as on the page, from 1. */
  readonly step: number;
  readonly language: Language;
}

interface Chosen {
  input: string;
  lang: Language;
}

const CHOICES: Choices<Chosen> = { input: INPUTS.map(({ id }) => id), lang: LANGUAGES };

/** The language of the browser, if the tab speaks it. */
export function ownLanguage(browserLanguage: string | undefined): Language {
  return LANGUAGES.find((language) => browserLanguage?.split('-')[0] === language) ?? LANGUAGES[0];
}

/** The language is always there: its default is the reader's own. */
export function valuesOfPlace({ input, step, language }: Place): Values {
  return {
    ...(input !== INPUTS[0].id && { input }),
    ...(step > 0 && { step: String(step + 1) }),
    lang: language,
  };
}

/** What the values leave out, or have wrong, is as at the start; `lastStep` says how far the walk through an input goes. */
export function placeOf(
  values: URLSearchParams,
  language: Language,
  lastStep: (input: string) => number,
): { place: Place; problems: readonly string[] } {
  const { settings, problems } = settingsOf(values, { input: INPUTS[0].id, lang: language }, CHOICES, ['step']);
  const text = values.get('step') ?? '1';
  const last = lastStep(settings.input) + 1;
  const isStep = /^[1-9]\d{0,3}$/.test(text) && Number(text) <= last;
  if (!isStep) problems.push(`step is a number from 1 to ${last}, not ${quoted(text)}`);
  return { place: { input: settings.input, step: isStep ? Number(text) - 1 : 0, language: settings.lang }, problems };
}
