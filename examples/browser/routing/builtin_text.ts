/** A cell of the built-in's in words: what it has, what is right, and where its gradient went. */
import type { Shown } from './analysis';
import { inputName } from './cell_names';
import { place, precise } from './format';
import { ownText } from './input_text';
import { windowText } from './output_text';

/** More elements would make no sentence. */
const MOST = 3;

/** `index`: in the built-in's own shape. */
export function builtinValueText(shown: Shown, index: number): string {
  const { result, analysis } = shown;
  const { y, shape } = result.builtin;
  const has = `The built-in’s y${place(index, shape![2])} = ${precise(y![index])}`;
  const output = analysis.places[index];
  if (output < 0) return `${has}: ours has no output there.`;
  const verdict = analysis.yDiffers.has(index) ? `; right is ${precise(result.ours.y![output])}` : ', as ours';
  return `${has}${verdict}: ${windowText(shown, output)}`;
}

export function builtinGradientText(shown: Shown, input: number): string {
  const { image, result, analysis } = shown;
  const has = `The built-in’s dx${place(input, image.width)} = ${precise(result.builtin.dx![input])}`;
  if (!analysis.dxDiffers.has(input)) return `${has}, as ours. ${ownText(shown, input)}`;
  return `${has}; right is ${precise(result.ours.dx![input])}.${exchangeText(shown, input)} ${ownText(shown, input)}`;
}

/**
 * Which elements have too much of what is missing here, or too little of what is too much: those of its own windows; or else
 * those elsewhere for which no element of their own windows makes up.
 */
function exchangeText(shown: Shown, input: number): string {
  const { result, analysis } = shown;
  const [theirs, ours] = [result.builtin.dx!, result.ours.dx!];
  const excess = (at: number) => theirs[at] - ours[at];
  if (!Number.isFinite(excess(input))) return '';
  const matching = (of: number) => [...analysis.dxDiffers].filter((other) => excess(other) * excess(of) < 0);
  const near = (of: number) => {
    const holders = new Set(analysis.holders[of]);
    return matching(of).filter((other) => analysis.holders[other].some((output) => holders.has(output)));
  };
  const isMissing = Math.abs(theirs[input]) < Math.abs(ours[input]);
  const beside = near(input);
  const found = beside.length > 0 ? beside : matching(input).filter((other) => near(other).length === 0);
  if (found.length === 0) return isMissing ? ' It is lost.' : ' No other element lacks it.';
  const told = found
    .slice(0, MOST)
    .map((other) => `${inputName(shown, other)} gets ${precise(theirs[other])}, not ${precise(ours[other])}`);
  const more = found.length > MOST ? '; …' : '.';
  return ` It ${isMissing ? 'went' : 'belongs'} elsewhere: ${told.join('; ')}${more}`;
}
