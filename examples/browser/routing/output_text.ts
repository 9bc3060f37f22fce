/** An output in words: its window, and who won it or what it gives to each element. */
import { type Shown, sum, winnerOf } from './analysis';
import { ended, fewOf, inputName, outputName } from './cell_names';
import { place, precise, short } from './format';
import { gradientSum } from './input_text';

export function valueText(shown: Shown, output: number): string {
  const y = `${outputName(shown, output)} = ${precise(shown.result.ours.y![output])}`;
  return `${y}: ${windowText(shown, output)}${builtinHas(shown, output)}`;
}

/** What follows the name of an output. */
export function windowText(shown: Shown, output: number): string {
  if (shown.result.argmax) return winnerText(shown, output);
  return shown.pooling === 'lp' ? normText(shown, output) : averageText(shown, output);
}

/** A gradient that is sent back, by the output that it is of. */
export function sentText(shown: Shown, output: number): string {
  const { result } = shown;
  const dy = `dy${place(output, result.outWidth)} = ${precise(result.dy[output])}`;
  const winner = winnerOf(result, output);
  if (winner !== undefined) {
    const [name, value] = [inputName(shown, winner), precise(shown.image.values[winner])];
    const isAll = shown.analysis.senders[winner] === 1 && builtinSends(shown, winner) === '';
    const arrives = isAll ? '' : ` ${name} gets ${gradientSum(shown, winner)}${builtinSends(shown, winner)}.`;
    return `${dy} goes to ${name} = ${value}, the winner of its window (${valuesText(shown, output)}).${arrives}`;
  }
  const window = `the elements of its window (${valuesText(shown, output)})`;
  if (shown.pooling === 'lp') return `${dy}: of it, ${window} get ${normShares(shown, output)}`;
  const n = result.divisors![output];
  return `${dy}, divided by ${n}: each of ${window} gets ${precise(result.dy[output] / n)}.`;
}

function winnerText(shown: Shown, output: number): string {
  const { result, analysis, withGradient } = shown;
  const winner = winnerOf(result, output)!;
  const [ties, wins] = [analysis.tied[output].length, analysis.senders[winner]];
  const gets = withGradient && `gets the gradient ${precise(result.ours.dx![winner])}`;
  const does = [wins > 1 && `wins ${wins} windows`, gets].filter(Boolean).join(' and ');
  return (
    `of its window (${valuesText(shown, output)}) tap ${result.argmax![output]} wins` +
    `${ties > 0 ? `, the first of ${ties + 1} that are equal` : ''}. It is ${inputName(shown, winner)}` +
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
    `the sum of its window (${valuesText(shown, output)}), ${total}, divided by ${n}${counted && ` (${counted})`}.` +
    (shown.withGradient ? ` Each element gets dy / ${n} = ${precise(result.dy[output] / n)}.` : '')
  );
}

function normText(shown: Shown, output: number): string {
  const { result, withGradient } = shown;
  const gets = ` Of its gradient ${precise(result.dy[output])} these get ${normShares(shown, output)}`;
  return `the p-norm of its window (${valuesText(shown, output)}).${withGradient ? gets : ''}`;
}

function normShares({ result }: Shown, output: number): string {
  const shares = result.shares[output].filter((_, tap) => result.windows[output][tap] >= 0);
  return ended(fewOf(shares.map((share) => short(share * result.dy[output]))));
}

function valuesText({ image, result }: Shown, output: number): string {
  return fewOf(result.windows[output].map((input) => (input < 0 ? 'padding' : precise(image.values[input]))));
}

/** Nothing, where it has the same. */
function builtinHas({ result, analysis, withBuiltin }: Shown, output: number): string {
  if (!withBuiltin || !analysis.yWrong.has(output)) return '';
  const place = analysis.places.indexOf(output);
  return place < 0 ? ' The built-in has no such output.' : ` The built-in has ${precise(result.builtin.y![place])}.`;
}

function builtinSends({ result, analysis, withBuiltin }: Shown, input: number): string {
  const isWrong = withBuiltin && analysis.dxDiffers.has(input);
  return isWrong ? `; the built-in sends it ${precise(result.builtin.dx![input])}` : '';
}
