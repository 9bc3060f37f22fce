/** One sentence or two about the chosen output. */
import { type Shown, sum, winnerOf } from './analysis';
import { place, precise, short } from './format';

/** More of a window would make no sentence. */
const MOST = 9;

export function readout(shown: Shown, output: number): string {
  const { pooling, result } = shown;
  const y = `y${place(output, result.outWidth)} = ${precise(result.ours.y![output])}`;
  if (result.argmax) return `${y}: ${winnerText(shown, output)}`;
  return `${y}: ${pooling === 'lp' ? normText(shown, output) : averageText(shown, output)}`;
}

function winnerText({ image, result, analysis, withGradient }: Shown, output: number): string {
  const winner = winnerOf(result, output)!;
  const [ties, wins] = [analysis.tied[output].length, analysis.senders[winner]];
  const gets = withGradient && `gets the gradient ${precise(result.ours.dx![winner])}`;
  const does = [wins > 1 && `wins ${wins} windows`, gets].filter(Boolean).join(' and ');
  return (
    `of its window (${windowText({ image, result }, output)}) tap ${result.argmax![output]} wins` +
    `${ties > 0 ? `, the first of ${ties + 1} that are equal` : ''}. It is x${place(winner, image.width)}` +
    `${does && `, which ${does}`}.`
  );
}

function averageText(shown: Shown, output: number): string {
  const { image, result } = shown;
  const n = result.divisors![output];
  const window = result.windows[output].filter((input) => input >= 0);
  const total = precise(sum(window.map((input) => image.values[input])));
  const isCounted = n > window.length && !shown.isDivisorGiven;
  const counted = isCounted ? `${window.length} elements, padding counted as ${n - window.length} more` : '';
  return (
    `the sum of its window (${windowText(shown, output)}), ${total}, divided by ${n}${counted && ` (${counted})`}.` +
    (shown.withGradient ? ` Each element gets dy / ${n} = ${precise(result.dy[output] / n)}.` : '')
  );
}

function normText(shown: Shown, output: number): string {
  const { result } = shown;
  const shares = result.shares[output].filter((_, tap) => result.windows[output][tap] >= 0);
  const parts = shares.map((share) => short(share * result.dy[output]));
  return (
    `the p-norm of its window (${windowText(shown, output)}).` +
    (shown.withGradient ? ` Of its gradient ${precise(result.dy[output])} these get ${ended(fewOf(parts))}` : '')
  );
}

function windowText({ image, result }: Pick<Shown, 'image' | 'result'>, output: number): string {
  return fewOf(result.windows[output].map((input) => (input < 0 ? 'padding' : precise(image.values[input]))));
}

function fewOf(texts: readonly string[]): string {
  return texts.length > MOST ? `${texts.slice(0, MOST).join(', ')}, …` : texts.join(', ');
}

const ended = (sentence: string) => (sentence.endsWith('…') ? sentence : `${sentence}.`);
