/** How sentences name cells, and how they list what may be too long for a sentence. */
import type { Shown } from './analysis';
import { place, precise, short } from './format';

/** More would make no sentence. */
const MOST = 9;

type Named = Pick<Shown, 'image' | 'result'>;

export const inputName = ({ image }: Named, input: number) => `x${place(input, image.width)}`;

export const outputName = ({ result }: Named, output: number) => `y${place(output, result.outWidth)}`;

export const outputNames = (shown: Named, outputs: readonly number[]) =>
  fewOf(outputs.map((output) => outputName(shown, output)));

export const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

export function fewOf(texts: readonly string[]): string {
  return texts.length > MOST ? `${texts.slice(0, MOST).join(', ')}, …` : texts.join(', ');
}

/** As a sentence ends. */
export const ended = (sentence: string) => (sentence.endsWith('…') ? sentence : `${sentence}.`);

/** `1 + 3 = 4`; of a single one itself. */
export function sumText(parts: readonly number[], total: number): string {
  if (parts.length < 2) return precise(total);
  const written = parts.slice(0, MOST).map(short);
  if (parts.length > MOST) written.push('…');
  return `${written.join(' + ').replace(/\+ −/g, '− ')} = ${precise(total)}`;
}
