/**
 * The address of the page holds what it shows, so that a link can be shared: `#part?name=value&...`, and only what is not the
 * default. Anybody may have written a link: a value that is not one of those offered becomes the default, and that is said.
 */

/** What a part writes into the address. */
export type Values = Readonly<Record<string, string>>;

/** A part whose state the address holds. */
export interface Addressed {
  values(): Values;
  /** Shows what the values say, and the defaults for the others. Returns in words what could not be taken from them. */
  restore(values: URLSearchParams): readonly string[];
}

/** `push`: the browser's back button returns to what was shown before. */
export type AddressChange = 'push' | 'replace';

/** For each setting, the values that the page offers. */
export type Choices<S> = { readonly [K in keyof S]: ReadonlyArray<S[K]> };

export interface Place {
  readonly part: string;
  readonly values: URLSearchParams;
}

/** Letters of a link: 4 channels of 16 x 16 long numbers have fewer. */
const LONGEST = 40_000;
/** Whatever is quoted of a link is cut here. */
const LONGEST_QUOTE = 30;
const MOST_PROBLEMS = 3;

export function placeIn(hash: string): Place {
  const text = hash.replace(/^#/, '').slice(0, LONGEST);
  const [part] = text.split('?', 1);
  return { part, values: new URLSearchParams(text.slice(part.length + 1)) };
}

export function hashOf(part: string, values: Values): string {
  // Commas, semicolons and bars stand for themselves in the part behind '#': numbers stay legible.
  const query = new URLSearchParams(values).toString().replace(/%2C/g, ',').replace(/%3B/g, ';').replace(/%7C/g, '|');
  return `#${part}${query === '' ? '' : `?${query}`}`;
}

/** The settings that differ from these. */
export function valuesOf<S extends object>(settings: S, defaults: S): Values {
  const differing = Object.entries(settings).filter(([name, value]) => value !== defaults[name as keyof S]);
  return Object.fromEntries(differing.map(([name, value]) => [name, String(value)]));
}

/** `others`: names that the part reads by itself. */
export function settingsOf<S extends object>(
  values: URLSearchParams,
  defaults: S,
  choices: Choices<S>,
  others: readonly string[] = [],
): { settings: S; problems: string[] } {
  const settings = { ...defaults };
  const problems: string[] = [];
  for (const name of new Set(values.keys())) {
    const text = values.get(name)!;
    if (Object.keys(choices).includes(name)) {
      const key = name as keyof S;
      const found = choices[key].find((choice) => String(choice) === text);
      if (found === undefined) problems.push(`${name} is one of ${choices[key].join(', ')}, not ${quoted(text)}`);
      else settings[key] = found;
    } else if (!others.includes(name)) problems.push(`there is no setting ${quoted(name)}`);
  }
  return { settings, problems };
}

export function quoted(text: string): string {
  return `“${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text}”`;
}

/** One sentence of all that is wrong with a link; nothing, if nothing is. */
export function linkProblem(problems: readonly string[]): string {
  if (problems.length === 0) return '';
  const more = problems.length - MOST_PROBLEMS;
  const told = problems.slice(0, MOST_PROBLEMS).join('; ') + (more > 0 ? `; and ${more} more` : '');
  return `This link is not quite right: ${told}. The usual settings are shown in their place.`;
}

/** The page shows a part alone, for a frame in another page: `?embed`. */
export const isEmbedded = () => new URLSearchParams(location.search).has('embed');
